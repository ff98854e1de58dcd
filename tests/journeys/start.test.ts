import { expect, test } from 'vitest'
import { findServer } from '../../packages/core/src/postgres/embedded/server.ts'
import { openBrowser } from '../support/browser.ts'
import { absentDatabase } from '../support/database.ts'
import { makeCruddur, startCruddur as start } from '../support/cruddur.ts'
import { pgrig } from '../support/program.ts'

const home = async (address: string) =>
  (await fetch(`${address}/api/activities/home`)).json() as Promise<{ message: string; handle: string }[]>

test('it serves the feed from its database, keeps what was written over a restart, and stops all that it started', async () => {
  const project = await makeCruddur()
  const first = await start(project)
  expect(await (await fetch(`${first.address}/api/health`)).json()).toMatchObject({ status: 'ok' })
  expect((await home(first.address)).map(({ message }) => message)).toContain('This was imported as seed data!')
  const insert = `insert into activities (user_uuid, message, expires_at) select uuid, 'Still here', now() + interval '1 hour' from users where handle = 'bayko'`
  expect(await project.pgrig(['connect', '--', '-c', insert])).toMatchObject({ code: 0 })
  expect(await first.stop()).toBe(0)
  expect(await findServer(project.folder)).toBeUndefined()

  const second = await start(project)
  expect((await home(second.address))[0]).toMatchObject({ message: 'Still here', handle: 'bayko' })
  expect(await second.stop('SIGTERM')).toBe(0)
})

test('on another server, as compose.yaml has one, it makes its database there and starts none of its own', async () => {
  const { url } = await absentDatabase()
  const project = await makeCruddur()
  const cruddur = await start(project, { DATABASE_URL: url })
  expect((await home(cruddur.address)).map(({ message }) => message)).toContain('This was imported as seed data!')
  expect(await findServer(project.folder)).toBeUndefined()
  expect(await cruddur.stop()).toBe(0)
})

test('a server that ran before goes on running', async () => {
  const project = await makeCruddur()
  await project.pgrig(['server', 'start'])
  const cruddur = await start(project)
  expect(await cruddur.stop()).toBe(0)
  expect(await findServer(project.folder)).toBeDefined()
})

test('while it runs the server can be killed: it says so, and is well again when the server is', async () => {
  const project = await makeCruddur()
  const cruddur = await start(project)
  const server = await findServer(project.folder)
  process.kill(server?.pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await fetch(`${cruddur.address}/api/health`)).status).toBe(503)
  await project.pgrig(['server', 'start'])
  await expect.poll(async () => (await fetch(`${cruddur.address}/api/health`)).status).toBe(200)
  expect((await home(cruddur.address)).length).toBeGreaterThan(5)
  expect(await cruddur.stop()).toBe(0)
})

test('the page shows the feed in a browser, wide and narrow, and an activity vanishes at its second', async () => {
  const browser = await openBrowser()
  if (!browser) return
  const project = await makeCruddur()
  const cruddur = await start(project)
  const insert = `insert into activities (user_uuid, message, expires_at) select uuid, 'Gone in six seconds', now() + interval '6 seconds' from users where handle = 'bayko'`
  await pgrig(['connect', '--', '-c', insert], { cwd: project.folder })

  const page = await browser.newPage({ viewport: { width: 360, height: 780 } })
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(cruddur.address)
  await page.getByText('This was imported as seed data!').waitFor()
  await page.getByText('Gone in six seconds').waitFor()
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }))
  expect(scroll).toBeLessThanOrEqual(client)
  expect(await page.getByRole('article').count()).toBeGreaterThan(5)
  await page.getByText('Gone in six seconds').waitFor({ state: 'detached', timeout: 10_000 })
  expect(await home(cruddur.address)).not.toContainEqual(expect.objectContaining({ message: 'Gone in six seconds' }))

  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByText('This was imported as seed data!').waitFor()
  expect(faults).toEqual([])
  await cruddur.stop()
})
