import { expect, test } from 'vitest'
import { addActivity } from '../../db/test-client.ts'
import { openCruddur } from './testing.ts'

const cruddur = await openCruddur()

const corpus = [
  '<script>document.title="owned"</script>',
  '<img src=x onerror=document.title="owned">',
  '<svg onload=document.title="owned">',
  '"><script>document.title="owned"</script>',
  "'-alert(1)-'",
  '</script><script>document.title="owned"</script>',
  '<!--<script>',
  'javascript:document.title="owned"',
  '<a href="javascript:document.title=`owned`">x</a>',
  '<iframe srcdoc="<script>parent.document.title=1</script>">',
  '<style>*{display:none}</style>',
  '{{constructor.constructor("document.title=1")()}}',
  '${document.title="owned"}',
  '<base href=https://evil.example/>',
  '<form action=https://evil.example><button>x</button></form>',
  '&lt;script&gt;document.title="owned"&lt;/script&gt;',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=document.title="owned">',
  '\u2028\u2029"]}',
  'https://evil.example/"onmouseover="document.title=1',
]

test.skipIf(cruddur === undefined)('whatever people write is shown as they wrote it, and does nothing', async () => {
  const { client, visit, addPeople } = cruddur!
  const authors = await addPeople('reader', ...corpus.map((_, index) => `author${index}`))
  const root = await addActivity(client, authors[0] ?? '', { message: 'Replies, please', life: '1 day' })
  for (const [index, text] of corpus.entries()) {
    const author = authors[index + 1] ?? ''
    // A name has at most 50 characters.
    await client.query('update users set display_name = $1, bio = $2 where uuid = $3', [
      text.slice(0, 50),
      text,
      author,
    ])
    await addActivity(client, author, { message: text, life: '1 day' })
    await addActivity(client, author, { message: text, life: '1 day', replyTo: root })
  }
  const page = await visit('/', { as: 'reader' })
  for (const path of ['/', `/@reader/status/${root}`]) {
    await page.goto(cruddur!.address + path)
    const last = page.getByRole('article').filter({ hasText: path === '/' ? (corpus[0] ?? '') : (corpus.at(-1) ?? '') })
    await last.first().waitFor()
    const shown = (await page.locator('.message').allTextContents()).map((text) => text.trim())
    expect(shown).toEqual(expect.arrayContaining(corpus.map((text) => text.trim())))
    const names = await page.locator('.byline bdi').allTextContents()
    expect(names).toEqual(expect.arrayContaining(corpus.map((text) => text.slice(0, 50))))
    await expectInert(page)
  }
  for (const index of corpus.keys()) {
    await page.goto(`${cruddur!.address}/@author${index}`)
    await page.locator('.bio').waitFor()
    expect(await page.locator('.bio').textContent()).toBe(corpus[index])
    await expectInert(page)
  }
})

test.skipIf(cruddur === undefined)('an address can put nothing into the page', async () => {
  for (const path of [
    '/search?term=%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D1%3E',
    '/search?term=%3C%2Fscript%3E%3Cscript%3Edocument.title%3D1%3C%2Fscript%3E',
    '/@author?tab=%3Cscript%3E',
    '/welcome#<img src=x onerror=document.title=1>',
    '/%3Cscript%3E',
  ]) {
    const page = await cruddur!.visit(path)
    await page.locator('h1').waitFor({ state: 'attached' })
    await expectInert(page)
  }
})

async function expectInert(page: Awaited<ReturnType<NonNullable<typeof cruddur>['visit']>>): Promise<void> {
  expect(await page.title()).toContain(' · Cruddur')
  const foreign = await page.evaluate(() => {
    const elements = document.querySelectorAll(
      'main iframe, main img, main script, main style, main math, main base, main form[action*=evil]',
    )
    const links = [...document.querySelectorAll('a')].filter(({ protocol }) => !/^https?:$/.test(protocol))
    const handlers = [...document.querySelectorAll('*')].filter(({ attributes }) =>
      [...attributes].some(({ name }) => name.startsWith('on')),
    )
    return [...elements, ...links, ...handlers].map(({ outerHTML }) => outerHTML)
  })
  expect(foreign).toEqual([])
}
