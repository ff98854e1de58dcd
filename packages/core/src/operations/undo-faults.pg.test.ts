import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../../../tests/support/database.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { withMaintenance } from './connections.ts'
import { listPutAside } from './copies.ts'
import { createDatabase } from './create.ts'
import { findDatabase } from './database-state.ts'
import { dropDatabase } from './drop.ts'
import { setupDatabase } from './setup.ts'
import { planUndo, undoDrop } from './undo.ts'

let folder: string
let files: { schemaFile: string; seedFile: string }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgrig-faults-'))
  files = { schemaFile: join(folder, 'schema.sql'), seedFile: join(folder, 'seed.sql') }
  await writeFile(files.schemaFile, 'create table things (name text);')
  await writeFile(files.seedFile, `insert into things values ('new');`)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/**
 * A cluster as it is for a program that is killed after so many steps: its connections break, and nothing that it would
 * still do reaches the server. A step is a connection that is made, or a statement that is sent outside of a script.
 */
function mortal(cluster: Cluster, steps: number): { cluster: Cluster; survived: () => boolean } {
  const open = new Set<Connection>()
  let left = steps
  const step = () => {
    left -= 1
    if (left >= 0) return
    for (const connection of open) connection.leave()
    throw new Failure('connection_lost', 'killed')
  }
  const connectTo: Cluster['connect'] = async (database, options) => {
    step()
    const connection = await cluster.connect(database, options)
    open.add(connection)
    const query: Connection['query'] = async (strings, ...values) => {
      step()
      return connection.query(strings, ...values)
    }
    const run: Connection['run'] = async (text, values) => {
      step()
      return connection.run(text, values)
    }
    return Object.create(connection, { query: { value: query }, run: { value: run } }) as Connection
  }
  return { cluster: { database: cluster.database, connect: connectTo }, survived: () => left >= 0 }
}

async function ask(cluster: Cluster, sql: string): Promise<unknown> {
  const connection = await cluster.connect()
  try {
    const [row] = await connection.run(sql)
    return Object.values(row ?? {})[0]
  } finally {
    await connection.close()
  }
}

const find = (cluster: Cluster, name = cluster.database) =>
  withMaintenance(cluster, (connection) => findDatabase(connection, name))
const content = (cluster: Cluster) => ask(cluster, `select string_agg(name, ' ') from things`)

interface Deed {
  name: string
  /** Makes what is there before it. */
  before?: (cluster: Cluster) => Promise<void>
  work: (cluster: Cluster) => Promise<unknown>
  /** What is under the name when all went well. */
  after: string | undefined
}

const deeds: Deed[] = [
  { name: 'drop', work: (cluster) => dropDatabase(cluster), after: undefined },
  { name: 'drop --force', work: (cluster) => dropDatabase(cluster, { force: true }), after: undefined },
  { name: 'setup', work: (cluster) => setupDatabase(cluster, files), after: 'new' },
  { name: 'setup --force', work: (cluster) => setupDatabase(cluster, { ...files, force: true }), after: 'new' },
  {
    name: 'undo --force over a new one',
    async before(cluster) {
      await setupDatabase(cluster, files)
    },
    work: (cluster) => undoDrop(cluster, { force: true }),
    after: 'old',
  },
]

test.each(deeds)(
  'killed at any step of $name, nothing is lost, and undo leads back',
  async ({ before, work, after }) => {
    const database = await testDatabase()
    await ask(database, `create table things as select 'old'::text as name`)
    const treasure = (await find(database))?.oid
    for (let steps = 1; ; steps++) {
      await before?.(database)
      const { cluster, survived } = mortal(database, steps)
      await work(cluster).catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error
      })
      const whole = survived()
      if (whole) expect(await content(database).catch(() => undefined), `${steps} steps`).toBe(after)
      // It is there, under its name or as a copy, from which the next command can tell.
      const present = await find(database)
      const { copies } = await withMaintenance(database, (connection) => listPutAside(connection))
      const oids = await Promise.all(copies.map(async ({ copy }) => (await find(database, copy))?.oid))
      expect([present?.oid, ...oids], `${steps} steps`).toContain(treasure)
      if (present?.dropping || present?.setup)
        expect(await createDatabase(database).catch((error: Failure) => error.code), `${steps} steps`).toBe(
          'database_unfinished',
        )
      // Back to the beginning, as often as it takes, as the hints say.
      for (let tries = 0; tries < 3; tries++) {
        const now = await find(database)
        if (now?.oid === treasure && !now?.dropping) break
        await undoDrop(database, { force: true })
      }
      expect(await content(database), `${steps} steps`).toBe('old')
      expect((await find(database))?.notes, `${steps} steps`).toEqual({})
      if (whole) break
      expect(steps).toBeLessThan(100)
    }
  },
)

test('killed at any step of a setup, the next setup starts again, and undo still brings back what was there', async () => {
  const database = await testDatabase()
  await ask(database, `create table things as select 'old'::text as name`)
  const treasure = (await find(database))?.oid
  const leftovers = () => withMaintenance(database, async (connection) => (await listPutAside(connection)).leftovers)
  for (let steps = 1; ; steps++) {
    const { cluster, survived } = mortal(database, steps)
    await setupDatabase(cluster, { ...files, force: true }).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error
    })
    const now = await find(database)
    // It was done, or had only the older copies left to see to.
    if (survived() || (now?.oid !== treasure && !now?.setup)) break
    await setupDatabase(database, { ...files, force: true })
    expect(await content(database)).toBe('new')
    // What the interrupted one has made is not worth a copy, and leaves nothing else behind.
    expect(await planUndo(database), `${steps} steps`).toMatchObject({ present: 'kept' })
    await expect.poll(leftovers).toEqual([])
    await undoDrop(database, { force: true })
    expect((await find(database))?.oid, `${steps} steps`).toBe(treasure)
    expect(steps).toBeLessThan(100)
  }
})

test('killed while it gives the old database its place back, a setup leaves it as a copy, and undo does the rest', async () => {
  const database = await testDatabase()
  await ask(database, `create table things as select 'old'::text as name`)
  const broken = { ...files, seedFile: join(folder, 'broken.sql') }
  await writeFile(broken.seedFile, 'select nope;')
  for (let steps = 8; ; steps++) {
    const { cluster, survived } = mortal(database, steps)
    const failure = await setupDatabase(cluster, broken).catch((error: Failure) => error)
    if (survived()) {
      expect(failure).toMatchObject({ code: 'sql_error', state: `${database.database} is as it was before.` })
      break
    }
    const now = await find(database)
    if (now?.dropping || now?.setup) await undoDrop(database, { force: true })
    expect(await content(database), `${steps} steps`).toBe('old')
    expect(steps).toBeLessThan(100)
  }
})
