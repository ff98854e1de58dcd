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
  const [author = '', reader = ''] = await addPeople('author', 'reader')
  const root = await addActivity(client, author, { message: 'Replies, please', life: '1 day' })
  for (const message of corpus) {
    await addActivity(client, author, { message, life: '1 day' })
    await addActivity(client, author, { message, life: '1 day', replyTo: root })
  }
  for (const [index, name] of corpus.entries()) {
    // A name has at most 50 characters.
    await client.query('update users set display_name = $1, bio = $2 where uuid = $3', [
      name.slice(0, 50),
      name.slice(0, 160),
      author,
    ])
    const page = await visit(index % 2 === 0 ? '/' : `/@author/status/${root}`, { as: 'reader' })
    await page.getByText('Replies, please').waitFor()
    expect(await page.getByText(name.slice(0, 50).trim()).count()).toBeGreaterThan(0)
    await expectInert(page)
    if (index > 3) continue
    for (const message of corpus) await expect.poll(() => page.getByText(message.trim()).count()).toBeGreaterThan(0)
    await page.goto(`${cruddur!.address}/@author`)
    await page.getByText(name.slice(0, 50)).first().waitFor()
    await expectInert(page)
  }
  expect(reader).not.toBe('')
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
