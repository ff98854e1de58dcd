import { expect, test } from 'vitest'
import { addActivity } from '../../db/test-client.ts'
import { findBarriers, focused, openCruddur } from './testing.ts'

const cruddur = await openCruddur()

test.skipIf(cruddur === undefined)(
  'with the keyboard alone one writes, likes, opens a thread, replies, reports, and never loses one’s place',
  async () => {
    const { client, visit, addPeople } = cruddur!
    const [, bayko = ''] = await addPeople('andrew', 'bayko')
    await addActivity(client, bayko, { message: 'Said by another', life: '3 days' })
    const page = await visit('/', { as: 'andrew' })
    const { keyboard } = page

    await keyboard.press('Tab')
    expect(await focused(page)).toBe('a Skip to the content')
    await keyboard.press('Enter')
    expect(await focused(page)).toBe('main #main')

    await keyboard.press('n')
    expect(await focused(page)).toBe('textarea #compose')
    await keyboard.press('Control+Enter')
    await page.getByText('Write something first.').waitFor()
    expect(await focused(page)).toBe('textarea #compose')
    await keyboard.type('Typed by hand')
    await keyboard.press('Tab')
    await keyboard.press('ArrowDown')
    await keyboard.press('Tab')
    expect(await focused(page)).toBe('button Crud')
    await keyboard.press('Enter')
    const mine = page.getByRole('article').filter({ hasText: 'Typed by hand' })
    await mine.getByText('3 days left').waitFor()
    expect(await focused(page)).toBe('textarea #compose')

    await tabTo('bayko')
    for (const key of ['Tab', 'Tab', 'Tab']) await keyboard.press(key)
    await keyboard.press('Tab')
    expect(await focused(page)).toMatch(/^button .*Like/)
    await keyboard.press('Space')
    const other = page.getByRole('article').filter({ hasText: 'Said by another' })
    await other.getByRole('button', { name: 'Like, 1 like', pressed: true }).waitFor()
    expect(await focused(page)).toMatch(/^button .*Like, 1 like/)

    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Report it …' }).waitFor()
    await keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('button More about the post by bayko')

    await keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Report it …' }).press('Enter')
    await page.getByRole('dialog', { name: 'Report the post by @bayko' }).waitFor()
    expect(await findBarriers(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Report', exact: true }).press('Enter')
    await page.getByRole('status').filter({ hasText: 'Somebody will look at it.' }).waitFor()
    expect(await focused(page)).toBe('button More about the post by bayko')

    for (const key of ['Shift+Tab', 'Shift+Tab', 'Shift+Tab']) await keyboard.press(key)
    expect(await focused(page)).toMatch(/^a #reply-/)
    await keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('textarea #reply')
    await keyboard.type('Answered by hand')
    await keyboard.press('Control+Enter')
    await page.getByRole('list', { name: 'Replies, oldest first' }).getByText('Answered by hand').waitFor()
    expect(await focused(page)).toBe('textarea #reply')

    await page.goBack()
    await expect.poll(() => focused(page)).toMatch(/^a #reply-/)

    async function tabTo(name: string): Promise<void> {
      for (let tries = 40; tries > 0; tries--) {
        await keyboard.press('Tab')
        if ((await focused(page)) === `a ${name}`) return
      }
      throw new Error(`${name} is not reached`)
    }
  },
)

test.skipIf(cruddur === undefined)('letters go through the feed, and can be turned off', async () => {
  const { client, visit } = cruddur!
  const { rows } = await client.query<{ uuid: string }>(`select uuid from users where handle = 'bayko'`)
  await addActivity(client, rows[0]?.uuid ?? '', { message: 'One more', life: '1 day' })
  const page = await visit('/', { as: 'andrew' })
  await page.getByText('One more').waitFor()
  const article = (index: number) => page.getByRole('article').nth(index).getAttribute('id')
  await page.keyboard.press('j')
  expect(await focused(page)).toBe(`article #${await article(0)}`)
  await page.keyboard.press('j')
  expect(await focused(page)).toBe(`article #${await article(1)}`)
  await page.keyboard.press('k')
  await page.keyboard.press('l')
  await page.getByRole('article').first().getByRole('button', { name: 'Like, 1 like', pressed: true }).waitFor()
  await page.keyboard.press('Enter')
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/@bayko\/status\//)
  expect(await focused(page)).toBe('h1 #heading')

  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByRole('checkbox').uncheck()
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  await page.keyboard.press('j')
  expect(new URL(page.url()).pathname).toMatch(/^\/@bayko\/status\//)
  await page.reload()
  await page.keyboard.press('?')
  expect(await page.getByRole('dialog').count()).toBe(0)
})
