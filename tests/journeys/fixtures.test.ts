import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { connect, fileSource, removeServer, runScript, runScripts, startServer, type Connection } from '@pgrig/core'

const file = (name: string) => fileSource(fileURLToPath(new URL(`../../cruddur/db/${name}`, import.meta.url)), name)

const fixtures = String.raw`
copy users (uuid, display_name, handle, cognito_user_id) from stdin with (format csv);
0199c000-0000-7000-8000-000000000901,"Lovelace, Ada",ada,sub-901
\.
insert into activities (user_uuid, message, expires_at)
select uuid, :'message', now() + interval '1 day' from users where handle = 'ada';
`

let folder: string
let connection: Connection

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fixtures-'))
  await chmod(folder, 0o755) // As root, the server runs as another user, who has to get in.
  const { socketFolder: host, port } = await startServer(folder, { durable: false })
  connection = await connect(
    { host, port, user: 'postgres', database: 'postgres', tls: { mode: 'disable' }, connectTimeoutSeconds: 10 },
    { application: 'fixtures' },
  )
  await runScripts([await file('schema.sql'), await file('seed.sql')], connection, { resetBetween: true })
})

afterAll(async () => {
  await connection?.close()
  await removeServer(folder)
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  await connection.run('begin')
  await runScript(fixtures, connection, { transaction: 'inside', variables: { message: "It's only a test" } })
})

afterEach(() => connection.run('rollback'))

test('a person who leaves takes their activities along', async () => {
  await connection.query`delete from users where handle = ${'ada'}`
  const left = await connection.query`select message from activities where message like ${"It's%"}`
  expect(left).toEqual([])
})

test('every test finds the fixtures as they were', async () => {
  const [row] = await connection.query<{ message: string }>`
    select message from activities join users on users.uuid = user_uuid where handle = ${'ada'}`
  expect(row?.message).toBe("It's only a test")
})
