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

/** What pages complain about; an answer that is an error is no fault. */
function watch(context: BrowserContext, faults: string[]): void {
  context.on('weberror', (error) => faults.push(error.error().message))
  context.on('console', (message) => {
    const ofNetwork = /Failed to load resource|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !ofNetwork) faults.push(message.text())
  })
}

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
