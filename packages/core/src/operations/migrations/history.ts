import type { Connection } from '../../postgres/connection.ts'
import { quoteIdentifier } from '../../script/variables.ts'

/** A row of `schema_migrations`. What stands beside the version is ours; a row that Rails or dbmate wrote has none of it. */
export interface AppliedMigration {
  version: string
  /** Of the file that was run. */
  checksum: string | null
  /** ISO 8601. */
  appliedAt: string | null
  seconds: number | null
  /** Who ran it: user and machine, and the role on the server. */
  appliedBy: string | null
  /** The program that ran it: `pgrig 0.1.0`. */
  appliedWith: string | null
}

/** A migration without a transaction that was begun and has not come to its end. */
export interface UnfinishedMigration {
  version: string
  direction: 'up' | 'down'
  checksum: string
  /** Statements that are done for certain. */
  done: number
  /** The statement behind those was begun, and cannot be in a transaction: nobody knows whether it is done. */
  begun: boolean
  /** What there was before that statement was begun: see `noteIndexes`. */
  before: string | null
  since: string
  by: string
}

const columns = [
  ['checksum', 'text'],
  ['applied_at', 'timestamptz'],
  ['seconds', 'double precision'],
  ['applied_by', 'text'],
  ['applied_with', 'text'],
] as const

/**
 * The table `schema_migrations` of a database. Its schema is looked up once, since a migration may change the search_path: that where
 * the table is, or else the first of the path.
 */
export class History {
  readonly #connection: Connection
  readonly #schema: string
  readonly #table: string
  readonly #unfinished: string

  private constructor(connection: Connection, schema: string) {
    this.#connection = connection
    this.#schema = schema
    this.#table = `${quoteIdentifier(schema)}.schema_migrations`
    this.#unfinished = `${quoteIdentifier(schema)}.schema_migrations_unfinished`
  }

  static async of(connection: Connection): Promise<History> {
    return new History(connection, await findHistorySchema(connection))
  }

  exists(): Promise<boolean> {
    return this.#has('schema_migrations')
  }

  /** Reads what was applied, in the order of the versions. A database without the table has nothing. */
  async read(): Promise<AppliedMigration[]> {
    if (!(await this.exists())) return []
    // As JSON, since the table of Rails or dbmate has the version alone.
    const rows = await this.#connection.run<{ row: Record<string, unknown> }>(
      `select to_jsonb(each) as row from ${this.#table} each order by length(version), version`,
    )
    const text = (value: unknown) => (typeof value === 'string' ? value : null)
    return rows.map(({ row }) => ({
      version: String(row['version']),
      checksum: text(row['checksum']),
      appliedAt: text(row['applied_at']),
      seconds: typeof row['seconds'] === 'number' ? row['seconds'] : null,
      appliedBy: text(row['applied_by']),
      appliedWith: text(row['applied_with']),
    }))
  }

  /** Makes the table, or gives that of Rails or dbmate the columns that it lacks; both leave them alone. */
  async prepare(): Promise<void> {
    if (!(await this.exists())) {
      const [schema] = await this.#connection.query`select from pg_namespace where nspname = ${this.#schema}`
      if (!schema) await this.#connection.run(`create schema if not exists ${quoteIdentifier(this.#schema)}`)
      await this.#connection.run(`create table if not exists ${this.#table} (version varchar(255) primary key)`)
    }
    const present = await this.#connection.query<{ name: string }>`
      select attname as name from pg_attribute
       where attrelid = ${this.#table}::regclass and attnum > 0 and not attisdropped`
    const missing = columns.filter(([name]) => !present.some((column) => column.name === name))
    if (missing.length === 0) return
    const additions = missing.map(([name, type]) => `add column if not exists ${name} ${type}`)
    await this.#connection.run(`alter table ${this.#table} ${additions.join(', ')}`)
  }

  /** Puts down that a migration was applied. In the transaction of the migration, where it has one. */
  async add({
    version,
    checksum,
    seconds,
    appliedBy,
    appliedWith,
  }: Omit<AppliedMigration, 'appliedAt'>): Promise<void> {
    await this.#connection.run(
      `insert into ${this.#table} (version, checksum, applied_at, seconds, applied_by, applied_with)
       values ($1, $2, clock_timestamp(), $3, $4, $5)`,
      [version, checksum, seconds, appliedBy, appliedWith],
    )
  }

  async remove(version: string): Promise<void> {
    await this.#connection.run(`delete from ${this.#table} where version = $1`, [version])
  }

  /** Reads the migration that stopped in the middle. There is at most one, since the next one waits for it. */
  async readUnfinished(): Promise<UnfinishedMigration | undefined> {
    if (!(await this.#has('schema_migrations_unfinished'))) return undefined
    const [row] = await this.#connection.run<UnfinishedMigration>(
      // An older pgrig has made it without the column before.
      `select version, direction, checksum, done, begun, to_jsonb(each) ->> 'before' as before, to_json(since) #>> '{}' as since, by
         from ${this.#unfinished} each`,
    )
    return row
  }

  /** Begins or goes on. The table is there only as long as it is needed, so that no dump ever holds it. */
  async beginUnfinished(begun: Pick<UnfinishedMigration, 'version' | 'direction' | 'checksum' | 'by'>): Promise<void> {
    const columns = await this.#connection.query<{ name: string }>`
      select attname as name from pg_attribute where attrelid = to_regclass(${this.#unfinished}) and attnum > 0`
    if (columns.length === 0)
      await this.#connection.run(`
        create table ${this.#unfinished} (
          version text primary key, direction text not null, checksum text not null, done int not null default 0, before text,
          begun boolean not null default false, since timestamptz not null default clock_timestamp(), by text not null
        )`)
    else if (!columns.some(({ name }) => name === 'before'))
      await this.#connection.run(`alter table ${this.#unfinished} add column before text`)
    await this.#connection.run(
      `insert into ${this.#unfinished} (version, direction, checksum, by) values ($1, $2, $3, $4)
       on conflict (version) do update set by = excluded.by`,
      [begun.version, begun.direction, begun.checksum, begun.by],
    )
  }

  /** `done` statements are done; `begun`: and the next was begun, before which there was what `before` says. */
  async noteProgress(version: string, done: number, begun: boolean, before: string | null = null): Promise<void> {
    await this.#connection.run(`update ${this.#unfinished} set done = $1, begun = $2, before = $3 where version = $4`, [
      done,
      begun,
      before,
      version,
    ])
  }

  async endUnfinished(): Promise<void> {
    await this.#connection.run(`drop table if exists ${this.#unfinished}`)
  }

  async #has(name: string): Promise<boolean> {
    const [row] = await this.#connection.query<{ there: boolean }>`
      select exists (
        select from pg_class c join pg_namespace n on n.oid = relnamespace where relname = ${name} and nspname = ${this.#schema}
      ) as there`
    return row?.there ?? false
  }
}

/** Finds the schema of `schema_migrations`, or the one that it would be made in. */
export async function findHistorySchema(connection: Connection): Promise<string> {
  const [found] = await connection.query<{ schema: string | null; path: string }>`
    select coalesce(
      (select nspname from pg_class c join pg_namespace n on n.oid = relnamespace
        where c.oid = to_regclass('schema_migrations')), current_schema()) as schema,
      current_setting('search_path') as path`
  return found?.schema ?? firstOfPath(found?.path ?? '') ?? 'public'
}

/** The first schema of a search_path, be it there or not: dbmate makes it. */
function firstOfPath(path: string): string | undefined {
  const [, quoted, plain] = /^\s*(?:"((?:[^"]|"")+)"|([^\s,"]+))/.exec(path) ?? []
  const name = quoted?.replaceAll('""', '"') ?? plain?.toLowerCase()
  return name === '$user' ? undefined : name
}
