import { expect, test } from 'vitest'
import { addActivity } from '../../db/test-client.ts'
import { focused, openCruddur } from './testing.ts'

const cruddur = await openCruddur()
const [andrew = '', bayko = ''] = (await cruddur?.addPeople('andrew', 'bayko')) ?? []

const count = async (message: string) => {
  const { rows } = await cruddur!.client.query('select 1 from activities where message = $1', [message])
  return rows.length
}

test.skipIf(cruddur === undefined)('a double click posts once, with the life that was chosen', async () => {
  const page = await cruddur!.visit('/', { as: 'andrew' })
  await page.getByLabel('What do you want to say?').fill('Said once')
  await page.getByLabel('Goes after').selectOption('1 hour')
  await page.getByRole('button', { name: 'Crud' }).dblclick()
  const article = page.getByRole('article').filter({ hasText: 'Said once' })
  await article.getByText('59:5').waitFor()
  expect(await article.count()).toBe(1)
  expect(await count('Said once')).toBe(1)
  expect(await page.getByLabel('What do you want to say?').inputValue()).toBe('')
})

test.skipIf(cruddur === undefined)(
  'what could not be sent is kept, over a reload too, and is then there once',
  async () => {
    const page = await cruddur!.visit('/', { as: 'andrew' })
    // The server does it, and the answer is lost.
    await page.route('**/api/activities', async (route) => {
      await route.fetch()
      await route.abort()
    })
    const field = page.getByLabel('What do you want to say?')
    await field.fill('Lost on the way back')
    await page.getByRole('button', { name: 'Crud' }).click()
    await page.getByRole('alert').filter({ hasText: 'Cruddur cannot be reached.' }).waitFor()
    expect(await focused(page)).toBe('textarea #compose')
    expect(await field.inputValue()).toBe('Lost on the way back')
    await page.unroute('**/api/activities')
    await page.reload()
    expect(await field.inputValue()).toBe('Lost on the way back')
    await page.getByRole('button', { name: 'Crud' }).click()
    await expect.poll(() => field.inputValue()).toBe('')
    expect(await count('Lost on the way back')).toBe(1)
    await page.reload()
    expect(await field.inputValue()).toBe('')
  },
)

test.skipIf(cruddur === undefined)(
  'the characters left are counted as people count them, and said when few',
  async () => {
    const page = await cruddur!.visit('/', { as: 'andrew' })
    const field = page.getByLabel('What do you want to say?')
    const live = page.locator('.compose [aria-live]')
    await field.fill('💜'.repeat(259))
    await expect.poll(() => page.locator('.counter').textContent()).toBe('21')
    expect(await live.textContent()).toBe('')
    await field.fill('💜'.repeat(260))
    await expect.poll(() => live.textContent()).toBe('20 characters left')
    await field.fill('💜'.repeat(282))
    await expect.poll(() => live.textContent()).toBe('2 characters too many')
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('button', { name: 'Crud' }).click()
    await page.getByRole('alert').filter({ hasText: 'That is 2 characters too many.' }).waitFor()
    await field.fill('💜'.repeat(280))
    await page.getByRole('button', { name: 'Crud' }).click()
    await expect.poll(() => field.inputValue()).toBe('')
    expect(await count('💜'.repeat(280))).toBe(1)
  },
)

test.skipIf(cruddur === undefined).each(['Like', 'Repost'])(
  '%s is there at once, and is taken back with a word when it fails',
  async (name) => {
    const { client, visit } = cruddur!
    await addActivity(client, bayko, { message: `To ${name}`, life: '1 day' })
    const page = await visit('/', { as: 'andrew' })
    const button = page
      .getByRole('article')
      .filter({ hasText: `To ${name}` })
      .getByRole('button', { name: `${name},` })
    let letGo = (): void => undefined
    const held = new Promise<void>((resolve) => (letGo = resolve))
    await page.route(`**/api/activities/*/${name.toLowerCase()}`, async (route) => {
      await held
      await route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"errors":["busy"]}' })
    })
    await button.click()
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true')
    expect(await button.textContent()).toContain('1')
    letGo()
    await page.getByRole('status').filter({ hasText: 'Cruddur is busy.' }).waitFor()
    expect(await button.getAttribute('aria-pressed')).toBe('false')
    expect(await focused(page)).toContain(name)

    await page.unroute(`**/api/activities/*/${name.toLowerCase()}`)
    await button.click()
    await expect
      .poll(async () => {
        const { rows } = await client.query(`select 1 from ${name.toLowerCase()}s where user_uuid = $1`, [andrew])
        return rows.length
      })
      .toBeGreaterThan(0)
    await page.reload()
    await expect.poll(() => button.getAttribute('aria-pressed')).toBe('true')
  },
)

test.skipIf(cruddur === undefined)('clicked quickly many times, the last state wins', async () => {
  const { client, visit } = cruddur!
  const uuid = await addActivity(client, bayko, { message: 'Yes, no, yes', life: '1 day' })
  const page = await visit('/', { as: 'andrew' })
  const button = page.getByRole('article').filter({ hasText: 'Yes, no, yes' }).getByRole('button', { name: 'Like,' })
  for (let times = 0; times < 5; times++) await button.click()
  expect(await button.getAttribute('aria-pressed')).toBe('true')
  await expect
    .poll(async () => {
      const { rows } = await client.query('select likes_count from activities where uuid = $1', [uuid])
      return rows
    })
    .toEqual([{ likes_count: 1 }])
  await expect.poll(() => button.textContent()).toContain('Like, 1 like')
})

test.skipIf(cruddur === undefined)('one follows, blocks and unblocks somebody', async () => {
  const { client, visit } = cruddur!
  await addActivity(client, bayko, { message: 'For followers', life: '1 day' })
  const page = await visit('/@bayko', { as: 'andrew' })
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await page.getByRole('button', { name: 'Following', pressed: true }).waitFor()
  await page.getByText('follower', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await page.getByRole('link', { name: 'Following' }).click()
  await page.getByText('For followers').waitFor()
  await page.getByRole('link', { name: 'bayko', exact: true }).first().click()
  await page.getByRole('button', { name: 'Block …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click()
  await page.getByRole('heading', { name: 'You have blocked @bayko' }).waitFor()
  expect(await page.getByText('For followers').count()).toBe(0)
  await page.getByRole('button', { name: 'Unblock' }).click()
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
  await page.getByText('For followers').waitFor()
})

test.skipIf(cruddur === undefined)('one says who one is, and deletes one’s post and oneself', async () => {
  const { client, visit, addPeople } = cruddur!
  const [leaver = ''] = await addPeople('leaver')
  await addActivity(client, leaver, { message: 'To be deleted', life: '1 day' })
  const page = await visit('/settings', { as: 'leaver' })
  await page.getByLabel('Name').fill('')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').filter({ hasText: 'A name is needed.' }).waitFor()
  await page.getByLabel('Name').fill('Lea Ver')
  await page.getByLabel('About you').fill('Here today')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('status').filter({ hasText: 'Your profile is saved.' }).waitFor()
  await page.getByRole('link', { name: 'Profile', exact: true }).click()
  await page.getByText('Here today').waitFor()
  await page.getByRole('heading', { name: 'Lea Ver', level: 1 }).waitFor({ state: 'attached' })

  await page.getByRole('button', { name: 'More about the post by Lea Ver' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete it …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('status').filter({ hasText: 'Your post is deleted.' }).waitFor()
  await expect.poll(() => page.getByText('To be deleted').count()).toBe(0)
  expect(await count('To be deleted')).toBe(0)

  await page.getByRole('link', { name: 'Settings', exact: true }).click()
  await page.getByLabel('Type your handle').fill('somebody')
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await page.getByRole('alert').filter({ hasText: 'Type your handle, leaver' }).waitFor()
  await page.getByLabel('Type your handle').fill('@Leaver')
  await page.getByRole('button', { name: 'Delete my account' }).click()
  await expect.poll(() => new URL(page.url()).pathname).toBe('/')
  const { rows } = await client.query('select 1 from users where handle = $1', ['leaver'])
  expect(rows).toEqual([])
})

test.skipIf(cruddur === undefined)(
  'whoever is not signed in is asked to, and comes back to where they were',
  async () => {
    const { client, visit } = cruddur!
    await addActivity(client, bayko, { message: 'To be liked', life: '1 day' })
    const page = await visit('/@bayko', {})
    const article = page.getByRole('article').filter({ hasText: 'To be liked' })
    await article.getByRole('button', { name: 'Like,' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in to like this' })
    expect(await dialog.getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe(
      '/api/auth/sign-in?return_to=%2F%40bayko',
    )
    await page.keyboard.press('Escape')
    expect(await focused(page)).toContain('Like')
  },
)

test.skipIf(cruddur === undefined)(
  'while an account is being set up the page says so, and goes on by itself',
  async () => {
    const { visit, addPeople } = cruddur!
    const page = await visit('/welcome', { as: 'newcomer' })
    await page.getByRole('status').filter({ hasText: 'Your account is being set up.' }).waitFor()
    await addPeople('newcomer')
    await page.getByRole('heading', { name: 'Welcome, newcomer' }).waitFor()
  },
)

test.skipIf(cruddur === undefined)('when the feed cannot be had, one is told and can try again', async () => {
  const { visit } = cruddur!
  const page = await visit('/settings', { as: 'andrew' })
  await page.route('**/api/activities/home', (route) => route.abort())
  await page.getByRole('link', { name: 'Home', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'Cruddur could not show the feed' }).waitFor()
  await page.unroute('**/api/activities/home')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('article').first().waitFor()
  await page.context().setOffline(true)
  await page.getByRole('status').filter({ hasText: 'You are offline.' }).waitFor()
  await page.context().setOffline(false)
})
