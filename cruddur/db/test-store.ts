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

/** The rows whose counts are not those of the rows that are there: none, where all is well. */
export async function findWrongCounts(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(
    `select uuid, likes_count, reposts_count, replies_count from activities
     where replies_count <> (select count(*) from activities as reply where reply.reply_to_activity_uuid = activities.uuid)
        or likes_count <> (select count(*) from likes where activity_uuid = activities.uuid)
        or reposts_count <> (select count(*) from reposts where activity_uuid = activities.uuid)
     union all
     select uuid, followers_count, following_count, null from users
     where followers_count <> (select count(*) from follows where followed_uuid = users.uuid)
        or following_count <> (select count(*) from follows where follower_uuid = users.uuid)`,
  )
  return rows
}

/** Moves all activities back in time, which is the same as waiting. */
export async function letTimePass(client: pg.Client, interval: string): Promise<void> {
  await client.query(
    'update activities set created_at = created_at - $1::interval, expires_at = expires_at - $1::interval',
    [interval],
  )
}

/** Works on all items, so many at a time, and returns what came of each. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const entries = items.entries()
  const worker = async (): Promise<void> => {
    for (const [number, item] of entries) results[number] = await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
