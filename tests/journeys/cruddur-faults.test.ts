import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Visitor } from '../../cruddur/api/sign-in/testing.ts'
import { startServer, stopServer } from '../../packages/core/src/index.ts'
import { makeCruddur, startCruddur, type StartedCruddur } from '../support/cruddur.ts'
import type { TestProject } from '../support/program.ts'

const noLimits = Object.fromEntries(
  ['READS', 'READS_SIGNED_IN', 'WRITES', 'POSTS', 'SIGN_INS'].map((name) => [`RATE_LIMIT_${name}`, '0']),
)

async function signInAsSeeded(cruddur: StartedCruddur): Promise<Visitor> {
  const [, email = '', password = ''] = /Sign in at once as (\S+) with the password (\S+)/.exec(cruddur.said()) ?? []
  const visitor = new Visitor(cruddur.address)
  await visitor.submit(await visitor.go('/api/auth/sign-in'), { email, password })
  return visitor
}

/** Says something; undefined where the connection broke. */
async function say(visitor: Visitor, message: string, key: string = randomUUID()) {
  const url = new URL('/api/activities', visitor.origin)
  const headers = { origin: visitor.origin, 'content-type': 'application/json', 'idempotency-key': key }
  const body = JSON.stringify({ message, ttl: '1-hour' })
  const response = await visitor.send(url, { method: 'POST', headers, body }).catch(() => undefined)
  return response && { status: response.status, text: await response.text() }
}

async function query(project: TestProject, sql: string): Promise<string[]> {
  const { code, stdout, stderr } = await project.pgrig(['connect', '--', '-Atc', sql])
  if (code !== 0) throw new Error(stderr)
  return stdout.split('\n').filter((line) => line !== '')
}

test('Cruddur under load outlives a restart of its server: no answer is wrong, nothing is lost or said twice', async () => {
  const project = await makeCruddur()
  const cruddur = await startCruddur(project, noLimits)
  const visitor = await signInAsSeeded(cruddur)
  const confirmed: string[] = []
  const wrong: string[] = []
  let refused = 0
  let wellAgainAt = Infinity
  let lateRefusals = 0
  let stopped = false

  const refuse = () => {
    refused += 1
    if (Date.now() > wellAgainAt) lateRefusals += 1
  }
  const write = async () => {
    const message = `Said ${randomUUID()}`
    const key = randomUUID()
    // As a good client: the same again with the same key, until it is known.
    for (let first = true; ; first = false) {
      const answer = await say(visitor, message, key)
      if (answer === undefined || answer.status === 503) {
        refuse()
        if (stopped) return
        await sleep(50)
        continue
      }
      const right = answer.status === 201 || (answer.status === 200 && !first)
      if (!right || !answer.text.includes(message)) wrong.push(`${answer.status} ${answer.text}`)
      else confirmed.push(message)
      return
    }
  }
  const read = async () => {
    const response = await fetch(`${cruddur.address}/api/activities/home`).catch(() => undefined)
    const text = await response?.text()
    if (response === undefined || response.status === 503) return refuse()
    if (response.status !== 200 || !Array.isArray(JSON.parse(text ?? ''))) wrong.push(`${response.status} ${text}`)
  }
  const loads = [write, write, write, read, read].map(async (ask) => {
    while (!stopped) {
      await ask()
      await sleep(5)
    }
  })
  const end = Date.now() + 10_000
  await expect.poll(() => confirmed.length, { timeout: 30_000 }).toBeGreaterThan(20)
  await stopServer(project.folder)
  await expect.poll(() => refused, { timeout: 30_000 }).toBeGreaterThan(0)
  await startServer(project.folder)
  wellAgainAt = Date.now() + 5_000
  await sleep(Math.max(end, wellAgainAt + 2_000) - Date.now())
  const before = confirmed.length
  await expect.poll(() => confirmed.length, { timeout: 30_000 }).toBeGreaterThan(before + 20)
  stopped = true
  await Promise.all(loads)

  expect(wrong).toEqual([])
  expect(lateRefusals).toBe(0)
  const kept = await query(project, `select message from public.activities where message like 'Said %'`)
  expect(new Set(kept).size).toBe(kept.length)
  expect(confirmed.filter((message) => !kept.includes(message))).toEqual([])
  await cruddur.stop()
}, 120_000)

/** Loaded before the program: its clock is wrong from the first line on. */
function wrongClock(hours: number): string {
  const code = `
    const Real = Date
    const now = () => Real.now() + ${hours * 3_600_000}
    globalThis.Date = class extends Real {
      constructor(...values) { if (values.length === 0) super(now()); else super(...values) }
      static now() { return now() }
    }`
  return `--import data:text/javascript,${encodeURIComponent(code)}`
}

test.each([-5, 5])(
  'where the clock of the process is %i hours wrong, what has expired is gone, and what lives is there',
  async (hours) => {
    const project = await makeCruddur()
    const cruddur = await startCruddur(project, { ...noLimits, NODE_OPTIONS: wrongClock(hours) })
    // The clock is wrong indeed: the lines of the log have it.
    const wrongBy = () => Number(/"time":(\d+)/.exec(cruddur.said())?.[1]) - Date.now()
    await expect.poll(() => Math.round(wrongBy() / 3_600_000), { timeout: 10_000 }).toBe(hours)
    const visitor = await signInAsSeeded(cruddur)
    expect(await say(visitor, 'I last an hour')).toMatchObject({ status: 201 })
    const insert = (message: string, created: string, expires: string) => `insert into public.activities
    (user_uuid, message, created_at, expires_at) select uuid, '${message}', now() + interval '${created}',
    now() + interval '${expires}' from public.users where handle = 'bayko' returning uuid`
    const [gone = ''] = await query(project, insert('I am gone', '-2 hours', '-1 second'))
    const [short = ''] = await query(project, insert('I go soon', '0 s', '10 seconds'))
    const texts = async () => {
      // Also from the memo that readers share, which is kept for a second.
      const anonymous = await (await fetch(`${cruddur.address}/api/activities/home`)).text()
      const known = (await visitor.go('/api/activities/home')).body
      return [anonymous, known].map((text) =>
        ['I last an hour', 'I am gone', 'I go soon'].filter((message) => text.includes(message)),
      )
    }
    await expect.poll(texts).toEqual([
      ['I last an hour', 'I go soon'],
      ['I last an hour', 'I go soon'],
    ])
    const status = async (uuid: string) => (await fetch(`${cruddur.address}/api/activities/${uuid}`)).status
    expect(await status(gone)).toBe(410)
    await expect.poll(() => status(short), { timeout: 40_000 }).toBe(410)
    expect(await texts()).toEqual([['I last an hour'], ['I last an hour']])
    const [life] = await query(
      project,
      `select extract(epoch from expires_at - now()) between 3500 and 3600
    from public.activities where message = 'I last an hour'`,
    )
    expect(life).toBe('t')
    await cruddur.stop()
  },
  120_000,
)
