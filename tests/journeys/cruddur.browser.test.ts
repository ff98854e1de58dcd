import type { BrowserContext, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openBrowser } from '../support/browser.ts'
import { findCode, makeCruddur, openDatabase, startCruddur, type StartedCruddur } from '../support/cruddur.ts'

/** Somebody with a browser of their own, signed up by its pages. The test fails when a page reports a fault. */
async function signUp(context: BrowserContext, cruddur: StartedCruddur, name: string): Promise<Page> {
  const handle = name.toLowerCase()
  const page = await context.newPage()
  await page.goto(cruddur.address)
  await page.getByRole('link', { name: 'Join Cruddur' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Handle').fill(handle)
  await page.getByLabel('E-mail').fill(`${handle}@example.com`)
  await page.getByLabel('Password').fill('to be or not to be')
  await page.getByRole('button', { name: 'Sign up' }).click()
  await page.getByLabel('Code').fill(await findCode(cruddur, `${handle}@example.com`))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByRole('heading', { name: `Welcome, ${name}` }).waitFor()
  await page.getByRole('link', { name: 'Say something' }).click()
  await page.getByLabel('What do you want to say?').waitFor()
  return page
}

const post = (page: Page, text: string) => page.getByRole('article').filter({ hasText: text })

async function beside(page: Page, path: string): Promise<Page> {
  const other = await page.context().newPage()
  await other.goto(new URL(path, page.url()).href)
  return other
}

/** What pages complain about; an answer that is an error is no fault. */
function watch(context: BrowserContext, faults: string[]): void {
  context.on('weberror', (error) => faults.push(error.error().message))
  context.on('console', (message) => {
    const ofNetwork = /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !ofNetwork) faults.push(message.text())
  })
}

/** Moves what the server says the time is: the page goes by the server's clock, and would go back to it. */
async function moveServerTime(context: BrowserContext, milliseconds: number): Promise<void> {
  await context.route(/\/api\/(?!events|auth)/, async (route) => {
    const response = await route.fetch()
    const headers = response.headers()
    const date = new Date(Date.parse(headers['date'] ?? '') + milliseconds).toUTCString()
    await route.fulfill({ response, headers: { ...headers, date } })
  })
}

test('the whole story: signed up, said for an hour, answered and liked live, and then gone everywhere', async () => {
  const browser = await openBrowser()
  if (!browser) return
  const project = await makeCruddur()
  const first = await startCruddur(project)
  const database = await openDatabase(project)
  const faults: string[] = []
  const [hers, his] = [await browser.newContext(), await browser.newContext()]
  for (const context of [hers, his]) {
    watch(context, faults)
    await context.clock.install()
  }

  const ada = await signUp(hers, first, 'Ada')
  expect(await database.read(`select handle, display_name from users where handle = 'ada'`)).toEqual([
    { handle: 'ada', display_name: 'Ada' },
  ])
  await ada.getByLabel('What do you want to say?').fill('The quokka smiles, @bob')
  const bob = await signUp(his, first, 'Bob')
  await ada.getByLabel('Goes after').selectOption('1 hour')
  await ada.getByRole('button', { name: 'Crud', exact: true }).click()
  await post(ada, 'quokka').getByText('59:5').waitFor()

  await bob.getByRole('button', { name: '1 new post' }).click()
  await post(bob, 'quokka').getByText('59:').waitFor()
  await post(bob, 'quokka').getByRole('link', { name: 'Reply, 0 replies' }).click()
  const path = new URL(bob.url()).pathname
  const uuid = path.split('/').at(-1) ?? ''
  const thread = await beside(ada, path)
  await thread.evaluate(() => Object.assign(window, { loaded: 'once' }))
  await bob.getByLabel('Your reply to Ada').fill('And the wombat sleeps')
  await bob.getByRole('button', { name: 'Reply', exact: true }).click()
  await post(thread, 'wombat').waitFor()
  await bob.getByRole('button', { name: 'Like, 0 likes' }).first().click()
  await bob.getByRole('button', { name: 'Repost, 0 reposts' }).first().click()
  for (const page of [thread, ada]) {
    await post(page, 'quokka').getByRole('button', { name: 'Like, 1 like' }).waitFor()
    await post(page, 'quokka').getByRole('link', { name: 'Reply, 1 reply' }).waitFor()
  }
  await bob.getByRole('button', { name: 'Like, 1 like', pressed: true }).waitFor()
  expect(await thread.evaluate(() => (window as unknown as { loaded: string }).loaded)).toBe('once')

  // Each visible page has a line open, and a browser has six of them for one server.
  const shown = [ada, await beside(ada, '/@ada'), await beside(bob, '/search?term=quokka')]
  for (const page of shown) await post(page, 'quokka').waitFor()
  const notifications = await beside(ada, '/notifications')
  await notifications.getByText('replied to you').waitFor()
  await notifications.getByText('liked your post').waitFor()
  const mentions = await beside(bob, '/notifications')
  await mentions.getByText('mentioned you').waitFor()

  await database.moveBack('1 hour 1 second')
  for (const context of [hers, his]) {
    await moveServerTime(context, 3_601_000)
    await context.clock.fastForward(3_601_000)
  }
  for (const page of shown) await expect.poll(() => page.getByText('The quokka').count()).toBe(0)
  for (const page of [thread, bob]) await page.getByRole('heading', { name: 'This post has gone' }).waitFor()
  for (const context of [hers, his]) await context.unrouteAll({ behavior: 'ignoreErrors' })
  for (const page of [...shown, notifications, mentions]) {
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' })
    expect([page.url(), await page.getByText(/wombat|The quokka/).count()]).toEqual([page.url(), 0])
  }
  expect((await thread.goto(first.address + path))?.status()).toBe(410)
  for (const [address, status] of [
    ['/api/activities/home', 200],
    [`/api/activities/${uuid}`, 410],
    [`/api/activities/${uuid}/replies`, 410],
    [`/api/activities/@ada`, 200],
    ['/api/activities/@bob/replies', 200],
    ['/api/activities/@bob/reposts', 200],
    ['/api/activities/search?term=quokka', 200],
    ['/api/activities/notifications', 200],
    ['/api/me/export', 200],
  ] as const) {
    for (const context of [hers, his]) {
      const answer = await context.request.get(first.address + address)
      expect([address, answer.status()]).toEqual([address, status])
      expect([address, await answer.text()]).toEqual([address, expect.not.stringMatching(/quokka|wombat/)])
    }
  }

  // A process purges when it starts, and from then on every half a minute.
  expect(await first.stop()).toBe(0)
  const second = await startCruddur(project, { PORT: new URL(first.address).port })
  const again = await openDatabase(project)
  await expect.poll(() => again.findText('quokka')).toEqual([])
  expect(await again.findText('wombat')).toEqual([])
  expect(await again.read('select from likes join users on uuid = user_uuid where handle = $1', ['bob'])).toEqual([])
  await ada.goto(second.address)
  await ada.getByRole('link', { name: 'Profile' }).waitFor()
  expect(faults).toEqual([])
  expect(await second.stop()).toBe(0)
})

test('what fails under a page is said, loses nothing that was written, and is well again by itself', async () => {
  const browser = await openBrowser()
  if (!browser) return
  const project = await makeCruddur()
  const first = await startCruddur(project)
  const context = await browser.newContext()
  const faults: string[] = []
  watch(context, faults)
  const ada = await signUp(context, first, 'Ada')
  const field = ada.getByLabel('What do you want to say?')
  const send = ada.getByRole('button', { name: 'Crud', exact: true })
  const alert = ada.getByRole('alert')

  // The database goes away as a machine does, and comes back.
  await (await openDatabase(project)).kill()
  await field.fill('Said into the void')
  await send.click()
  await alert.filter({ hasText: 'Cruddur is busy. Try again in a moment.' }).waitFor()
  expect(await field.inputValue()).toBe('Said into the void')
  await project.pgrig(['server', 'start'])
  await expect.poll(async () => (await fetch(`${first.address}/health/ready`)).status).toBe(200)
  await send.click()
  await post(ada, 'Said into the void').waitFor()

  // The server stops while it is asked.
  await field.fill('Said to nobody')
  expect(await first.stop('SIGTERM')).toBe(0)
  await send.click()
  await alert.filter({ hasText: 'Cruddur cannot be reached.' }).waitFor()
  expect(await field.inputValue()).toBe('Said to nobody')
  const second = await startCruddur(project, { PORT: new URL(first.address).port })
  await send.click()
  await post(ada, 'Said to nobody').waitFor()
  await ada.reload()
  await post(ada, 'Said to nobody').waitFor()
  for (const text of ['Said into the void', 'Said to nobody']) expect(await post(ada, text).count()).toBe(1)
  expect(await field.inputValue()).toBe('')
  expect(faults).toEqual([])
  expect(await second.stop()).toBe(0)
})
