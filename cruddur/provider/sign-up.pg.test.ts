import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { SignUpFailed } from '../trigger/handler.ts'
import { Visitor } from '../api/sign-in/testing.ts'
import { developmentPassword } from './local-provider.ts'
import { prepareSignIns, type Running, type SignInTests, subOf } from './testing.ts'

let tests: SignInTests
let cruddur: Running

beforeAll(async () => {
  tests = await prepareSignIns()
  cruddur = await tests.start()
})
beforeEach(() => {
  tests.ahead = 0
  tests.sessionsAhead = 0
  tests.trigger = undefined
})

const visit = () => new Visitor(cruddur.origin)
const lastCode = () => tests.mails.at(-1)?.code ?? ''
const wrongCode = () => lastCode().replace(/./g, (digit) => String((Number(digit) + 1) % 10))
const handles = async () =>
  (await tests.pool.query<{ handle: string }>('select handle from users order by handle')).rows.map(
    ({ handle }) => handle,
  )

const adaForm = { name: 'Ada Lovelace', handle: 'ada', email: 'Ada@example.com', password: 'analytical engine' }

test('sign up, confirm, come back with a cookie, be somebody, sign out', async () => {
  const ada = visit()
  const form = await ada.go('/api/auth/sign-up?return_to=/%3Ffrom=here')
  expect(form.url.pathname).toMatch(/^\/oidc\/interaction\/[\w-]+\/sign-up$/)
  const confirm = await ada.submit(form, adaForm)
  expect(confirm.body).toContain('<h1>Confirm your account</h1>')
  expect(await handles()).toEqual([])
  expect((await ada.go('/oidc/mailbox')).body).toContain(lastCode())

  const home = await ada.submit(confirm, { code: lastCode() })
  expect(home.way.at(-1)).toBe('/?from=here')
  const { rows } = await tests.pool.query('select display_name, handle from users where cognito_user_id = $1', [
    subOf(home),
  ])
  expect(rows).toEqual([{ display_name: 'Ada Lovelace', handle: 'ada' }])
  expect((await ada.go('/oidc/mailbox')).body).not.toContain('ada@example.com')

  const out = await ada.go('/api/auth/sign-out', { method: 'POST' })
  const { location } = JSON.parse(out.body) as { location: string }
  expect((await ada.go(location)).way).toEqual([expect.stringContaining('/oidc/session/end'), '/'])
  expect(subOf(await ada.go('/'))).toBeNull()
  // The provider has forgotten, too: it asks for the password.
  const signIn = await ada.go('/api/auth/sign-in')
  expect(signIn.body).toContain('<h1>Sign in</h1>')
  const back = await ada.submit(signIn, { email: 'ADA@example.com ', password: 'analytical engine' })
  expect(subOf(back)).toBe(subOf(home))
})

test('the pages need no script, allow none and no style but their own, and are not kept', async () => {
  const { body, headers } = await visit().go('/api/auth/sign-in')
  expect(body).not.toMatch(/<script|javascript:| on\w+=/i)
  const style = /<style>([^]*?)<\/style>/.exec(body)?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  expect(headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`,
  )
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('referrer-policy')).toBe('same-origin')
})

test('a handle that is taken, in whatever case, is refused before an account is made', async () => {
  const eve = visit()
  const form = await eve.go('/api/auth/sign-up')
  const before = tests.mails.length
  const again = await eve.submit(form, { ...adaForm, handle: 'ADA', email: 'eve@example.com' })
  expect(again.status).toBe(422)
  expect(again.body).toContain('This handle is taken. Choose another one.')
  expect(again.body).toMatch(
    /id="handle"[^>]*aria-invalid="true"[^>]*aria-describedby="problem handle-hint"[^>]*autofocus/,
  )
  expect(again.body).toContain('value="eve@example.com"')
  expect(again.body).not.toContain('analytical engine')
  expect(tests.mails).toHaveLength(before)
})

test.each([
  ['no name', { name: ' ' }, 'A name has 1 to 50 characters.'],
  ['a name of 51', { name: '😀'.repeat(51) }, 'A name has 1 to 50 characters.'],
  ['no handle', { handle: '' }, 'Choose a handle.'],
  ['a handle with look-alikes', { handle: 'аdа' }, 'A handle has 1 to 32 characters'],
  ['a handle with a quote', { handle: `a'; drop table users; --` }, 'A handle has 1 to 32 characters'],
  ['an e-mail that is none', { email: 'eve' }, 'This is not an e-mail address.'],
  ['an e-mail that is taken', { email: 'ada@EXAMPLE.com' }, 'There is an account with this e-mail address.'],
  ['a short password', { password: '1234567' }, 'A password has 8 to 256 characters.'],
  ['a long password', { password: 'a'.repeat(257) }, 'A password has 8 to 256 characters.'],
])('a sign-up with %s is refused with a sentence', async (_name, part, sentence) => {
  const eve = visit()
  const form = await eve.go('/api/auth/sign-up')
  const fields = { name: 'Eve', handle: 'eve', email: 'eve@example.com', password: 'correct horse', ...part }
  const again = await eve.submit(form, fields)
  expect([again.status, again.body]).toEqual([422, expect.stringContaining(sentence)])
  expect(again.body).toContain('<title>Error: Sign up')
})

test('what is typed is shown again as text', async () => {
  const eve = visit()
  const form = await eve.go('/api/auth/sign-up')
  const name = `"><img src=x onerror=alert(1)>'&`
  const again = await eve.submit(form, { name, handle: '', email: '', password: '' })
  expect(again.body).not.toContain('<img')
  expect(again.body).toContain('value="&#34;&#62;&#60;img src=x onerror=alert(1)&#62;&#39;&#38;"')
})

test('a wrong code is refused, five of them make the code useless, and a new one is sent', async () => {
  const bob = visit()
  const form = await bob.go('/api/auth/sign-up')
  let page = await bob.submit(form, { name: 'Bob', handle: 'bob', email: 'bob@example.com', password: 'bobs password' })
  const code = lastCode()
  for (const typed of ['', '1', `${code}7`, wrongCode()]) {
    page = await bob.submit(page, { code: typed })
    expect([page.status, page.body]).toEqual([422, expect.stringContaining('That is not the code.')])
  }
  page = await bob.submit(page, { code: wrongCode() })
  expect(page.body).toContain('for the fifth time')
  page = await bob.submit(page, { code })
  expect(page.body).toContain('This code is no longer good. Ask for a new one.')
  expect(await handles()).not.toContain('bob')
  page = await bob.submit(page, {}, 'resend')
  expect(page.way.at(-1)).toMatch(/\/confirm$/)
  expect(subOf(await bob.submit(page, { code: ` ${lastCode().slice(0, 3)} ${lastCode().slice(3)}` }))).not.toBeNull()
  expect(await handles()).toContain('bob')
})

test('fifty codes that are tried at once count as fifty', async () => {
  const carl = visit()
  const form = await carl.go('/api/auth/sign-up')
  const page = await carl.submit(form, {
    name: 'Carl',
    handle: 'carl',
    email: 'carl@example.com',
    password: 'carls password',
  })
  const tries = await Promise.all(Array.from({ length: 50 }, () => carl.submit(page, { code: wrongCode() })))
  expect(tries.filter(({ body }) => body.includes('That is not the code.'))).toHaveLength(4)
  expect(tries.filter(({ body }) => body.includes('for the fifth time'))).toHaveLength(1)
})

test('codes are sent five times, then only after a pause', async () => {
  const dora = visit()
  const form = await dora.go('/api/auth/sign-up')
  let page = await dora.submit(form, {
    name: 'Dora',
    handle: 'dora',
    email: 'dora@example.com',
    password: 'doras password',
  })
  for (const status of [200, 200, 200, 200, 429]) {
    page = await dora.submit(page, {}, 'resend')
    expect(page.status).toBe(status)
  }
  tests.ahead = 61_000
  page = await dora.submit(page, {}, 'resend')
  expect(subOf(await dora.submit(page, { code: lastCode() }))).not.toBeNull()
})

test('a code of yesterday has expired, and the next sign-in sends another', async () => {
  const finn = visit()
  const form = await finn.go('/api/auth/sign-up')
  const fields = { name: 'Finn', handle: 'finn', email: 'finn@example.com', password: 'finns password' }
  const page = await finn.submit(form, fields)
  const code = lastCode()
  tests.ahead = 86_401_000
  expect((await finn.submit(page, { code })).body).toContain('This code has expired. Ask for a new one.')
  expect((await finn.go('/oidc/mailbox')).body).not.toContain('finn@example.com')
  const later = visit()
  const confirm = await later.submit(await later.go('/api/auth/sign-in'), fields)
  expect(lastCode()).not.toBe(code)
  expect(subOf(await later.submit(confirm, { code: lastCode() }))).not.toBeNull()
})

test('whoever did not confirm goes on with it when they sign in', async () => {
  const gina = visit()
  const form = await gina.go('/api/auth/sign-up')
  const fields = { name: 'Gina', handle: 'gina', email: 'gina@example.com', password: 'ginas password' }
  await gina.submit(form, fields)
  const other = visit()
  const page = await other.submit(await other.go('/api/auth/sign-in'), fields)
  expect(page.body).toContain('Confirm your account')
  expect(subOf(await other.submit(page, { code: lastCode() }))).not.toBeNull()
})

test('after five wrong passwords the right one has to wait, with an account or without', async () => {
  await tests.signUp(visit(), 'hugo')
  for (const email of ['hugo@example.com', 'nobody@example.com']) {
    const eve = visit()
    let page = await eve.go('/api/auth/sign-in')
    for (let count = 0; count < 5; count += 1) {
      page = await eve.submit(page, { email, password: `guess ${count}` })
      expect(page.body).toContain('The e-mail address or the password is wrong.')
    }
    page = await eve.submit(page, { email, password: 'the password of hugo' })
    expect(page.body).toContain('That were many tries. Wait 60 seconds, then try again.')
  }
  tests.ahead = 61_000
  const hugo = visit()
  const page = await hugo.go('/api/auth/sign-in')
  expect(subOf(await hugo.submit(page, { email: 'hugo@example.com', password: 'the password of hugo' }))).not.toBeNull()
})

test('a forgotten password is replaced with a code, and nobody learns who has an account', async () => {
  await tests.signUp(visit(), 'iris')
  const iris = visit()
  const signIn = await iris.go('/api/auth/sign-in')
  const forgot = await iris.go(new URL('forgot', signIn.url).href)
  const before = tests.mails.length
  const unknown = await iris.submit(forgot, { email: 'nobody@example.com' })
  expect(tests.mails).toHaveLength(before)
  const page = await iris.submit(forgot, { email: 'iris@example.com' })
  expect(unknown.body).toBe(page.body.replace('value="iris@example.com"', 'value="nobody@example.com"'))
  const fields = { email: 'iris@example.com', password: 'a new password' }
  expect((await iris.submit(page, { ...fields, code: wrongCode() })).body).toContain('That is not the code.')
  const done = await iris.submit(page, { ...fields, code: lastCode() })
  expect(done.way.at(-1)).toMatch(/\/sign-in$/)
  const old = await iris.submit(done, { email: fields.email, password: 'the password of iris' })
  expect(old.body).toContain('The e-mail address or the password is wrong.')
  expect(subOf(await iris.submit(done, fields))).not.toBeNull()
  expect((await handles()).filter((handle) => handle === 'iris')).toHaveLength(1)
})

test('a code to reset does not confirm, and the other way round', async () => {
  const jan = visit()
  const form = await jan.go('/api/auth/sign-up')
  const fields = { name: 'Jan', handle: 'jan', email: 'jan@example.com', password: 'jans password' }
  const confirm = await jan.submit(form, fields)
  const reset = new URL('reset', confirm.url).href
  const taken = await jan.submit(await jan.go(reset), { ...fields, password: 'of an attacker', code: lastCode() })
  expect(taken.body).toContain('This code is no longer good.')
  expect(subOf(await jan.submit(confirm, { code: lastCode() }))).not.toBeNull()
})

test('where the row cannot be made the account is confirmed all the same, and the next sign-in makes it', async () => {
  const kim = visit()
  const form = await kim.go('/api/auth/sign-up')
  const fields = { name: 'Kim', handle: 'kim', email: 'kim@example.com', password: 'kims password' }
  const page = await kim.submit(form, fields)
  tests.trigger = () => Promise.reject(new SignUpFailed('The account is confirmed, but could not be finished just now'))
  const told = await kim.submit(page, { code: lastCode() })
  expect(told.body).toContain('The account is confirmed, but could not be finished just now.')
  expect(await handles()).not.toContain('kim')
  tests.trigger = undefined
  const signIn = await kim.go(new URL('sign-in', told.url).href)
  expect(subOf(await kim.submit(signIn, fields))).not.toBeNull()
  expect(await handles()).toContain('kim')
})

test('two who wished for one handle both get in, each with a handle of their own', async () => {
  const [lea, other] = [visit(), visit()]
  const pages = []
  for (const [visitor, email] of [
    [lea, 'lea@example.com'],
    [other, 'lea2@example.com'],
  ] as const) {
    const form = await visitor.go('/api/auth/sign-up')
    const page = await visitor.submit(form, { name: 'Lea', handle: 'lea', email, password: 'leas password' })
    pages.push({ visitor, page, code: lastCode() })
  }
  await Promise.all(pages.map(({ visitor, page, code }) => visitor.submit(page, { code })))
  expect((await handles()).filter((handle) => handle.startsWith('lea'))).toEqual(['lea', 'lea_2'])
})

test('the people of the seed can sign in at once, and stay who they are', async () => {
  const person = { sub: 'mock-andrewbrown', handle: 'andrewbrown', name: 'Andrew Brown', groups: ['admins'] }
  await cruddur.local.addPerson(person)
  await cruddur.local.addPerson(person)
  const andrew = visit()
  const page = await andrew.go('/api/auth/sign-in')
  const home = await andrew.submit(page, { email: 'andrewbrown@example.com', password: developmentPassword })
  expect(JSON.parse(home.body)).toEqual({ sub: 'mock-andrewbrown', groups: ['admins'] })
})

test('a form that another page sends is refused, and so is another browser', async () => {
  const ada = visit()
  const form = await ada.go('/api/auth/sign-in')
  const body = new URLSearchParams(adaForm)
  for (const origin of ['https://evil.example', 'null', undefined]) {
    const headers = origin === undefined ? {} : { origin }
    expect((await ada.send(form.url, { method: 'POST', headers, body })).status).toBe(403)
  }
  const eve = visit()
  expect(await eve.go(form.url.href)).toMatchObject({ status: 410 })
  expect(await eve.submit(form, adaForm)).toMatchObject({ status: 410 })
})

test('under another name the provider does not answer: no codes for a page whose name leads here', async () => {
  for (const path of ['/oidc/mailbox', '/oidc/.well-known/openid-configuration']) {
    const { status, body } = await requestWithHost(`${cruddur.origin}${path}`, 'evil.example')
    expect([status, body]).toEqual([421, ''])
  }
})

async function requestWithHost(url: string, host: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      let body = ''
      response.on('data', (chunk: Buffer) => (body += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
      .on('error', reject)
      .end()
  })
}

test('accounts, sessions and who is signed in with the provider outlive a restart', async () => {
  const mia = visit()
  const home = await tests.signUp(mia, 'mia')
  const port = Number(new URL(cruddur.origin).port)
  await cruddur.stop()
  cruddur = await tests.start(port)
  expect(subOf(await mia.go('/'))).toBe(subOf(home))
  // An hour later the token has ended, and is refreshed with what the provider kept.
  tests.sessionsAhead = 3_700_000
  expect(subOf(await mia.go('/'))).toBe(subOf(home))
  // The provider knows the browser without asking.
  const again = await mia.go('/api/auth/sign-in')
  expect(again.way.filter((path) => path.startsWith('/oidc/interaction'))).toEqual([])
  expect(subOf(again)).toBe(subOf(home))
  const other = visit()
  const page = await other.go('/api/auth/sign-in')
  expect(subOf(await other.submit(page, { email: 'mia@example.com', password: 'the password of mia' }))).toBe(
    subOf(home),
  )
})
