import { expect, test } from 'vitest'
import { addActivity } from '../../db/test-client.ts'
import { focused, openCruddur } from './testing.ts'

const cruddur = await openCruddur()
const [, bayko = ''] = (await cruddur?.addPeople('andrew', 'bayko')) ?? []
if (cruddur !== undefined) {
  for (let index = 0; index < 65; index++) {
    await addActivity(cruddur.client, bayko, { message: `Number ${index}`, age: `${index} minutes`, life: '1 day' })
  }
}

test.skipIf(cruddur === undefined)(
  'one scrolls to the end without a jump, each post once, and back to where one was',
  async () => {
    const page = await cruddur!.visit('/', { width: 360 })
    const articles = page.getByRole('article')
    expect(await articles.count()).toBe(20)
    // What is on the screen does not move when a page is added below.
    const top = async () => (await page.getByText('Number 18', { exact: true }).boundingBox())?.y
    await page.getByText('Number 18', { exact: true }).scrollIntoViewIfNeeded()
    const before = await top()
    await expect.poll(() => articles.count()).toBeGreaterThan(20)
    expect(await top()).toBe(before)
    while (!(await page.getByText('Number 64', { exact: true }).isVisible())) {
      await page.mouse.wheel(0, 3_000)
      await page.waitForTimeout(50)
    }
    expect(await articles.count()).toBe(65)
    expect(await page.getByRole('button', { name: 'Load more' }).count()).toBe(0)

    const link = page.getByRole('article').filter({ hasText: 'Number 50' }).getByRole('link').nth(1)
    await link.scrollIntoViewIfNeeded()
    const from = await page.evaluate(() => scrollY)
    const id = await link.getAttribute('id')
    await link.click()
    await page.getByRole('heading', { name: 'Post' }).waitFor()
    expect(await page.evaluate(() => scrollY)).toBe(0)
    expect(await focused(page)).toBe('h1 #heading')
    await page.goBack()
    await page.getByText('Number 50', { exact: true }).waitFor()
    expect(await page.evaluate(() => scrollY)).toBe(from)
    expect(await focused(page)).toBe(`a #${id}`)
    expect(await articles.count()).toBe(65)
  },
)

test.skipIf(cruddur === undefined)(
  'where reading on fails, there is a button, and the keyboard goes to what it brings',
  async () => {
    const page = await cruddur!.visit('/', {
      before: (page) => page.route('**/api/activities/home?*cursor*', (route) => route.abort()),
    })
    await page.getByRole('article').nth(19).scrollIntoViewIfNeeded()
    await page.getByRole('alert').filter({ hasText: 'There is more, but it cannot be reached.' }).waitFor()
    await page.unroute('**/api/activities/home?*cursor*')
    await page.getByRole('button', { name: 'Try again' }).press('Enter')
    await expect.poll(() => page.getByRole('article').count()).toBeGreaterThan(20)
    const id = await page.getByRole('article').nth(20).getAttribute('id')
    await expect.poll(() => focused(page)).toBe(`article #${id}`)
  },
)
