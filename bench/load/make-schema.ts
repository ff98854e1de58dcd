// A script of the shape that pg_dump writes: the structure.sql of a Rails application, or with rows a whole small database.
import { Random } from './random.ts'

export interface SchemaShape {
  seed: number
  tables: number
  functions: number
  views: number
  /** Columns of a table at most, beside those that every table has. */
  columns: number
  /** Columns hold short values only, which are cheap to check and to index. */
  short?: boolean
  /** Rows of each table, in COPY blocks. Default: none, and no block. */
  rows?: readonly number[]
}

/** Some 5,000 statements and a megabyte, as a big Rails application has. */
export const railsShape: SchemaShape = { seed: 5, tables: 471, functions: 40, views: 12, columns: 12 }

/** As many statements, tables and rows as Pagila, the example database. */
export const pagilaShape: SchemaShape = {
  seed: 21,
  tables: 21,
  functions: 30,
  views: 14,
  columns: 3,
  short: true,
  rows: [6, 109, 600, 603, 2, 2, 599, 16, 200, 1000, 1000, 5462, 4581, 16_044, 723, 2401, 2713, 2547, 2677, 2654, 2334],
}

export interface MadeScript {
  text: string
  statements: number
}

interface Column {
  name: string
  /** With default and NOT NULL. */
  type: string
  /** The table that it refers to. */
  refersTo?: number
  value: (random: Random, row: number) => string
}

interface Table {
  name: string
  columns: Column[]
}

/** Makes the same script for the same shape, always. */
export function makeSchema(shape: SchemaShape): MadeScript {
  const random = new Random(shape.seed)
  const script = new ScriptText()
  const tables = makeTables(random, shape)
  const functions = Array.from({ length: shape.functions }, (_, index) => `touch_${index + 1}`)

  writeHeader(script)
  for (const [name, labels] of statusTypes)
    script.object(name, 'TYPE', `CREATE TYPE public.${name} AS ENUM (\n    '${labels.join("',\n    '")}'\n)`)
  for (const name of functions) writeFunction(script, random, name)
  for (const table of tables) writeTable(script, random, table)
  for (let view = 1; view <= shape.views; view++) writeView(script, random, tables, view)
  for (const { name } of tables) {
    const next = `nextval('public.${name}_id_seq'::regclass)`
    script.object(`${name} id`, 'DEFAULT', `ALTER TABLE ONLY public.${name} ALTER COLUMN id SET DEFAULT ${next}`)
  }
  if (shape.rows)
    for (const [index, table] of tables.entries()) writeRows(script, random, table, shape.rows[index] ?? 0)
  for (const { name } of tables) {
    const key = `ADD CONSTRAINT ${name}_pkey PRIMARY KEY (id)`
    script.object(`${name} ${name}_pkey`, 'CONSTRAINT', `ALTER TABLE ONLY public.${name}\n    ${key}`)
  }
  for (const table of tables) writeIndexes(script, random, table)
  for (const { name } of tables) {
    if (!random.chance(0.15) || functions.length === 0) continue
    const runs = `FOR EACH ROW EXECUTE FUNCTION public.${random.pick(functions as [string, ...string[]])}()`
    script.object(`${name} touch`, 'TRIGGER', `CREATE TRIGGER touch_${name} BEFORE UPDATE ON public.${name} ${runs}`)
  }
  for (const table of tables) writeForeignKeys(script, random, table, tables)
  script.add(`SET search_path TO "$user", public`)
  return { text: script.text(), statements: script.statements }
}

/** The statements so far, with the comments that pg_dump puts before each. */
class ScriptText {
  statements = 0
  readonly #parts: string[] = ['--\n-- PostgreSQL database dump\n--\n\n']

  add(statement: string): void {
    this.statements++
    this.#parts.push(statement, ';\n')
  }

  object(name: string, type: string, statement: string): void {
    this.#parts.push(`\n\n--\n-- Name: ${name}; Type: ${type}; Schema: public; Owner: -\n--\n\n`)
    this.add(statement)
  }

  copy(table: string, columns: string[], rows: Iterable<string>): void {
    this.object(table, 'TABLE DATA', `COPY public.${table} (${columns.join(', ')}) FROM stdin`)
    for (const row of rows) this.#parts.push(row, '\n')
    this.#parts.push('\\.\n\n')
  }

  text(): string {
    return `${this.#parts.join('')}\n\n--\n-- PostgreSQL database dump complete\n--\n\n`
  }
}

const statusTypes = [
  ['review_status', ['unreviewed', 'reviewed', 'returned']],
  ['visibility', ['private', 'internal', 'public']],
  ['shipping_state', ['waiting', 'packed', 'on its way', 'delivered', 'lost']],
] as const

function writeHeader(script: ScriptText): void {
  const settings = {
    statement_timeout: '0',
    lock_timeout: '0',
    idle_in_transaction_session_timeout: '0',
    client_encoding: "'UTF8'",
    standard_conforming_strings: 'on',
    check_function_bodies: 'false',
    xmloption: 'content',
    client_min_messages: 'warning',
    row_security: 'off',
  }
  for (const [name, value] of Object.entries(settings)) script.add(`SET ${name} = ${value}`)
  script.add(`SELECT pg_catalog.set_config('search_path', '', false)`)
  script.add(`SET default_tablespace = ''`)
  script.add('SET default_table_access_method = heap')
}

function writeFunction(script: ScriptText, random: Random, name: string): void {
  script.object(
    `${name}()`,
    'FUNCTION',
    `CREATE FUNCTION public.${name}() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  changed integer := ${random.whole(1, 9)};
BEGIN
  -- It's touched; the "row" knows when.
  IF NEW.updated_at = OLD.updated_at THEN
    NEW.updated_at := now() + ${random.whole(1, 60)} * interval '1 second';
  END IF;
  RAISE DEBUG 'changed: %', changed; /* ${random.words(4, 12).replaceAll("'", '’')} */
  RETURN NEW;
END;
$$`,
  )
}

function writeTable(script: ScriptText, random: Random, { name, columns }: Table): void {
  const lines = ['id bigint NOT NULL', ...columns.map((column) => `${column.name} ${column.type}`)]
  for (const column of columns) {
    if (!column.type.startsWith('text') || column.type.startsWith('text[]') || !random.chance(0.6)) continue
    lines.push(`CONSTRAINT check_${random.hexadecimal(10)} CHECK ((char_length(${column.name}) <= 4096))`)
  }
  script.object(name, 'TABLE', `CREATE TABLE public.${name} (\n    ${lines.join(',\n    ')}\n)`)
  if (random.chance(0.4)) {
    const comment = random.words(6, 20).replaceAll("'", "''")
    script.object(`TABLE ${name}`, 'COMMENT', `COMMENT ON TABLE public.${name} IS '${comment}'`)
  }
  for (const column of columns) {
    if (!random.chance(0.03)) continue
    const comment = `'${random.words(3, 9).replaceAll("'", "''")}'`
    script.object(`COLUMN ${name}`, 'COMMENT', `COMMENT ON COLUMN public.${name}.${column.name} IS ${comment}`)
  }
  const sequence = `${name}_id_seq`
  const counts = '    START WITH 1\n    INCREMENT BY 1\n    NO MINVALUE\n    NO MAXVALUE\n    CACHE 1'
  script.object(sequence, 'SEQUENCE', `CREATE SEQUENCE public.${sequence}\n${counts}`)
  script.object(sequence, 'SEQUENCE OWNED BY', `ALTER SEQUENCE public.${sequence} OWNED BY public.${name}.id`)
}

function writeView(script: ScriptText, random: Random, tables: Table[], number: number): void {
  const { name, columns } = random.pick(tables as [Table, ...Table[]])
  const [first, second] = columns
  const list = [first, second].map((column) => `    it.${column?.name ?? 'id'}`).join(',\n')
  const body = ` SELECT it.id,\n${list}\n   FROM public.${name} it\n  WHERE (it.created_at > '2020-01-01 00:00:00'::timestamp)`
  script.object(`view_${number}`, 'VIEW', `CREATE VIEW public.view_${number} AS\n${body}`)
}

function writeRows(script: ScriptText, random: Random, { name, columns }: Table, rows: number): void {
  function* lines() {
    for (let row = 1; row <= rows; row++)
      yield [String(row), ...columns.map((column) => column.value(random, row))].join('\t')
  }
  script.copy(name, ['id', ...columns.map((column) => column.name)], lines())
  script.object(`${name}_id_seq`, 'SEQUENCE SET', `SELECT pg_catalog.setval('public.${name}_id_seq', ${rows}, true)`)
}

function writeIndexes(script: ScriptText, random: Random, { name, columns }: Table): void {
  for (const { name: column, type, refersTo } of columns) {
    const index = `index_${name}_on_${column}`.slice(0, 63)
    const on = `${index} ON public.${name} USING`
    if (column === 'slug') script.object(index, 'INDEX', `CREATE UNIQUE INDEX ${on} btree (${column})`)
    else if (refersTo !== undefined) script.object(index, 'INDEX', `CREATE INDEX ${on} btree (${column})`)
    else if (type.startsWith('jsonb')) {
      if (random.chance(0.5)) script.object(index, 'INDEX', `CREATE INDEX ${on} gin (${column} jsonb_path_ops)`)
    } else if (random.chance(0.12)) {
      const where = random.chance(0.3) ? ` WHERE (${column} IS NOT NULL)` : ''
      script.object(index, 'INDEX', `CREATE INDEX ${on} btree (${column}, id DESC)${where}`)
    }
  }
}

function writeForeignKeys(script: ScriptText, random: Random, table: Table, tables: Table[]): void {
  for (const { name: column, refersTo } of table.columns) {
    if (refersTo === undefined) continue
    const key = `fk_rails_${random.hexadecimal(10)}`
    const target = `FOREIGN KEY (${column}) REFERENCES public.${tables[refersTo]?.name ?? table.name}(id)`
    const end = random.chance(0.6) ? ' ON DELETE CASCADE' : ''
    const statement = `ALTER TABLE ONLY public.${table.name}\n    ADD CONSTRAINT ${key} ${target}${end}`
    script.object(`${table.name} ${key}`, 'FK CONSTRAINT', statement)
  }
}

function makeTables(random: Random, shape: SchemaShape): Table[] {
  return Array.from({ length: shape.tables }, (_, index) => ({
    name: tableName(index),
    columns: makeColumns(random, index, shape),
  }))
}

const owners = (
  'account project group merge_request pipeline package issue vulnerability cluster namespace security ' +
  'billing audit search import design epic release runner snippet user wiki'
).split(' ')
const things = (
  'members settings events reviews artifacts labels links metrics notes policies rules states tokens ' +
  'uploads versions approvals assignments builds exports findings templates'
).split(' ')

function tableName(index: number): string {
  const owner = owners[index % owners.length] ?? 'other'
  const thing = things[Math.floor(index / owners.length) % things.length] ?? 'things'
  const again = Math.floor(index / (owners.length * things.length))
  return `${owner}_${thing}${again === 0 ? '' : `_${again + 1}`}`
}

function makeColumns(
  random: Random,
  table: number,
  { columns: most, short = false, rows = [] }: SchemaShape,
): Column[] {
  const columns: Column[] = []
  for (let count = table === 0 ? 0 : random.whole(0, 3), reference = 0; reference < count; reference++) {
    const refersTo = random.whole(0, table - 1)
    columns.push({
      name: `${tableName(refersTo)}_id`,
      type: `bigint${random.chance(0.7) ? ' NOT NULL' : ''}`,
      refersTo,
      value: (source) => String(source.whole(1, rows[refersTo] ?? 1)),
    })
  }
  if (!short && random.chance(0.4)) {
    columns.push({ name: 'slug', type: 'text NOT NULL', value: (source, row) => `${source.hexadecimal(8)}-${row}` })
  }
  for (let count = random.whole(2, most), index = 1; index <= count; index++) {
    const [noun, type, value] = random.pick(short ? shortKinds : columnKinds)
    columns.push({ name: `${noun}_${index}`, type, value })
  }
  for (const name of ['created_at', 'updated_at'])
    columns.push({ name, type: 'timestamp(6) without time zone NOT NULL', value: (source) => source.timestamp() })
  // Two references to one table have one name.
  return columns.filter(({ name }, index) => columns.findIndex((other) => other.name === name) === index)
}

type Kind = [noun: string, type: string, value: Column['value']]

const shortKinds: [Kind, ...Kind[]] = [
  ['name', 'character varying(255)', (random) => random.words(1, 3)],
  ['count', 'integer DEFAULT 0 NOT NULL', (random) => String(random.whole(0, 99_999))],
  ['position', 'integer', (random) => (random.chance(0.3) ? '\\N' : String(random.whole(0, 999)))],
  ['enabled', 'boolean DEFAULT false NOT NULL', (random) => (random.chance(0.5) ? 't' : 'f')],
  ['due_on', 'date', (random) => random.timestamp().slice(0, 10)],
  ['price', 'numeric(10,2) DEFAULT 0.0', (random) => `${random.whole(0, 9999)}.${random.whole(10, 99)}`],
  ['status', "public.review_status DEFAULT 'unreviewed'::public.review_status", () => 'reviewed'],
]

const columnKinds: [Kind, ...Kind[]] = [
  ...shortKinds,
  ['title', 'character varying', (random) => random.words(2, 6)],
  ['body', 'text', (random) => (random.chance(0.1) ? '\\N' : `${random.words(4, 14)}\\n${random.words(1, 5)}`)],
  ['description', "text DEFAULT ''::text NOT NULL", (random) => random.words(3, 9)],
  ['payload', "jsonb DEFAULT '{}'::jsonb NOT NULL", (random) => `{"kind": "${random.hexadecimal(4)}", "n": [1, 2]}`],
  ['seen_at', 'timestamp with time zone', (random) => `${random.timestamp()}+00`],
  ['digest', 'bytea', (random) => `\\\\x${random.hexadecimal(16)}`],
  ['tags', "text[] DEFAULT '{}'::text[] NOT NULL", (random) => `{${random.hexadecimal(3)},${random.hexadecimal(3)}}`],
  ['address', 'inet', (random) => `10.0.${random.whole(0, 255)}.${random.whole(1, 254)}`],
  ['visibility', "public.visibility DEFAULT 'private'::public.visibility NOT NULL", () => 'internal'],
]
