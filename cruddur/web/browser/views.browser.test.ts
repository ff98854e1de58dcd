import { expect, test } from 'vitest'
import { addActivity } from '../../db/test-client.ts'
import { findBarriers, openCruddur } from './testing.ts'

const cruddur = await openCruddur()
const gone = '0199c000-0000-7000-8000-000000000101'

test.skipIf(cruddur === undefined).each([
  ['/', 'andrew'],
  ['/', undefined],
  ['/following', 'andrew'],
  ['/@bayko', 'andrew'],
  ['/@bayko?tab=replies', undefined],
  ['/@andrew', 'andrew'],
  ['/@nobody_at_all', undefined],
  ['thread', 'andrew'],
  ['thread', undefined],
  [`/@bayko/status/${gone}`, undefined],
  ['/search', undefined],
  ['/search?term=heron', 'andrew'],
  ['/notifications', 'andrew'],
  ['/notifications', undefined],
  ['/settings', 'andrew'],
  ['/moderation', 'admin'],
  ['/welcome', 'andrew'],
  ['/welcome', 'not_yet_there'],
  ['/nowhere', undefined],
])('%s has no barriers for %s: narrow and wide, light and dark', async (path, as) => {
  const { client, visit } = cruddur!
  const thread = await fill(client)
  const address = path === 'thread' ? thread : path
  const page = await visit(address, { options: { reducedMotion: 'reduce' }, ...(as && { as }) })
  await page.locator('h1').first().waitFor({ state: 'attached' })
  await expect.poll(() => page.locator('[aria-busy=true]').count()).toBe(0)
  expect(await page.locator('h1').count()).toBe(1)
  expect(await page.locator('main').count()).toBe(1)
  expect(await page.title()).toMatch(/ · Cruddur$/)
  for (const width of [360, 1280]) {
    await page.setViewportSize({ width, height: 800 })
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }))
    expect(scroll, `${width} pixels`).toBeLessThanOrEqual(client)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await findBarriers(page), `${width} pixels, ${colorScheme}`).toEqual([])
    }
  }
})

test.skipIf(cruddur === undefined)('a barrier that is put there is found', async () => {
  const page = await cruddur!.visit('/nowhere_at_all')
  await page.evaluate(() => document.querySelector('main')?.append(document.createElement('button')))
  expect(await findBarriers(page)).toContainEqual(expect.stringContaining('button-name'))
})

let filled: Promise<string> | undefined

/** People who said something, once; answers where a thread is. */
function fill(client: NonNullable<typeof cruddur>['client']): Promise<string> {
  return (filled ??= (async () => {
    const [andrew = '', bayko = ''] = await cruddur!.addPeople('andrew', 'bayko', 'admin')
    const said = await addActivity(client, andrew, { message: 'A heron on the roof', life: '3 days', likes: 1234 })
    await addActivity(client, bayko, { message: 'Where? https://example.org @andrew', replyTo: said, life: '3 days' })
    await addActivity(client, bayko, { message: 'Soon gone', life: '5 minutes' })
    await addActivity(client, bayko, { message: `${'Long'.repeat(30)}\nand more`, life: '59 seconds' })
    await client
      .query(
        `insert into reports (reporter_uuid, activity_uuid, reason, note, message) values ($1, $2, 'spam', 'Too many herons', 'A heron')`,
        [bayko, said],
      )
      .catch(() => undefined)
    return `/@andrew/status/${said}`
  })())
}
