import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { Visitor } from '../../cruddur/api/sign-in/testing.ts'
import { absentDatabase } from '../support/database.ts'
import { openBrowser } from '../support/browser.ts'
import { makeCruddur, startCruddur, type StartedCruddur } from '../support/cruddur.ts'
import { pgrig } from '../support/program.ts'

interface Session {
  user: { handle: string; display_name: string; admin: boolean } | null
  pending: boolean
}

async function session(visitor: Visitor): Promise<Session> {
  const { status, body } = await visitor.go('/api/session')
  expect([status, body]).toEqual([200, expect.any(String)])
  return JSON.parse(body) as Session
}

const code = (cruddur: StartedCruddur) =>
  /The code for \S+ to confirm the account is (\d{6})\./.exec(cruddur.said())?.[1] ?? ''

async function signOut(visitor: Visitor, everywhere = false): Promise<void> {
  const out = await visitor.go('/api/auth/sign-out', {
    method: 'POST',
    headers: { origin: visitor.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ everywhere }),
  })
  expect(out.status).toBe(200)
  await visitor.go((JSON.parse(out.body) as { location: string }).location)
}

test('from nothing: sign up, confirm with the code of the terminal, write, sign out, and all of it again after a restart', async () => {
  const project = await makeCruddur()
  const cruddur = await startCruddur(project)
  const ada = new Visitor(cruddur.address)
  expect(await session(ada)).toEqual({ user: null, pending: false })
  const form = await ada.go('/api/auth/sign-up?return_to=/@ada')
  const fields = { name: 'Ada Lovelace', handle: 'ada', email: 'ada@example.com', password: 'analytical engine' }
  const confirm = await ada.submit(form, fields)
  expect((await ada.submit(confirm, { code: code(cruddur) })).way.at(-1)).toBe('/@ada')
  expect(await session(ada)).toMatchObject({ user: { handle: 'ada', display_name: 'Ada Lovelace', admin: false } })

  const post = (origin: string) =>
    ada.go('/api/activities', {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ message: 'The engine weaves algebraic patterns', ttl: '1-hour' }),
    })
  expect(await post('https://evil.example')).toMatchObject({ status: 403 })
  const posted = await post(ada.origin)
  expect([posted.status, posted.body]).toEqual([201, expect.stringContaining('"handle":"ada"')])

  const port = new URL(cruddur.address).port
  expect(await cruddur.stop()).toBe(0)
  const again = await startCruddur(project, { PORT: port })
  expect(await session(ada)).toMatchObject({ user: { handle: 'ada' } })
  await signOut(ada)
  expect(await session(ada)).toEqual({ user: null, pending: false })
  const back = await ada.submit(await ada.go('/api/auth/sign-in'), fields)
  expect(back.way.at(-1)).toBe('/')
  expect(await session(ada)).toMatchObject({ user: { handle: 'ada' } })
  expect(await again.stop('SIGTERM')).toBe(0)
})

test('a person of the seed signs in at once; without their row they are pending until the next sign-in', async () => {
  const project = await makeCruddur()
  const cruddur = await startCruddur(project)
  const [, email = '', password = ''] = /Sign in at once as (\S+) with the password (\S+)/.exec(cruddur.said()) ?? []
  const andrew = new Visitor(cruddur.address)
  await andrew.submit(await andrew.go('/api/auth/sign-in'), { email, password })
  expect(await session(andrew)).toMatchObject({ user: { handle: 'andrewbrown', admin: true }, pending: false })

  const run = (sql: string) => pgrig(['connect', '--', '-c', sql], { cwd: project.folder })
  await run(`delete from users where handle = 'andrewbrown'`)
  expect(await session(andrew)).toEqual({ user: null, pending: true })
  expect((await andrew.go('/api/activities/home')).status).toBe(200)
  const refused = await andrew.go('/api/activities', {
    method: 'POST',
    headers: { origin: andrew.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'Am I here?', ttl: '1-hour' }),
  })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([409, '2'])
  await signOut(andrew)
  await andrew.submit(await andrew.go('/api/auth/sign-in'), { email, password })
  expect(await session(andrew)).toMatchObject({ user: { handle: 'andrewbrown' }, pending: false })
  await cruddur.stop()
})

test('a sign-out in one process, or everywhere, holds in another at once', async () => {
  const project = await makeCruddur()
  const first = await startCruddur(project)
  const [, email = '', password = ''] = /Sign in at once as (\S+) with the password (\S+)/.exec(first.said()) ?? []
  const second = await startCruddur(project)
  const here = new Visitor(first.address)
  await here.submit(await here.go('/api/auth/sign-in'), { email, password })
  const there = new Visitor(second.address)
  there.setCookie('session', here.cookie('session') ?? '')
  expect(await session(there)).toMatchObject({ user: { handle: 'andrewbrown' } })
  await signOut(here)
  await expect.poll(async () => (await there.go('/api/session')).status).toBe(401)
  // And the cookie is gone with the refusal.
  expect(await session(there)).toEqual({ user: null, pending: false })

  // Two browsers at two processes: everywhere is both.
  const phone = new Visitor(first.address)
  for (const visitor of [here, phone]) {
    await visitor.submit(await visitor.go('/api/auth/sign-in'), { email, password })
    expect(await session(visitor)).toMatchObject({ user: { handle: 'andrewbrown' } })
  }
  there.setCookie('session', phone.cookie('session') ?? '')
  expect(await session(there)).toMatchObject({ user: { handle: 'andrewbrown' } })
  await signOut(here, true)
  for (const visitor of [phone, there])
    await expect.poll(async () => (await visitor.go('/api/session')).status).toBe(401)
  await second.stop()
  await first.stop()
})

test('what a laptop keeps is its owner’s alone, and nothing of it is logged', async () => {
  const project = await makeCruddur()
  const cruddur = await startCruddur(project)
  const ada = new Visitor(cruddur.address)
  const form = await ada.go('/api/auth/sign-up')
  const fields = { name: 'Ada', handle: 'ada', email: 'ada@example.com', password: 'analytical engine' }
  await ada.submit(await ada.submit(form, fields), { code: code(cruddur) })
  const secret = (await readFile(project.path('.cruddur/session-secret'), 'utf8')).trim()
  for (const text of [secret, fields.password, ada.cookie('session') ?? '?', 'code=', 'eyJ'])
    expect(cruddur.said()).not.toContain(text)
  await cruddur.stop()
})

test('the pages of the sign-in are usable by keyboard alone, at 360 pixels, light and dark, and axe finds nothing', async () => {
  const browser = await openBrowser()
  if (!browser) return
  const cruddur = await startCruddur(await makeCruddur())
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const plain = await (await browser.newContext()).newPage()
  const complaints: string[] = []
  plain.on('console', (message) => complaints.push(message.text()))
  await plain.goto(`${cruddur.address}/api/auth/sign-in`)
  // The policy lets its style through.
  expect(await plain.evaluate(() => getComputedStyle(document.body).maxWidth)).toBe('416px')
  expect(complaints).toEqual([])
  const rules = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }
  for (const colorScheme of ['light', 'dark'] as const) {
    // Axe is put in from outside, where the page allows no script.
    const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 740 }, bypassCSP: true })
    const page = await context.newPage()
    const look = async (title: string) => {
      expect(await page.title()).toBe(`${title} · Cruddur`)
      await page.evaluate(axe)
      const found = await page.evaluate(
        (options) =>
          (globalThis as unknown as Axe).axe.run(options).then(({ violations }) => violations.map(({ id }) => id)),
        rules,
      )
      expect([title, colorScheme, found]).toEqual([title, colorScheme, []])
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBe(360)
    }
    const type = async (...texts: string[]) => {
      // On a busy machine the page is there before its caret is.
      await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
      for (const [index, text] of texts.entries()) {
        if (index > 0) await page.keyboard.press('Tab')
        await page.keyboard.type(text)
      }
      await page.keyboard.press('Enter')
    }
    const handle = `lin_${colorScheme}`
    await page.goto(`${cruddur.address}/api/auth/sign-up`)
    await look('Sign up')
    await type('Lin', handle, `${handle}@example.com`, 'short')
    await page.waitForURL('**/sign-up')
    await page.getByRole('alert').waitFor()
    await look('Error: Sign up')
    // The caret is where the mistake is.
    await type('long enough')
    await page.waitForURL('**/confirm')
    await look('Confirm your account')
    const confirmUrl = page.url()
    await page.goto(`${cruddur.address}/oidc/mailbox`)
    await look('Mailbox')
    const mail = page.getByRole('listitem').filter({ hasText: `${handle}@example.com` })
    const digits = await mail.getByRole('code').innerText()
    await page.goto(confirmUrl)
    await type(digits)
    await page.waitForURL(`${cruddur.address}/`)
    await page.goto(`${cruddur.address}/api/auth/callback`)
    await look('The sign-in did not work')
    await context.clearCookies()
    await page.goto(`${cruddur.address}/api/auth/sign-in`)
    await look('Sign in')
    await page.getByRole('link', { name: 'Forgotten your password?' }).click()
    await look('Reset your password')
    await type(`${handle}@example.com`)
    await page.waitForURL('**/reset?*')
    await look('Choose a new password')
    await context.close()
  }
  await cruddur.stop()
})

interface Axe {
  axe: { run(options: object): Promise<{ violations: { id: string }[] }> }
}

test('in production it runs on a database that pgrig has prepared: no provider, no seed, and nothing while a migration is pending', async () => {
  const project = await makeCruddur()
  const { url } = await absentDatabase()
  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: url,
    COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEf123',
    COGNITO_CLIENT_ID: '4example',
    PUBLIC_URL: 'https://cruddur.example',
    SESSION_SECRET: 's'.repeat(40),
  }
  const failure = (await startCruddur(project, env).catch((error: unknown) => error)) as Error
  expect(failure.message).toContain('does not exist')

  await pgrig(['create', '--url', url], { cwd: project.folder })
  await pgrig(['schema', 'load', '--url', url], { cwd: project.folder })
  const cruddur = await startCruddur(project, env)
  expect(cruddur.address).toBe('https://cruddur.example')
  // The log is written ten times a second.
  await expect.poll(() => cruddur.said()).toContain('Server listening at')
  const address = /Server listening at (http:[^"]+)/.exec(cruddur.said())?.[1] ?? ''
  const people = await pgrig(['run', '-c', 'select count(*) from users', '--url', url], { cwd: project.folder })
  expect(people.stdout).toMatch(/\b0\b/)
  for (const path of ['/oidc/mailbox', '/oidc/.well-known/openid-configuration'])
    expect([path, (await fetch(address + path)).status]).toEqual([path, 404])
  expect(existsSync(project.path('.cruddur'))).toBe(false)
  const out = await fetch(`${address}/api/auth/sign-out`, { method: 'POST' })
  expect(out.headers.get('set-cookie')).toBe('__Host-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure')
  expect(await cruddur.stop('SIGTERM')).toBe(0)

  await writeFile(project.path('db/migrations/20991231000000_add_something.sql'), '-- migrate:up\nselect 1;\n')
  const pending = (await startCruddur(project, env).catch((error: unknown) => error)) as Error
  expect(pending.message).toMatch(/not as this version of Cruddur needs it: 20991231000000 add_something \(pending\)/)
})

test.each([
  [{ NODE_ENV: 'production' }, 'NODE_ENV is production, and nothing says where the database is.'],
  [
    { NODE_ENV: 'production', DATABASE_URL: 'postgresql://app@127.0.0.1:1/cruddur' },
    /This is production \(NODE_ENV is production\), and something is not set\.[^]*COGNITO_USER_POOL_ID[^]*PUBLIC_URL[^]*SESSION_SECRET/,
  ],
  [{ HOST: '0.0.0.0' }, 'The sign-in for development is for this machine alone, and HOST is 0.0.0.0.'],
  [{ PUBLIC_URL: 'https://cruddur.example' }, 'and PUBLIC_URL says https://cruddur.example.'],
  [{ COGNITO_CLIENT_ID: '4example' }, 'COGNITO_USER_POOL_ID is not set'],
  [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET has less than 32 characters.'],
])('with %j it does not start, and says why', async (env, sentence) => {
  const project = await makeCruddur()
  const failure = await startCruddur(project, env).catch((error: unknown) => String(error))
  expect(failure).toEqual(expect.stringMatching(sentence instanceof RegExp ? sentence : escapePattern(sentence)))
  // Nothing was begun: no server, and so no database.
  expect(existsSync(project.path('.pgrig'))).toBe(false)
})

function escapePattern(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
}
