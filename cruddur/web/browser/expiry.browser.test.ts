import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addActivity } from '../../db/test-client.ts'
import { findBarriers, focused, openCruddur } from './testing.ts'

const cruddur = await openCruddur()
const [andrew = '', bayko = ''] = (await cruddur?.addPeople('andrew', 'bayko')) ?? []

test.skipIf(cruddur === undefined).each([
  ['the feed', '/'],
  ['a profile', '/@bayko'],
  ['what was found', '/search?term=passing'],
  ['the feed of who follows', '/following'],
  ['a thread', 'thread'],
])('what expires goes from %s at its second, and the keyboard stays where it is', async (_name, where) => {
  const { client, visit } = cruddur!
  await client.query('delete from activities')
  await client.query('insert into follows (follower_uuid, followed_uuid) values ($1, $2) on conflict do nothing', [
    andrew,
    bayko,
  ])
  const root = await addActivity(client, bayko, { message: 'It stays, passing', life: '3 hours' })
  const replyTo = where === 'thread' ? { replyTo: root } : {}
  await addActivity(client, bayko, { message: 'It goes, passing', life: '1 hour', ...replyTo })
  const path = where === 'thread' ? `/@bayko/status/${root}` : where
  const page = await visit(path, { as: 'andrew', before: moveClocks })
  const going = page.getByText('It goes, passing')
  await going.waitFor()
  await page.getByText('59:5').waitFor()
  const link = page.getByRole('link', { name: 'Search', exact: true })
  await link.focus()
  const before = await focused(page)

  await page.clock.fastForward('59:30')
  await going.waitFor()
  await page.clock.fastForward('00:31')
  await expect.poll(() => going.count()).toBe(0)
  await page.getByText('It stays, passing').waitFor()
  expect(await focused(page)).toBe(before)
  // What the server says, whose clock has not moved, does not bring it back.
  await page.unroute('**/api/session')
  await page.clock.runFor(65_000)
  expect(await going.count()).toBe(0)
})

test.skipIf(cruddur === undefined)('whoever is in it with the keyboard is told, and stays at its place', async () => {
  const { client, visit } = cruddur!
  await client.query('delete from activities')
  await addActivity(client, bayko, { message: 'It stays', life: '3 hours' })
  await addActivity(client, bayko, { message: 'It goes', life: '1 hour' })
  const page = await visit('/', { as: 'andrew', before: moveClocks })
  const going = page.getByRole('article').filter({ hasText: 'It goes' })
  await going.getByRole('button', { name: 'Like, 0 likes' }).focus()
  await page.clock.fastForward('01:00:01')
  await expect.poll(() => focused(page)).toBe('article This post has gone.')
  expect(await page.getByText('It goes').count()).toBe(0)
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('a bayko')
  await expect.poll(() => page.getByText('This post has gone.').count()).toBe(0)
})

test.skipIf(cruddur === undefined)('a thread goes with its post, with a dialog about it too', async () => {
  const { client, visit } = cruddur!
  const root = await addActivity(client, bayko, { message: 'It goes, with all', life: '1 hour' })
  await addActivity(client, andrew, { message: 'And this with it', replyTo: root, life: '1 hour' })
  const page = await visit(`/@bayko/status/${root}`, { as: 'andrew', before: moveClocks })
  await page.getByText('And this with it').waitFor()
  await page.getByRole('button', { name: 'More about the post by bayko' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Report it …' }).click()
  await page.clock.fastForward('01:00:01')
  await page.getByRole('dialog', { name: 'This post has gone' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('heading', { name: 'This post has gone' }).waitFor()
  expect(await page.getByText('And this with it').count()).toBe(0)
})

test.skipIf(cruddur === undefined)('the address of what has gone says so, with its status', async () => {
  const { client, visit, address } = cruddur!
  const past = await addActivity(client, bayko, { message: 'Long past', age: '2 hours', life: '1 hour' })
  const page = await visit(`/@bayko/status/${past}`)
  await page.getByRole('heading', { name: 'This post has gone' }).waitFor()
  expect(await page.title()).toBe('This post has gone · Cruddur')
  expect((await fetch(`${address}/@bayko/status/${past}`)).status).toBe(410)
  expect((await fetch(`${address}/@bayko/status/0199c000-0000-4000-8000-000000000101`)).status).toBe(404)
})

test.skipIf(cruddur === undefined)('a clock that is wrong hides nothing and keeps nothing', async () => {
  const { client, visit } = cruddur!
  await client.query('delete from activities')
  await addActivity(client, bayko, { message: 'Still an hour', life: '1 hour' })
  for (const hours of [-5, 5]) {
    const time = Date.now() + hours * 3_600_000
    const page = await visit('/', { before: (page) => page.clock.install({ time }) })
    await page.getByText('Still an hour').waitFor()
    await page.getByText(/59:\d\d left|1 h 00 min left/).waitFor()
  }
})

/** Gives the page a clock that can be moved. The server, whose clock stays, is kept from telling it the time. */
async function moveClocks(page: Page): Promise<void> {
  await page.clock.install()
  await page.route('**/api/session', (route) => route.abort())
}
