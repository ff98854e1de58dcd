import { afterAll, describe, expect, test } from 'vitest'
import { addActivity, addPerson, loadSql, testClient } from '../db/test-client.ts'
import { ask, DatabaseUnavailable, openPool, ping, readPoolSettings, transact } from './database.ts'
import { createStore } from './store/create-store.ts'

const { client, clientConfig } = await testClient('schema.sql')
await addActivity(client, await addPerson(client, 'andrewbrown'), { message: 'Still here' })
const ended: Error[] = []
const pool = openPool({ ...clientConfig, application_name: 'cruddur' }, (error) => void ended.push(error))
const store = createStore({ pool })
afterAll(() => pool.end())

async function endSessions(): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cruddur' and datname = current_database()`,
  )
}

test('a page of the feed comes as the text of a JSON array', async () => {
  expect(JSON.parse((await store.readHome(undefined, { limit: 40 })).body)).toMatchObject([{ message: 'Still here' }])
})

test('no query runs for ever, and the sessions have a name', async () => {
  const { rows } = await pool.query(
    `select current_setting('statement_timeout') as patience, current_setting('application_name') as name`,
  )
  expect(rows).toEqual([{ patience: '5s', name: 'cruddur' }])
})

test('sessions that are ended from outside are reported, and the next query works', async () => {
  await Promise.all([ping(pool), ping(pool), ping(pool)])
  await endSessions()
  await expect.poll(() => ended.length).toBeGreaterThan(0)
  expect((await store.readHome(undefined, { limit: 40 })).body).toContain('Still here')
})

test('sessions that are ended in the middle of queries give no wrong answer', async () => {
  const outcomes: string[] = []
  let enough = false
  const readers = Array.from({ length: 8 }, async () => {
    while (!enough) {
      try {
        outcomes.push((await store.readHome(undefined, { limit: 40 })).body.includes('Still here') ? 'right' : 'wrong')
      } catch (error) {
        outcomes.push(error instanceof DatabaseUnavailable ? 'unavailable' : String(error))
      }
    }
  })
  for (let round = 0; round < 20; round += 1) await endSessions()
  enough = true
  await Promise.all(readers)
  expect(outcomes.filter((outcome) => outcome !== 'right' && outcome !== 'unavailable')).toEqual([])
  expect((await store.readHome(undefined, { limit: 40 })).body).toContain('Still here')
})

test('a schema that is made anew under open sessions is used at once', async () => {
  await client.query('drop schema public cascade; create schema public')
  await loadSql(client, 'schema.sql')
  expect((await store.readHome(undefined, { limit: 40 })).body).toBe('[]')
})

test('a database that is not there is unavailable', async () => {
  const lost = openPool({ ...clientConfig, database: 'cruddur_is_not_here' }, () => undefined)
  try {
    await expect(ping(lost)).rejects.toBeInstanceOf(DatabaseUnavailable)
  } finally {
    await lost.end()
  }
})

test('a server that is not there is unavailable', async () => {
  const lost = openPool({ host: '127.0.0.1', port: 1 }, () => undefined)
  try {
    await expect(createStore({ pool: lost }).readHome(undefined, { limit: 40 })).rejects.toBeInstanceOf(
      DatabaseUnavailable,
    )
  } finally {
    await lost.end()
  }
})

describe('a pool that is exhausted', () => {
  const small = openPool(clientConfig, () => undefined, { size: 1 })
  afterAll(() => small.end())

  test('lets some wait, and says the others at once that it is full', async () => {
    const slow = small.query('select pg_sleep(0.3)')
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => ping(small)))
    await slow
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused.length).toBeGreaterThanOrEqual(100 - 32)
    expect(refused.length).toBeLessThan(100)
    for (const { reason } of refused) expect(reason).toBeInstanceOf(DatabaseUnavailable)
    await ping(small)
  })

  test('lets nobody wait for long', async () => {
    await client.query('begin')
    await client.query('lock table users')
    try {
      const store = createStore({ pool: small })
      const outcomes = await Promise.allSettled([store.readHome(undefined, { limit: 1 }), ping(small)])
      expect(outcomes.map((each) => each.status === 'rejected' && each.reason)).toEqual([
        expect.any(DatabaseUnavailable),
        expect.any(DatabaseUnavailable),
      ])
    } finally {
      await client.query('rollback')
    }
    await ping(small)
  })
})

describe('behind a pooler in transaction mode', () => {
  const pooled = openPool(clientConfig, () => undefined, { size: 1, transactionPooler: true })
  afterAll(() => pooled.end())

  test('nothing is prepared, and nothing set for the session', async () => {
    const store = createStore({ pool: pooled })
    await store.readHome(undefined, { limit: 1 })
    await store.deleteAccount('sub-nobody', 'nobody')
    await store.close()
    const { rows } = await pooled.query(
      `select (select count(*)::int from pg_prepared_statements) as prepared,
         (select array_agg(name) from pg_settings where source in ('client', 'session') and name not in
           ('application_name', 'client_encoding')) as settings`,
    )
    expect(rows).toEqual([{ prepared: 0, settings: null }])
  })

  test('elsewhere statements are prepared under their names', async () => {
    const single = openPool(clientConfig, () => undefined, { size: 1 })
    try {
      await createStore({ pool: single }).readHome(undefined, { limit: 1 })
      const { rows } = await single.query('select name from pg_prepared_statements')
      expect(rows).toEqual([{ name: 'home' }])
    } finally {
      await single.end()
    }
  })
})

describe('a statement that was given up for another’s sake', () => {
  test('is run again', async () => {
    await client.query('create table if not exists rows (number int primary key, value int not null default 0)')
    await client.query('insert into rows values (1), (2) on conflict do nothing')
    const cross = (numbers: number[]) =>
      transact(pool, async (transaction) => {
        for (const number of numbers) {
          await transaction.query({ text: 'update rows set value = value + 1 where number = $1', values: [number] })
        }
      })
    await Promise.all(Array.from({ length: 4 }, (_, round) => cross(round % 2 === 0 ? [1, 2] : [2, 1])))
    const { rows } = await client.query('select value from rows order by number')
    expect(rows).toEqual([{ value: 4 }, { value: 4 }])
  })

  test('is tried some times, and then the database is unavailable', async () => {
    const raise = `do $$ begin raise exception 'again' using errcode = '40001'; end $$`
    let tries = 0
    const counting = {
      connect: () => pool.connect(),
      query: (query: { text: string }) => {
        tries += 1
        return pool.query(query)
      },
    }
    await expect(ask(counting, { text: raise })).rejects.toBeInstanceOf(DatabaseUnavailable)
    expect(tries).toBe(5)
  })
})

test('a transaction that fails leaves nothing, and its connection is of use to others', async () => {
  const broken = transact(pool, async (transaction) => {
    await transaction.query({ text: 'create table half (a int)' })
    await transaction.query({ text: 'select 1 / 0' })
  })
  await expect(broken).rejects.toMatchObject({ code: '22012' })
  const { rows } = await client.query(`select to_regclass('half') as half`)
  expect(rows).toEqual([{ half: null }])
  for (let times = 0; times < 8; times += 1) await ping(pool)
})

describe('the settings of the pool', () => {
  test('are read from the environment', () => {
    expect(readPoolSettings({})).toEqual({ transactionPooler: false })
    expect(readPoolSettings({ DATABASE_POOL_SIZE: '12', DATABASE_POOLER: 'transaction' })).toEqual({
      size: 12,
      transactionPooler: true,
    })
    expect(readPoolSettings({ DATABASE_POOLER: 'session' })).toEqual({ transactionPooler: false })
  })

  test.each([{ DATABASE_POOL_SIZE: '0' }, { DATABASE_POOL_SIZE: 'many' }, { DATABASE_POOLER: 'pgbouncer' }])(
    '%j is refused by its name',
    (variables) => {
      expect(() => readPoolSettings(variables)).toThrow(Object.keys(variables)[0])
    },
  )
})
