import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { rdsAuthToken } from './auth-token.ts'
import { readDatabaseSecret } from './secret.ts'

const host = 'cruddur.c8x2.eu-central-1.rds.amazonaws.com'

/** The part of AWS Secrets Manager that is asked here. */
const asked: { target: string | undefined; id: string; region: string | undefined }[] = []
let answer: (response: ServerResponse) => void
const server = createServer((request, response) => void serve(request, response))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
afterAll(() => void server.close())
const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const [, region] = /Credential=[^/]+\/\d+\/([^/]+)\/secretsmanager/.exec(request.headers.authorization ?? '') ?? []
  const { SecretId } = JSON.parse(body) as { SecretId: string }
  asked.push({ target: request.headers['x-amz-target'] as string | undefined, id: SecretId, region })
  answer(response)
}

function secret(value: unknown): typeof answer {
  return json(200, { ARN: 'arn', SecretString: typeof value === 'string' ? value : JSON.stringify(value) })
}

function refusal(status: number, type: string, message: string): typeof answer {
  return json(status, { __type: type, message })
}

function json(status: number, body: unknown): typeof answer {
  return (response) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
}

let count = 0
const freshArn = () => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:cruddur/trigger-${++count}`

beforeEach(() => {
  asked.length = 0
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'example-key')
  vi.stubEnv('AWS_SESSION_TOKEN', '')
  return () => void vi.unstubAllEnvs()
})

/** As where nobody signed in: no variables, no files, no instance that could have a role. */
function withoutCredentials(): void {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined)
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nonexistent')
  vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent')
}

test('a token is a signed address: for the host, the user and fifteen minutes', async () => {
  const token = await rdsAuthToken({ host, port: 5433, user: 'cruddur_trigger' })
  expect(token).not.toMatch(/^https?:/)
  const url = new URL(`https://${token}`)
  expect(url.host).toBe(`${host}:5433`)
  const { 'X-Amz-Date': date, 'X-Amz-Signature': signature, ...rest } = Object.fromEntries(url.searchParams)
  expect(date).toMatch(/^\d{8}T\d{6}Z$/)
  expect(signature).toMatch(/^[0-9a-f]{64}$/)
  expect(rest).toMatchObject({
    Action: 'connect',
    DBUser: 'cruddur_trigger',
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIDEXAMPLE/${date?.slice(0, 8)}/eu-central-1/rds-db/aws4_request`,
    'X-Amz-Expires': '900',
    'X-Amz-SignedHeaders': 'host',
  })
})

test('the region is that of the host, also in China, of a cluster and of a proxy', async () => {
  const regionOf = async (name: string) => {
    const url = new URL(`https://${await rdsAuthToken({ host: name, port: 5432, user: 'u' })}`)
    return url.searchParams.get('X-Amz-Credential')?.split('/')[2]
  }
  expect(await regionOf('a.cluster-ro-x1.us-gov-west-1.rds.amazonaws.com')).toBe('us-gov-west-1')
  expect(await regionOf('a.proxy-x1.ap-southeast-2.rds.amazonaws.com')).toBe('ap-southeast-2')
  expect(await regionOf('a.x1.rds.cn-north-1.amazonaws.com.cn')).toBe('cn-north-1')
})

test('a name that does not say its region needs one', async () => {
  const login = { host: 'db.example.org', port: 5432, user: 'u' }
  await expect(rdsAuthToken(login)).rejects.toMatchObject({ code: 'config_invalid' })
  expect(await rdsAuthToken({ ...login, region: 'eu-west-1' })).toContain('eu-west-1')
})

test('without credentials there is no token, and the failure says what to do', async () => {
  withoutCredentials()
  await expect(rdsAuthToken({ host, port: 5432, user: 'u' })).rejects.toMatchObject({ code: 'aws_credentials' })
})

test('a secret is read once, where its ARN says, and two who ask at the same time are one request', async () => {
  answer = secret({ username: 'cruddur_trigger', password: 'first', engine: 'postgres' })
  const arn = freshArn()
  const both = await Promise.all([readDatabaseSecret(arn, { endpoint }), readDatabaseSecret(arn, { endpoint })])
  await readDatabaseSecret(arn, { endpoint })
  const first = { user: 'cruddur_trigger', password: 'first' }
  expect(both).toEqual([first, first])
  expect(asked).toEqual([{ target: 'secretsmanager.GetSecretValue', id: arn, region: 'eu-central-1' }])
})

test('a secret that was rotated is read again when asked, and kept from then on', async () => {
  const arn = freshArn()
  answer = secret({ username: 'a', password: 'first' })
  await readDatabaseSecret(arn, { endpoint })
  answer = secret({ username: 'b', password: 'second' })
  expect(await readDatabaseSecret(arn, { endpoint })).toEqual({ user: 'a', password: 'first' })
  expect(await readDatabaseSecret(arn, { endpoint, fresh: true })).toEqual({ user: 'b', password: 'second' })
  expect(await readDatabaseSecret(arn, { endpoint })).toEqual({ user: 'b', password: 'second' })
})

test.each([
  ['is missing', refusal(400, 'ResourceNotFoundException', 'Secrets Manager can’t find it.'), 'aws_not_found'],
  [
    'may not be read',
    refusal(400, 'AccessDeniedException', 'User: x is not authorized to perform: secretsmanager:GetSecretValue'),
    'aws_denied',
  ],
  [
    'is asked for with a session that ended',
    refusal(400, 'ExpiredTokenException', 'The security token is expired'),
    'aws_credentials',
  ],
  ['cannot be decrypted', refusal(400, 'DecryptionFailure', 'No key'), 'aws_failed'],
  ['is no JSON', secret('hunter2-is-no-json'), 'config_invalid'],
  ['has no password', secret({ username: 'hunter2-is-a-user' }), 'config_invalid'],
  ['is JSON of another kind', secret('null'), 'config_invalid'],
  ['is binary', json(200, { ARN: 'arn', SecretBinary: 'aHVudGVyMg==' }), 'config_invalid'],
])(
  'a secret that %s is a failure that quotes nothing of it, and is asked for again next time',
  async (_, first, code) => {
    const arn = freshArn()
    answer = first
    const failure: unknown = await readDatabaseSecret(arn, { endpoint }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code })
    expect(String(failure)).not.toContain('hunter2')
    answer = secret({ username: 'a', password: 'b' })
    expect(await readDatabaseSecret(arn, { endpoint })).toEqual({ user: 'a', password: 'b' })
  },
)

test('a service that is silent is not waited for', async () => {
  answer = () => {}
  const silent = readDatabaseSecret(freshArn(), { endpoint, timeoutSeconds: 0.2 })
  await expect(silent).rejects.toMatchObject({ code: 'aws_unreachable' })
})

test('a service that is not there is unreachable, and a name is not an ARN', async () => {
  const nowhere = readDatabaseSecret(freshArn(), { endpoint: 'http://127.0.0.1:9' })
  await expect(nowhere).rejects.toMatchObject({ code: 'aws_unreachable', exitCode: 2 })
  await expect(readDatabaseSecret('cruddur/trigger')).rejects.toMatchObject({ code: 'config_invalid' })
})
