-- Random people, threads and messages for wrk: KIND OPERATION PEOPLE THREADS PER_THREAD COOKIES_FILE ORIGIN SEED
local kind, operation, people, threads, per_thread, origin
local cookies = {}

function init(args)
  kind, operation = args[1], args[2]
  people, threads, per_thread = tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
  for line in io.lines(args[6]) do cookies[#cookies + 1] = line end
  origin = args[7]
  math.randomseed(tonumber(args[8]))
end

local function uuid()
  return string.format('%08x-0000-7000-8000-000000000000', (math.random(threads) - 1) * per_thread + 1)
end

local columns = '{ nodes { uuid message repliesCount repostsCount likesCount replyToActivityUuid expiresAt createdAt'
  .. ' userByUserUuid { handle displayName } } }'

local function graphql()
  local text
  if operation == 'home' then
    text = '{ peerHomeFeed ' .. columns .. ' }'
  elseif operation == 'user' then
    text = '{ peerPersonFeed(handle: \\"person' .. math.random(people) .. '\\") ' .. columns .. ' }'
  elseif operation == 'thread' then
    local root = uuid()
    text = '{ activityByUuid(uuid: \\"' .. root .. '\\") { uuid message expiresAt createdAt userByUserUuid { handle displayName } }'
      .. ' peerReplies(parent: \\"' .. root .. '\\") ' .. columns .. ' }'
  else
    text = 'mutation { createActivity(input: { activity: { userUuid: \\"' .. cookies[math.random(#cookies)]
      .. '\\", message: \\"Said by wrk: ' .. math.random(people) .. '\\", expiresAt: \\"2099-01-01T00:00:00Z\\" } })'
      .. ' { activity { uuid message expiresAt createdAt userByUserUuid { handle displayName } } } }'
  end
  return wrk.format('POST', '/graphql', { ['content-type'] = 'application/json' }, '{"query":"' .. text .. '"}')
end

function request()
  if kind == 'postgraphile' then return graphql() end
  local headers = {}
  if kind == 'cruddur' then headers.cookie = 'session=' .. cookies[math.random(#cookies)] end
  if operation == 'home' then return wrk.format('GET', '/api/activities/home', headers) end
  if operation == 'user' then return wrk.format('GET', '/api/activities/@person' .. math.random(people), headers) end
  if operation == 'thread' then return wrk.format('GET', '/api/activities/' .. uuid(), headers) end
  headers['content-type'] = 'application/json'
  headers.origin = origin
  local said = '{"message":"Said by wrk: ' .. math.random(people) .. '",'
  local rest = '"ttl":"7-days"}'
  if kind == 'original' then
    rest = '"handle":"person' .. math.random(200) .. '","expires_at":"2099-01-01T00:00:00Z"}'
  end
  return wrk.format('POST', '/api/activities', headers, said .. rest)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{"requests":%d,"microseconds":%d,"p99":%d,"failed":%d}\n', summary.requests, summary.duration,
    latency:percentile(99), errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
