import pg from 'pg'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { startReplicated } from '../../../tests/support/replica.ts'
import { addActivity, addPerson, loadSql } from '../../db/test-client.ts'
import { messages } from '../../db/test-store.ts'
import { openPool, type Pool } from '../database.ts'
import { createStore } from './create-store.ts'

const servers = await startReplicated('cruddur')
const primary = new pg.Client(servers.primary)
await primary.connect()
await loadSql(primary, 'schema.sql')
const author = await addPerson(primary, 'andrewbrown')
await addPerson(primary, 'bayko')
const pool = openPool(servers.primary, () => undefined)
const readPool = openPool(servers.replica, () => undefined)
/** How often the home feed was read on the replica. */
let reads = 0
const counting: Pool = {
  query(query) {
    if (query.name === 'home') reads += 1
    return readPool.query(query)
  },
}
const store = createStore({ pool, readPool: counting })
afterAll(async () => {
  await store.close()
  await pool.end()
  await readPool.end()
  await primary.end().catch(() => undefined)
  await servers.remove()
})

const said = { message: 'Hello', ttlSeconds: 3_600 }
const read = async (viewer?: string) => messages(await store.readHome(viewer, { limit: 9 }))

/** Stops or continues the replay of the log: what is written is received meanwhile, and not seen. */
async function replay(verb: 'pause' | 'resume'): Promise<void> {
  await readPool.query(`select pg_wal_replay_${verb}()`)
  if (verb === 'resume') return
  await expect
    .poll(async () => (await readPool.query('select pg_get_wal_replay_pause_state() as state')).rows)
    .toEqual([{ state: 'paused' }])
}

/** Waits until reads without a viewer come from the replica, and it has all. */
async function untilItFollows(): Promise<void> {
  for (;;) {
    const { rows } = await primary.query<{ position: string }>('select pg_current_wal_insert_lsn() as position')
    await expect
      .poll(async () => {
        const replayed = await readPool.query('select pg_last_wal_replay_lsn() >= $1::pg_lsn as there', [
          rows[0]?.position,
        ])
        return replayed.rows
      })
      .toEqual([{ there: true }])
    const before = reads
    for (let times = 0; times < 5; times += 1) await read()
    if (reads >= before + 5) return
  }
}

beforeEach(async () => {
  await primary.query('delete from activities')
  await untilItFollows()
})

test('reads come from the replica, and whoever wrote sees it at once', async () => {
  await replay('pause')
  const made = await store.createActivity('sub-andrewbrown', said)
  expect(made.status).toBe('created')
  expect(await read('sub-andrewbrown'), 'the writer').toEqual(['Hello'])
  expect(await read('sub-bayko'), 'another').toEqual([])
  expect(await read(), 'nobody').toEqual([])
  await replay('resume')
  await expect.poll(() => read()).toEqual(['Hello'])
  await untilItFollows()
  await expect
    .poll(async () => {
      const before = reads
      expect(await read('sub-andrewbrown')).toEqual(['Hello'])
      return reads - before
    })
    .toBe(1)
})

test('whoever writes again and again never sees less than they wrote', async () => {
  for (let number = 1; number <= 40; number += 1) {
    await store.createActivity('sub-bayko', { ...said, message: `${number}` })
    expect((await store.readHome('sub-bayko', { limit: 1 })).body).toContain(`"message":"${number}"`)
  }
})

test('a replica that lags is asked no more, until it has caught up', async () => {
  await replay('pause')
  await addActivity(primary, author, { message: 'Late' })
  await expect.poll(() => read(), { timeout: 20_000 }).toEqual(['Late'])
  await replay('resume')
  await untilItFollows()
  expect(await read()).toEqual(['Late'])
})

test('a replica that goes is not missed, and is asked again when it is back', async () => {
  await addActivity(primary, author, { message: 'Here' })
  await untilItFollows()
  const outcomes = new Set<string>()
  let enough = false
  const readers = Array.from({ length: 4 }, async () => {
    while (!enough) outcomes.add((await read()).join())
  })
  await servers.stopReplica()
  expect(await read()).toEqual(['Here'])
  await servers.startReplica()
  await expect
    .poll(async () => {
      const before = reads
      await read()
      return reads > before
    })
    .toBe(true)
  enough = true
  await Promise.all(readers)
  expect([...outcomes]).toEqual(['Here'])
  await untilItFollows()
})

test('while the primary is gone, what the replica has can still be read', async () => {
  await addActivity(primary, author, { message: 'Here' })
  await untilItFollows()
  primary.on('error', () => undefined)
  await servers.stopPrimary()
  for (let times = 0; times < 20; times += 1) expect(await read()).toEqual(['Here'])
  await expect(store.createActivity('sub-andrewbrown', said)).rejects.toThrow('The database does not answer')
})
