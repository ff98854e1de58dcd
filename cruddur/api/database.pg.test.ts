import { afterAll, expect, test } from 'vitest'
import { addActivity, addPerson, loadSql, testClient } from '../db/test-client.ts'
import { DatabaseUnavailable, openPool, ping } from './database.ts'
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
  expect((await store.readHome(undefined, { limit: 40 })).body).toContain('Still here')
  await expect.poll(() => ended.length).toBeGreaterThan(0)
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
