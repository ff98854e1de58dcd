import { expect, test } from 'vitest'
import { addActivity } from '../../db/test-client.ts'
import { openCruddur } from './testing.ts'

const cruddur = await openCruddur()
const [, bayko = ''] = (await cruddur?.addPeople('andrew', 'bayko')) ?? []

test.skipIf(cruddur === undefined)('what another writes is offered, and shown when one wants it', async () => {
  const { visit } = cruddur!
  const mine = await visit('/', { as: 'andrew' })
  const other = await visit('/', { as: 'bayko' })
  await other.getByLabel('What do you want to say?').fill('Written elsewhere')
  await other.getByRole('button', { name: 'Crud' }).click()
  const button = mine.getByRole('button', { name: '1 new post' })
  await button.waitFor()
  expect(await mine.getByText('Written elsewhere').count()).toBe(0)
  expect(await other.getByRole('button', { name: 'new post' }).count()).toBe(0)
  await button.click()
  await mine.getByText('Written elsewhere').waitFor()
  await button.waitFor({ state: 'detached' })

  await other.getByRole('button', { name: 'More about the post by bayko' }).first().click()
  await other.getByRole('dialog').getByRole('button', { name: 'Delete it …' }).click()
  await other.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await mine.getByText('Written elsewhere').waitFor({ state: 'detached' })
})

test.skipIf(cruddur === undefined)('a reply and a like of another appear by themselves', async () => {
  const { client, visit } = cruddur!
  const { rows } = await client.query<{ uuid: string }>(`select uuid from users where handle = 'andrew'`)
  const root = await addActivity(client, rows[0]?.uuid ?? '', { message: 'Who is there?', life: '1 day' })
  const mine = await visit(`/@andrew/status/${root}`, { as: 'andrew' })
  const other = await visit(`/@andrew/status/${root}`, { as: 'bayko' })
  await other.getByLabel('Your reply to andrew').fill('Me, at once')
  await other.getByRole('button', { name: 'Reply', exact: true }).click()
  await mine.getByRole('list', { name: 'Replies, oldest first' }).getByText('Me, at once').waitFor()
  await mine.getByRole('status').filter({ hasText: 'bayko has replied.' }).waitFor()
  await other.getByRole('button', { name: 'Like, 0 likes' }).first().click()
  await mine.getByRole('button', { name: 'Like, 1 like' }).waitFor()
  await mine.getByRole('link', { name: 'Reply, 1 reply' }).waitFor()

  await mine
    .getByRole('link', { name: /^Notifications/ })
    .filter({ hasText: 'unread' })
    .waitFor()
  await mine.getByRole('link', { name: /^Notifications/ }).click()
  await mine
    .getByRole('article', { name: /replied to you/ })
    .getByText('Me, at once')
    .waitFor()
  await mine
    .getByRole('article', { name: /liked your post/ })
    .getByText('Who is there?')
    .waitFor()
  await mine.getByRole('link', { name: 'Notifications', exact: true }).waitFor()
})

test.skipIf(cruddur === undefined)('two tabs of one person agree', async () => {
  const { client, visit, visitBeside } = cruddur!
  await addActivity(client, bayko, { message: 'Seen twice', life: '1 day' })
  const one = await visit('/', { as: 'andrew' })
  const two = await visitBeside(one, '/')
  const button = (page: typeof one) =>
    page.getByRole('article').filter({ hasText: 'Seen twice' }).getByRole('button', { name: 'Like,' })
  await button(one).click()
  await expect.poll(() => button(two).textContent()).toContain('Like, 1 like')
  await one.getByLabel('What do you want to say?').fill('Written in one')
  await one.getByRole('button', { name: 'Crud' }).click()
  await two.getByRole('button', { name: '1 new post' }).click()
  await two.getByRole('article').filter({ hasText: 'Written in one' }).waitFor()
  // Each has a draft of its own.
  await one.getByLabel('What do you want to say?').fill('Begun in one')
  await two.reload()
  expect(await two.getByLabel('What do you want to say?').inputValue()).toBe('')
})
