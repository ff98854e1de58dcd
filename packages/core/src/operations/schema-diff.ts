import { randomBytes } from 'node:crypto'
import { compareSchemas, type Change, type CompareOptions } from '../catalog/diff/compare.ts'
import { describeVersions, findLikelyRenames } from '../catalog/diff/renames.ts'
import { head, writeStatements, type DiffStatement } from '../catalog/diff/statements.ts'
import type { Schema } from '../catalog/model.ts'
import { orderObjects } from '../catalog/order.ts'
import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { quoteIdentifier } from '../script/variables.ts'
import { withConnection, withMaintenance } from './connections.ts'
import { loadScript, type LoadOptions, type Script } from './load.ts'
import { withSchema } from './undisturbed.ts'

/** One side of a diff. */
export type DiffSide =
  | { readonly kind: 'database'; readonly cluster: Cluster }
  /** What a script makes in an empty database: a scratch one on the first of the servers that lets us create it. */
  | {
      readonly kind: 'script'
      readonly script: Script
      readonly scratch: readonly (() => Promise<Cluster>)[]
      readonly options?: LoadOptions
    }

export interface SchemaDifference {
  readonly changes: readonly Omit<Change, 'before' | 'after'>[]
  /** What brings the first side to the second, in order; they can run in one transaction. */
  readonly statements: readonly DiffStatement[]
  /** What may have been renamed, as sentences. */
  readonly likelyRenames: readonly string[]
  /** What else is good to know, as sentences. */
  readonly notes: readonly string[]
  /** What the statements do not do, as sentences: where there are such, they do not lead all the way. */
  readonly incomplete: readonly string[]
}

/** A change as it is told: the objects themselves are much to read. */
function withoutObjects({ change, id, kind, of, details }: Change): Omit<Change, 'before' | 'after'> {
  return { change, id, kind, ...(of !== undefined && { of }), details }
}

/**
 * Finds out what differs between two schemas, and what brings the one to the other. Changes neither: a scratch database is dropped in any
 * case. Throws what loading a script throws.
 */
export async function diffSchemas(
  from: DiffSide,
  to: DiffSide,
  options: CompareOptions = {},
): Promise<SchemaDifference> {
  const [before, after] = [await readSide(from), await readSide(to)]
  const changes = compareSchemas(before.schema, after.schema, options)
  return {
    changes: changes.map(withoutObjects),
    statements: writeStatements(before.schema, after.schema, { ...options, role: before.role }),
    likelyRenames: findLikelyRenames(changes),
    notes: describeVersions(before.schema, after.schema),
    incomplete: [...uncovered(before.schema, after.schema), ...findCyclic(after.schema, changes)],
  }
}

/** Writes the statements as a script, for `run` or psql. What loses something, and what is not done, is marked by a comment. */
export function diffScript({ statements, incomplete }: Pick<SchemaDifference, 'statements' | 'incomplete'>): string {
  const missing = incomplete.map((sentence) => `-- incomplete: ${sentence.replaceAll(/\s+/g, ' ')}\n`).join('')
  if (statements.length === 0) return missing
  const texts = statements.map(
    ({ sql, destructive }) =>
      `${destructive === undefined ? '' : `-- destructive: ${destructive.replaceAll(/\s+/g, ' ')}\n`}${sql};\n`,
  )
  return `${missing}${head}\n${texts.join('')}`
}

interface Side {
  schema: Schema
  role: string
}

function readSide(side: DiffSide): Promise<Side> {
  return side.kind === 'database' ? withConnection(side.cluster, readFrom) : readScript(side)
}

async function readFrom(connection: Connection): Promise<Side> {
  const schema = await withSchema(connection, {}, async (read) => read)
  const [row] = await connection.run<{ role: string }>('select current_user as role')
  return { schema, role: row?.role ?? '' }
}

async function readScript({ script, scratch, options }: DiffSide & { kind: 'script' }): Promise<Side> {
  for (const [index, open] of scratch.entries()) {
    const cluster = await open()
    try {
      return await withScratchDatabase(cluster, async (connection) => {
        try {
          await loadScript(connection, script, options)
        } catch (error) {
          throw explained(error)
        }
        return readFrom(connection)
      })
    } catch (error) {
      if (!(error instanceof CannotCreate)) throw error
      if (index === scratch.length - 1) throw error.failure
    }
  }
  throw new Error('unreachable: there is a server for the scratch database')
}

/** Carries a failure past those of the script. */
class CannotCreate extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

/** Works in an empty database that is dropped afterwards, whatever happens. */
async function withScratchDatabase<T>(cluster: Cluster, work: (connection: Connection) => Promise<T>): Promise<T> {
  let name = ''
  try {
    try {
      await withMaintenance(cluster, async (connection) => {
        const now = await dropForgotten(connection)
        name = `pgrig_scratch_${now}_${randomBytes(8).toString('hex')}`
        // Nothing that a new database gets from template1 is in the way.
        await connection.run(`create database ${quoteIdentifier(name)} template template0`)
      })
    } catch (error) {
      if (error instanceof Failure && error.sql?.sqlstate === '42501') throw new CannotCreate(error)
      throw error
    }
    const connection = await cluster.connect(name)
    try {
      return await work(connection)
    } finally {
      await connection.close()
    }
  } finally {
    await dropScratch(cluster, name)
  }
}

/**
 * Drops scratch databases that a killed process has left: made more than ten minutes ago, and nobody is in them. Returns the server's time, in
 * seconds.
 */
async function dropForgotten(connection: Connection): Promise<string> {
  const rows = await connection.run<{ now: string; names: string[] }>(`
    select extract(epoch from now())::int8 as now, array(
             select datname::text from pg_database d
              where datname ~ '^pgrig_scratch_[0-9]+_' and pg_has_role(datdba, 'member')
                and split_part(datname, '_', 3)::int8 < extract(epoch from now()) - 600
                and not exists (select from pg_stat_activity a where a.datid = d.oid)) as names`)
  const { now = '0', names = [] } = rows[0] ?? {}
  for (const forgotten of names)
    await connection.run(`drop database if exists ${quoteIdentifier(forgotten)}`).catch((error: unknown) => {
      // Somebody else was quicker, or has gone into it.
      if (!(error instanceof Failure) || error.sql === undefined) throw error
    })
  return now
}

async function dropScratch(cluster: Cluster, name: string): Promise<void> {
  if (name === '') return
  // After Ctrl-C too.
  const session = { signal: new AbortController().signal, onNotice: () => {} }
  const unstopped: Cluster = {
    database: cluster.database,
    connect: (database, options) => cluster.connect(database, { ...options, ...session }),
  }
  await withMaintenance(unstopped, (connection) =>
    connection.run(`drop database if exists ${quoteIdentifier(name)} with (force)`),
  )
}

/** What a script needs of a server besides its own database. */
function explained(error: unknown): unknown {
  if (!(error instanceof Failure)) return error
  const extension = /extension "(.*)" is not available/.exec(error.message)?.[1]
  const role = error.sql?.sqlstate === '42704' ? /role "(.*)" does not exist/.exec(error.message)?.[1] : undefined
  if (extension === undefined && role === undefined) return error
  const lacks = extension === undefined ? `the role ${role}` : `the extension ${extension}`
  return error.with({
    hint: `The file is loaded into a scratch database, and its server has not ${lacks}. Load the file into a database of its own on a server that has it, and name that with --from or --to.`,
  })
}

/** New things that need each other in a way that no order of statements allows. */
function findCyclic({ objects }: Schema, changes: readonly Change[]): string[] {
  const changed = new Set(changes.map(({ id }) => id))
  return orderObjects(objects)
    .unresolved.filter((ids) => ids.some((id) => changed.has(id)))
    .map((ids) => `No order is known in which these are made, since they need each other: ${ids.join(', ')}.`)
}

/** What stands on one side alone and the model does not hold, as far as it would be a difference. */
function uncovered(from: Schema, to: Schema): string[] {
  const [before, after] = [from, to].map(({ uncovered: list }) => new Set(list.map(({ object }) => object)))
  return [...from.uncovered, ...to.uncovered]
    .filter(({ object }) => before?.has(object) !== after?.has(object))
    .map(({ object, why }) => `Not compared: ${object}. ${why}`)
}
