import type pg from 'pg'
import { afterAll, expect } from 'vitest'
import { testClient } from './test-client.ts'
import { openPool, type Pool } from '../api/database.ts'
import { createStore } from '../api/store/create-store.ts'
import type { Page, Store } from '../api/store/store.ts'

/** An activity as the API shows it. */
export interface Card {
  uuid: string
  display_name: string
  handle: string
  message: string
  replies_count: number
  reposts_count: number
  likes_count: number
  reply_to_activity_uuid: string | null
  expires_at: string
  created_at: string
  liked: boolean
  reposted: boolean
  mine: boolean
}

export interface TestStore {
  store: Store
  pool: pg.Pool & Pool
  client: pg.Client
  clientConfig: pg.ClientConfig
}

/** A store over a new database of this test file. */
export async function testStore(): Promise<TestStore> {
  const { client, clientConfig } = await testClient('schema.sql')
  const pool = openPool(clientConfig, () => undefined)
  const store = createStore({ pool })
  afterAll(async () => {
    await store.close()
    await pool.end()
  })
  return { store, pool, client, clientConfig }
}

/** The activities of a page. */
export function cards(page: Page | undefined): Card[] {
  return JSON.parse(page?.body ?? 'null')
}

/** The messages of a page, which a test can tell apart. */
export function messages(page: Page | undefined): string[] {
  return cards(page).map(({ message }) => message)
}

/** The messages of all pages of a list, one after the other. */
export async function readAll(read: (cursor: string | undefined) => Promise<Page | undefined>): Promise<string[]> {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    seen.push(...messages(page))
    expect(messages(page).length, 'a page that was announced is not empty').toBeGreaterThan(0)
    cursor = page?.next ?? undefined
  } while (cursor !== undefined)
  return seen
}
