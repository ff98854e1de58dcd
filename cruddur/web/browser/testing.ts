import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type Axe from 'axe-core'
import type pg from 'pg'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, expect, onTestFinished } from 'vitest'
import { launchBrowser } from '../../../tests/support/browser.ts'
import { buildApp } from '../../api/app.ts'
import { openPool } from '../../api/database.ts'
import { createStore } from '../../api/store/create-store.ts'
import { testAuthenticator, testSettings } from '../../api/testing.ts'
import { addPerson, testClient } from '../../db/test-client.ts'

interface Visit {
  /** The handle of who is signed in. */
  as?: string
  /** The width of the window; 1280 unless told. */
  width?: number
  options?: BrowserContextOptions
  /** Called before the page is opened. */
  before?: (page: Page) => Promise<unknown>
}

export interface Cruddur {
  client: pg.Client
  address: string
  /** Opens an address in a window of its own. The test fails when the page reports a fault. */
  visit(path: string, visit?: Visit): Promise<Page>
  /** Opens an address in the same browser as another page, as a second tab. */
  visitBeside(page: Page, path: string): Promise<Page>
  /** Adds people, so that their `sub` is what `as` signs in with; answers their uuids. */
  addPeople(...handles: string[]): Promise<string[]>
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Cruddur with a database of its own and a real browser; undefined where there is no browser. */
export async function openCruddur(): Promise<Cruddur | undefined> {
  const browser = await launchBrowser()
  if (browser === undefined) return undefined
  const { client, clientConfig } = await testClient('schema.sql')
  const pool = openPool(clientConfig, () => undefined)
  const store = createStore({ pool })
  const settings = testSettings()
  const app = buildApp({ pool, store, log: false, authenticator: testAuthenticator, settings, listen: clientConfig })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  afterAll(async () => {
    await browser.close()
    await app.close()
    await store.close()
    await pool.end()
  })
  const address = `http://127.0.0.1:${port}`
  return {
    client,
    address,
    visit: (path, visit = {}) => openPage(browser, address, path, visit),
    async visitBeside(page, path) {
      const other = await page.context().newPage()
      reportFaults(other)
      await other.goto(address + path)
      return other
    },
    async addPeople(...handles) {
      const uuids: string[] = []
      for (const handle of handles) uuids.push(await addPerson(client, handle))
      return uuids
    },
  }
}

async function openPage(browser: Browser, address: string, path: string, visit: Visit): Promise<Page> {
  const { as, width = 1280, options, before } = visit
  const context = await browser.newContext({ viewport: { width, height: 800 }, ...options })
  onTestFinished(() => context.close())
  if (as !== undefined) await context.addCookies([{ name: 'session', value: `sub-${as}`, url: address }])
  const page = await context.newPage()
  reportFaults(page)
  await before?.(page)
  await page.goto(address + path)
  return page
}

/** A violation of the policy, an exception or a complaint of the browser is a fault; an answer that is an error is not. */
function reportFaults(page: Page): void {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    const expected = /Failed to load resource|ERR_INTERNET_DISCONNECTED/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !expected) faults.push(message.text())
  })
  onTestFinished(() => expect(faults).toEqual([]))
}

/** What axe finds wrong with a page, as lines. Rules of WCAG 2.2 A and AA, and good practice. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof Axe }).axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    )
  })
}

/** What has the keyboard, as its role and name. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document
    if (element === null || element === document.body) return 'nothing'
    const name = element.getAttribute('aria-label') ?? element.textContent?.trim() ?? ''
    return `${element.tagName.toLowerCase()} ${element.id === '' ? name : `#${element.id}`}`.trim()
  })
}
