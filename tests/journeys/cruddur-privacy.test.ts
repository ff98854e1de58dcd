import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Visitor } from '../../cruddur/api/sign-in/testing.ts'
import { findCode, makeCruddur, openDatabase, startCruddur, type StartedCruddur } from '../support/cruddur.ts'

const password = 'to be or not to be'

async function signUp(cruddur: StartedCruddur, name: string): Promise<Visitor> {
  const visitor = new Visitor(cruddur.address)
  const email = `${name}@example.com`
  const form = await visitor.go('/api/auth/sign-up')
  const confirm = await visitor.submit(form, { name, handle: name, email, password })
  await visitor.submit(confirm, { code: await findCode(cruddur, email) })
  return visitor
}

interface Answer {
  status: number
  body: string
}

function send(visitor: Visitor, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { origin: visitor.origin, ...(body && { 'content-type': 'application/json' }) }
  return visitor.go(path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
}

async function say(visitor: Visitor, path: string, body: object): Promise<string> {
  const { status, body: text } = await send(visitor, 'POST', path, body)
  expect([status, text]).toEqual([201, expect.any(String)])
  return (JSON.parse(text) as { uuid: string }).uuid
}

const see = async (visitor: Visitor, path = '/api/activities/home') => (await visitor.go(path)).body

test('reported, removed, blocked, exported, deleted, expired: nothing is left of it, and the log never knew', async () => {
  const project = await makeCruddur()
  const first = await startCruddur(project)
  const database = await openDatabase(project)
  const [ada, bob] = [await signUp(first, 'ada'), await signUp(first, 'bob')]
  const admin = new Visitor(first.address)
  await admin.submit(await admin.go('/api/auth/sign-in'), { email: 'andrewbrown@example.com', password: 'let-it-go' })
  const sessions = [ada, bob, admin].map((visitor) => visitor.cookie('session') ?? '?')

  // Reported, looked at by an admin alone, and removed.
  const foul = await say(bob, '/api/activities', { message: 'Foul aardvark', ttl: '1-day' })
  const report = { reason: 'abuse', note: 'It is about badgers' }
  expect((await send(ada, 'POST', `/api/activities/${foul}/report`, report)).status).toBe(202)
  expect((await ada.go('/api/admin/reports')).status).toBe(404)
  const [open] = JSON.parse(await see(admin, '/api/admin/reports')) as { uuid: string; message: string }[]
  expect(open).toMatchObject({ activity_uuid: foul, message: 'Foul aardvark', note: 'It is about badgers' })
  const decide = (visitor: Visitor) =>
    send(visitor, 'POST', `/api/admin/reports/${open?.uuid}/decision`, { decision: 'remove' })
  expect((await decide(bob)).status).toBe(404)
  expect((await decide(admin)).status).toBe(204)
  expect((await ada.go(`/api/activities/${foul}`)).status).toBe(410)
  expect([await database.findText('aardvark'), await database.findText('badgers')]).toEqual([[], []])

  // A block hides both from each other.
  await say(ada, '/api/activities', { message: 'Ada says quokka', ttl: '1-day' })
  const hers = await say(ada, '/api/activities', { message: 'Ada says wombat', ttl: '1-day' })
  const his = await say(bob, '/api/activities', { message: 'Bob says numbat', ttl: '1-hour' })
  expect((await send(bob, 'PUT', '/api/users/@ada/block')).status).toBe(200)
  expect(await see(bob)).not.toContain('Ada says')
  expect(await see(ada)).not.toContain('Bob says')
  expect(await see(ada, '/api/activities/search?term=numbat')).toBe('[]')
  expect((await send(bob, 'DELETE', '/api/users/@ada/block')).status).toBe(200)
  expect([await see(bob), await see(ada)]).toEqual([
    expect.stringContaining('Ada says'),
    expect.stringContaining('Bob says'),
  ])

  // What is kept of somebody is what they are given.
  const answer = await say(bob, `/api/activities/${hers}/reply`, { message: 'Bob answers dunnart' })
  for (const path of [`activities/${hers}/like`, `activities/${hers}/repost`, 'users/@ada/follow'])
    expect((await send(bob, 'PUT', `/api/${path}`)).status).toBe(200)
  await send(ada, 'PUT', `/api/activities/${his}/like`)
  const counts = () => see(admin, `/api/activities/${hers}`)
  expect(await counts()).toMatch(/"replies_count":1,"reposts_count":1,"likes_count":1/)
  const kept = JSON.parse(await see(bob, '/api/me/export')) as Record<string, Record<string, unknown>[]>
  expect(kept).toMatchObject({
    profile: { handle: 'bob' },
    activities: [{ message: 'Bob says numbat' }, { message: 'Bob answers dunnart', reply_to_activity_uuid: hers }],
    likes: [{ activity_uuid: hers }],
    reposts: [{ activity_uuid: hers }],
    following: [{ handle: 'ada' }],
    followers: [],
    blocks: [],
    notifications: [{ kind: 'like', actor: 'ada', activity_uuid: his }],
    reports: [],
    sessions: [{}],
  })

  // Deleted: in no table, and the counts of others are as if he had never been there.
  expect((await send(bob, 'DELETE', '/api/me', { handle: 'ada' })).status).toBe(422)
  const { uuid, cognito_user_id: sub } = kept['profile'] as unknown as Record<string, string>
  expect((await send(bob, 'DELETE', '/api/me', { handle: 'bob' })).status).toBe(204)
  for (const text of [uuid, 'numbat', 'dunnart', answer, his])
    expect([text, await database.findText(text ?? '?')]).toEqual([text, []])
  // What somebody has used of a limit is known until its window is over, five minutes at most.
  expect(await database.findText(sub ?? '?')).toEqual(['rate_limits'])
  expect(await counts()).toMatch(/"replies_count":0,"reposts_count":0,"likes_count":0/)
  expect(await see(admin, '/api/activities/@ada')).toContain('"followers_count":0')
  const back = new Visitor(first.address)
  back.setCookie('session', sessions[1] ?? '')
  expect((await back.go('/api/session')).status).toBe(401)

  // Expired: only what a report holds remains until it is decided.
  const evidence = await say(ada, '/api/activities', { message: 'Ada says bandicoot', ttl: '1-hour' })
  await send(admin, 'POST', `/api/activities/${evidence}/report`, { reason: 'other' })
  await say(ada, '/api/activities', { message: 'Ada says potoroo', ttl: '1-hour' })
  await database.moveBack('1 hour 1 second')
  expect(await see(ada)).not.toMatch(/bandicoot|potoroo/)
  const spoken = first.said()
  expect(await first.stop()).toBe(0)
  const second = await startCruddur(project)
  const again = await openDatabase(project)
  await expect.poll(() => again.findText('potoroo')).toEqual([])
  await expect.poll(() => again.findText(sub ?? '?')).toEqual([])
  expect(await again.findText('bandicoot')).toEqual(['reports'])

  // A laptop says codes in place of a mail; those lines are not of the log.
  const log = `${spoken}${second.said()}`.split('\n').filter((line) => line.startsWith('{'))
  expect(log.length).toBeGreaterThan(50)
  const secret = (await readFile(project.path('.cruddur/session-secret'), 'utf8')).trim()
  const words = ['aardvark', 'badgers', 'quokka', 'wombat', 'numbat', 'dunnart', 'bandicoot', 'potoroo', 'term=']
  const secrets = ['@example.com', password, 'let-it-go', 'eyJ', 'code=', secret, ...sessions]
  for (const text of [...words, ...secrets])
    expect([text, log.filter((line) => line.includes(text))]).toEqual([text, []])
  expect(await second.stop()).toBe(0)
})
