import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { makeCruddur, startCruddur } from '../tests/support/cruddur.ts'
import { pgbouncerIsThere, startPgBouncer, type PgBouncer } from '../tests/support/pgbouncer.ts'
import { makeProject } from '../tests/support/program.ts'
import { openPool, readPoolSettings } from './api/database.ts'
import { createStore } from './api/store/create-store.ts'
import { buildTestApp, signedInAs, testSettings } from './api/testing.ts'
import { addActivity, addPerson, only, testClient } from './db/test-client.ts'

const { client, clientConfig } = await testClient('schema.sql')
const database = clientConfig.database ?? ''
const people = Array.from({ length: 50 }, (_, index) => `person${index}`)

describe.skipIf(!pgbouncerIsThere('Cruddur was not tested behind a pooler'))(
  'behind PgBouncer in transaction mode',
  () => {
    const sessions = 5
    let pgbouncer: PgBouncer
    let author: string

    beforeAll(async () => {
      pgbouncer = await startPgBouncer({ sessions })
      for (const handle of people) await addPerson(client, handle)
      author = await addPerson(client, 'author')
    })
    afterAll(() => pgbouncer.stop())

    /** The API with as many connections as there are people; all of them go to the pooler. */
    function serve() {
      const { host, port, password } = pgbouncer
      const settings = readPoolSettings({ DATABASE_POOLER: 'transaction', DATABASE_POOL_SIZE: '50' })
      const pool = openPool({ host, port, user: 'postgres', password, database }, () => undefined, settings)
      const store = createStore({ pool })
      const app = buildTestApp({ pool, store, listen: clientConfig, settings: testSettings() })
      onTestFinished(async () => {
        await app.close()
        await store.close()
        await pool.end()
      })
      return app
    }

    test('fifty people write, like and read at once with five sessions: nothing is lost, doubled or refused', async () => {
      const app = serve()
      const root = await addActivity(client, author, { message: 'Like me', life: '1 day' })
      const ask = async (handle: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
        const headers = {
          ...signedInAs(`sub-${handle}`),
          ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
        }
        const answer = await app.inject({ method, url, headers, ...(payload && { payload }) })
        return answer.statusCode
      }
      const codes = await Promise.all(
        people.map(async (handle) => {
          const own: number[] = []
          for (let round = 0; round < 2; round += 1) {
            own.push(
              await ask(handle, 'POST', '/api/activities', { message: `${handle} ${round}`, ttl: '1-hour' }),
              await ask(handle, 'PUT', `/api/activities/${root}/like`),
              await ask(handle, 'POST', `/api/activities/${root}/reply`, { message: `${handle} ${round}` }),
              await ask(handle, 'GET', '/api/activities/home'),
              await ask(handle, 'GET', `/api/activities/${root}`),
              await ask(handle, 'DELETE', `/api/activities/${root}/like`),
              await ask(handle, 'PUT', `/api/activities/${root}/like`),
              await ask(handle, 'PUT', '/api/users/@author/follow'),
            )
          }
          return own
        }),
      )
      for (const own of codes)
        expect(own).toEqual(Array.from({ length: 2 }, () => [201, 200, 201, 200, 200, 200, 200, 200]).flat())
      const { rows } = await client.query(
        `select likes_count, replies_count, (select followers_count from users where handle = 'author') as followers,
         (select count(distinct message)::int from activities where reply_to_activity_uuid is null) - 1 as said,
         (select count(*)::int from activities where reply_to_activity_uuid is null) - 1 as rows
       from activities where uuid = $1`,
        [root],
      )
      expect(rows).toEqual([{ likes_count: 50, replies_count: 100, followers: 50, said: 100, rows: 100 }])
      // It was the pooler that did it: the server has seen a few sessions, and of transactions many.
      const served = await client.query<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and application_name = 'cruddur'`,
      )
      expect(only(served.rows).count).toBeGreaterThan(1)
      expect(only(served.rows).count).toBeLessThanOrEqual(sessions)
    })

    test('whoever leaves takes several statements in one transaction, which stay in one session', async () => {
      const app = serve()
      const leaver = await addPerson(client, 'leaver')
      await addActivity(client, leaver)
      const headers = signedInAs('sub-leaver')
      const gone = await app.inject({ method: 'DELETE', url: '/api/me', headers, payload: { handle: 'leaver' } })
      expect(gone.statusCode).toBe(204)
      expect((await client.query('select from users where uuid = $1', [leaver])).rowCount).toBe(0)
    })

    test('what happens is heard live over the connection to the server itself', async () => {
      const app = serve()
      await app.listen({ host: '127.0.0.1', port: 0 })
      const [address] = app.addresses() as AddressInfo[]
      const abort = new AbortController()
      onTestFinished(() => abort.abort())
      const response = await fetch(`http://127.0.0.1:${address?.port}/api/events`, { signal: abort.signal })
      let heard = ''
      const follow = async () => {
        for await (const chunk of response.body ?? []) heard += Buffer.from(chunk).toString()
      }
      void follow().catch(() => undefined)
      await expect
        .poll(
          async () =>
            (
              await client.query(`select from pg_stat_activity where application_name = 'cruddur events'
        and datname = current_database() and query like 'listen%'`)
            ).rowCount,
        )
        .toBeGreaterThan(0)
      const created = await app.inject({
        method: 'POST',
        url: '/api/activities',
        headers: signedInAs('sub-person0'),
        payload: { message: 'Live', ttl: '1-hour' },
      })
      const { uuid } = created.json<{ uuid: string }>()
      await expect.poll(() => heard, { timeout: 10_000 }).toContain(`"uuid":"${uuid}"`)
    })

    test('the program comes up behind it as in production, says where nothing is live, and hears where it may', async () => {
      const project = await makeCruddur()
      const env = {
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        DATABASE_URL: pgbouncer.url(database),
        DATABASE_POOLER: 'transaction',
        PUBLIC_URL: 'https://cruddur.example',
        SESSION_SECRET: 'a-secret-of-forty-characters-for-a-test-',
        COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEf123',
        COGNITO_CLIENT_ID: 'abcdef123456',
      }
      const deaf = await startCruddur(project, env)
      expect(deaf.said()).toContain(
        'Nothing is live: behind a pooler LISTEN_DATABASE_URL has to name the server itself.',
      )
      expect(await deaf.stop()).toBe(0)
      const { host, port } = clientConfig
      const direct = `postgresql:///${database}?host=${encodeURIComponent(String(host))}&port=${port}&user=postgres`
      const cruddur = await startCruddur(project, { ...env, LISTEN_DATABASE_URL: direct })
      expect(cruddur.said()).not.toContain('Nothing is live')
      expect(await cruddur.stop()).toBe(0)
    })

    test('pgrig does not migrate through it, and says why; what there is to migrate can be shown', async () => {
      const project = await makeProject({
        'pgrig.json': JSON.stringify({ database, migrations: 'migrations' }),
        'migrations/1_more.sql': '-- migrate:up\ncreate table more (id int);\n-- migrate:down\ndrop table more;\n',
      })
      const env = { DATABASE_URL: pgbouncer.url(database) }
      const refused = await project.pgrig(['migrate'], { env })
      expect(refused.code).toBe(1)
      expect(refused.stderr).toMatch(
        /There is a connection pooler .*: at the login it was process -?\d+, and now it is \d+\./,
      )
      expect(await project.pgrig(['migration', 'status', '--json'], { env })).toMatchObject({ code: 0 })
      expect((await client.query(`select to_regclass('more') as more`)).rows).toEqual([{ more: null }])
    })
  },
)
