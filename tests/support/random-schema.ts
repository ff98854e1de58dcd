// Random schemas for tests of the difference between two. The same seed makes the same schema, so that a failure can be replayed.

export type Random = () => number

/** Mulberry32: small, and good enough to choose. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

interface Column {
  name: string
  type: string
  notNull: boolean
  /** Which of the defaults of its type; 0: none. */
  initial: number
  storage: string | null
  comment: string | null
}

interface Table {
  name: string
  schema: string
  columns: Column[]
  /** What the column `id` has besides its type. */
  id: 'identity' | 'by default' | 'serial' | 'plain'
  idType: 'integer' | 'bigint'
  primaryKey: boolean
  /** A column that is computed from the others. */
  generated: number
  check: number
  unique: string | null
  references: string | null
  indexes: { name: string; column: string; kind: number }[]
  trigger: number
  policy: number
  form: 'plain' | 'partitioned' | 'child'
  parts: number
  unlogged: boolean
  fillfactor: number | null
  identity: 'DEFAULT' | 'FULL' | 'NOTHING'
  comment: string | null
  grant: number
  statistics: boolean
}

interface View {
  name: string
  materialized: boolean
  table: string
  columns: number
  above: boolean
  comment: string | null
  grant: number
}

export interface RandomSchema {
  schemas: string[]
  enums: { name: string; labels: string[]; comment: string | null }[]
  domains: { name: string; base: string; check: number; notNull: boolean; initial: number }[]
  composites: { name: string; attributes: { name: string; type: string }[] }[]
  sequences: { name: string; increment: number; maximum: number | null; cycle: boolean; comment: string | null }[]
  functions: { name: string; form: number; comment: string | null; grant: number }[]
  tables: Table[]
  views: View[]
}

const schemas = ['app', 'extra', 'Odd name']
const labels = ['new', 'open', 'done', "it's", 'gone', 'lost']
const types = [
  'integer',
  'bigint',
  'smallint',
  'numeric(10,2)',
  'numeric',
  'text',
  'character varying(20)',
  'character varying(40)',
  'boolean',
  'timestamp with time zone',
  'date',
  'jsonb',
  'uuid',
  'integer[]',
  'text[]',
  'enum e0',
  'enum e1',
  'enum e0[]',
  'domain d0',
  'domain d1',
  'composite k0',
]
const names = ['a', 'b', 'c', 'Dd', 'order', 'e_f', 'g']
const comments = [null, null, 'a comment', "it's another"]

class Maker {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T
  }

  chance(part: number): boolean {
    return this.#random() < part
  }

  some<T>(list: readonly T[], part: number): T[] {
    return list.filter(() => this.chance(part))
  }

  number(below: number): number {
    return Math.floor(this.#random() * below)
  }

  enum(name: string): RandomSchema['enums'][number] {
    const found = this.some(labels, 0.6)
    return { name, labels: found.length > 0 ? found : ['new'], comment: this.pick(comments) }
  }

  domain(name: string): RandomSchema['domains'][number] {
    return {
      name,
      base: this.pick(['integer', 'text', 'enum e0']),
      check: this.number(3),
      notNull: this.chance(0.2),
      initial: this.number(2),
    }
  }

  composite(name: string): RandomSchema['composites'][number] {
    const list = this.some(['x', 'y', 'z'], 0.7)
    return {
      name,
      attributes: (list.length > 0 ? list : ['x']).map((attribute) => ({
        name: attribute,
        type: this.pick(['integer', 'text', 'enum e1']),
      })),
    }
  }

  sequence(name: string): RandomSchema['sequences'][number] {
    return {
      name,
      increment: this.pick([1, 2, 10]),
      maximum: this.pick([null, 1000, 100000]),
      cycle: this.chance(0.3),
      comment: this.pick(comments),
    }
  }

  function(name: string): RandomSchema['functions'][number] {
    return { name, form: this.number(6), comment: this.pick(comments), grant: this.number(3) }
  }

  column(name: string): Column {
    return {
      name,
      type: this.pick(types),
      notNull: this.chance(0.3),
      initial: this.number(3),
      storage: this.chance(0.1) ? 'EXTERNAL' : null,
      comment: this.pick(comments),
    }
  }

  table(name: string): Table {
    return {
      name,
      schema: this.chance(0.6) ? 'public' : this.pick(schemas),
      columns: this.some(names, 0.6).map((column) => this.column(column)),
      id: this.pick(['identity', 'by default', 'serial', 'plain']),
      idType: this.pick(['integer', 'bigint']),
      primaryKey: this.chance(0.7),
      generated: this.number(5),
      check: this.number(4),
      unique: this.chance(0.3) ? this.pick(names) : null,
      references: this.chance(0.5) ? this.pick(tables) : null,
      indexes: this.some(['i0', 'i1', 'i2'], 0.4).map((index) => this.index(index)),
      trigger: this.number(4),
      policy: this.number(4),
      form: this.pick(['plain', 'plain', 'plain', 'partitioned', 'child']),
      parts: this.number(3),
      unlogged: this.chance(0.1),
      fillfactor: this.pick([null, null, 50, 80]),
      identity: this.pick(['DEFAULT', 'DEFAULT', 'FULL', 'NOTHING']),
      comment: this.pick(comments),
      grant: this.number(4),
      statistics: this.chance(0.2),
    }
  }

  index(name: string): Table['indexes'][number] {
    return { name, column: this.pick(names), kind: this.number(4) }
  }

  view(name: string): View {
    return {
      name,
      materialized: this.chance(0.3),
      table: this.pick(tables),
      columns: this.number(4),
      above: this.chance(0.4),
      comment: this.pick(comments),
      grant: this.number(2),
    }
  }
}

const tables = ['t0', 't1', 't2', 't3', 't4']

export function makeSchema(random: Random): RandomSchema {
  const make = new Maker(random)
  return {
    schemas: make.some(schemas, 0.5),
    enums: make.some(['e0', 'e1'], 0.8).map((name) => make.enum(name)),
    domains: make.some(['d0', 'd1'], 0.7).map((name) => make.domain(name)),
    composites: make.some(['k0'], 0.6).map((name) => make.composite(name)),
    sequences: make.some(['s0', 's1'], 0.6).map((name) => make.sequence(name)),
    functions: make.some(['f0', 'f1'], 0.7).map((name) => make.function(name)),
    tables: make.some(tables, 0.75).map((name) => make.table(name)),
    views: make.some(['v0', 'v1', 'v2'], 0.6).map((name) => make.view(name)),
  }
}

/** Changes a few things, as a developer would between two days. */
export function changeSchema(schema: RandomSchema, random: Random): RandomSchema {
  const make = new Maker(random)
  const next = structuredClone(schema)
  const change = <T extends { name: string }>(list: T[], all: readonly string[], anew: (name: string) => T) => {
    const other = make.pick(all)
    const at = list.findIndex(({ name }) => name === other)
    const found = list[at]
    if (!found) list.push(anew(other))
    else if (make.chance(0.2)) list.splice(at, 1)
    else {
      // One or two fields of another of its kind.
      const fresh = anew(other)
      for (const field of make.some(Object.keys(fresh) as (keyof T)[], 0.15)) found[field] = fresh[field]
    }
    list.sort((one, two) => (one.name < two.name ? -1 : 1))
  }
  const works = [
    () => change(next.enums, ['e0', 'e1'], (name) => make.enum(name)),
    () => change(next.domains, ['d0', 'd1'], (name) => make.domain(name)),
    () => change(next.composites, ['k0'], (name) => make.composite(name)),
    () => change(next.sequences, ['s0', 's1'], (name) => make.sequence(name)),
    () => change(next.functions, ['f0', 'f1'], (name) => make.function(name)),
    () => change(next.tables, tables, (name) => make.table(name)),
    () => change(next.views, ['v0', 'v1', 'v2'], (name) => make.view(name)),
    ...[1, 2, 3].map(() => () => {
      const table = next.tables[make.number(next.tables.length)]
      if (table) change(table.columns, names, (name) => make.column(name))
    }),
    () => {
      const table = next.tables[make.number(next.tables.length)]
      if (table) change(table.indexes, ['i0', 'i1', 'i2'], (name) => make.index(name))
    },
  ]
  for (let count = 1 + make.number(6); count > 0; count--) make.pick(works)()
  return next
}

function quoted(name: string): string {
  return `"${name}"`
}

/** Writes a schema as SQL. What refers to something that is not there is left out, so that every schema loads. */
export function renderSchema(schema: RandomSchema, role: string): string {
  return new Renderer(schema, role).render()
}

class Renderer {
  readonly #schema: RandomSchema
  readonly #role: string
  readonly #sql: string[] = []

  constructor(schema: RandomSchema, role: string) {
    this.#schema = schema
    this.#role = role
  }

  render(): string {
    const { schemas: made, enums, domains, composites, sequences, functions, tables: list, views } = this.#schema
    for (const name of made) this.#say(`create schema ${quoted(name)}`)
    for (const { name, labels: words, comment } of enums) {
      this.#say(`create type ${name} as enum (${words.map((word) => `'${word.replace("'", "''")}'`).join(', ')})`)
      this.#comment(`type ${name}`, comment)
    }
    for (const domain of domains) this.#say(this.#domain(domain))
    for (const { name, attributes } of composites)
      this.#say(`create type ${name} as (${attributes.map((one) => `${one.name} ${this.#type(one.type)}`).join(', ')})`)
    for (const { name, increment, maximum, cycle, comment } of sequences) {
      this.#say(
        `create sequence ${name} increment ${increment}${maximum === null ? '' : ` maxvalue ${maximum}`}${cycle ? ' cycle' : ''}`,
      )
      this.#comment(`sequence ${name}`, comment)
    }
    for (const one of functions) this.#function(one)
    for (const table of list) this.#table(table)
    for (const table of list) this.#foreignKey(table)
    for (const view of views) this.#view(view)
    return this.#sql.map((statement) => `${statement};\n`).join('')
  }

  #say(statement: string): void {
    this.#sql.push(statement)
  }

  #comment(on: string, comment: string | null): void {
    if (comment !== null) this.#say(`comment on ${on} is '${comment.replace("'", "''")}'`)
  }

  #type(type: string): string {
    const [kind = '', name = ''] = type.split(' ')
    const plain = name.replace('[]', '')
    const there = { enum: this.#schema.enums, domain: this.#schema.domains, composite: this.#schema.composites }[kind]
    if (!there) return type
    return there.some((one) => one.name === plain) ? `public.${name}` : 'text'
  }

  #domain({ name, base, check, notNull, initial }: RandomSchema['domains'][number]): string {
    const type = this.#type(base)
    const checks =
      type === 'integer' ? ['value > 0', 'value < 1000'] : ["value::text <> ''", 'length(value::text) < 99']
    return [
      `create domain ${name} as ${type}`,
      initial > 0 && type === 'integer' ? 'default 7' : '',
      notNull ? 'not null' : '',
      ...checks.slice(0, check).map((text, at) => `constraint ${name}_check_${at} check (${text})`),
    ].join(' ')
  }

  #function({ name, form, comment, grant }: RandomSchema['functions'][number]): void {
    const enumType = this.#type('enum e0')
    const forms: [string, string][] = [
      ['integer', `(n integer) returns integer language sql immutable as 'select n + 1'`],
      ['integer', `(n integer) returns integer language sql immutable as 'select n + 2'`],
      ['integer', `(m integer) returns integer language sql immutable return m * 2`],
      ['integer', `(n integer) returns bigint language sql immutable as 'select n::bigint'`],
      [
        'integer, text',
        `(n integer, t text default 'x') returns integer language plpgsql as $$ begin return n; end $$`,
      ],
      [enumType, `(e ${enumType}) returns text language sql immutable as 'select e::text'`],
    ]
    const [signature, text] = forms[form] as [string, string]
    this.#say(`create function ${name}${text}`)
    this.#comment(`function ${name}(${signature})`, comment)
    if (grant === 1) this.#say(`grant execute on function ${name}(${signature}) to ${this.#role}`)
    if (grant === 2) this.#say(`revoke execute on function ${name}(${signature}) from public`)
  }

  /** A function of an integer, with which columns, checks and indexes can compute. */
  #callable(): string | undefined {
    return this.#schema.functions.find(({ form }) => form < 4)?.name
  }

  #nameOf({ schema, name }: Table): string {
    return schema === 'public' || !this.#schema.schemas.includes(schema)
      ? `public.${name}`
      : `${quoted(schema)}.${name}`
  }

  #initial({ type, initial }: Column): string {
    const real = this.#type(type)
    if (initial === 0) return ''
    const callable = this.#callable()
    const sequence = this.#schema.sequences[0]?.name
    const enums = this.#schema.enums.find(({ name }) => `public.${name}` === real)
    const choices: Record<string, string[]> = {
      integer: [
        callable === undefined ? '1' : `public.${callable}(1)`,
        sequence === undefined ? '2' : `nextval('public.${sequence}')`,
      ],
      bigint: ['1', '2'],
      text: ["'x'", "'it''s'"],
      boolean: ['true', 'false'],
      'timestamp with time zone': ['now()', "'2024-01-01'"],
      jsonb: ["'{}'", "'[]'"],
      uuid: ['gen_random_uuid()', "'00000000-0000-0000-0000-000000000001'"],
    }
    const found = enums
      ? [`'${(enums.labels[0] ?? '').replace("'", "''")}'`, `'${(enums.labels.at(-1) ?? '').replace("'", "''")}'`]
      : choices[real]
    const text = found?.[initial - 1]
    return text === undefined ? '' : ` default ${text}`
  }

  #table(table: Table): void {
    const { columns, id, idType, primaryKey, check, unique, comment, grant, identity } = table
    const name = this.#nameOf(table)
    const partitioned = table.form === 'partitioned'
    const parent = table.form === 'child' ? this.#parentOf(table) : undefined
    const parentColumns = new Set(parent?.columns.map((column) => column.name))
    const all = this.#columns(table)
    const integer = all.find(({ type }) => this.#type(type) === 'integer')
    const own = columns.filter((column) => !parentColumns.has(column.name))
    const kinds = {
      identity: ' generated always as identity',
      'by default': ' generated by default as identity (start with 10)',
      serial: '',
      plain: '',
    }
    const idColumn = id === 'serial' ? (idType === 'bigint' ? 'bigserial' : 'serial') : `${idType}${kinds[id]}`
    const callable = this.#callable()
    const computed = [
      'id + 1',
      integer ? `id + ${quoted(integer.name)}` : 'id - 1',
      callable === undefined ? 'id * 3' : `public.${callable}(id::integer)`,
    ][table.generated]
    const lines = [
      ...(parent ? [] : [`id ${idColumn}`]),
      ...own.map(
        (column) =>
          `${quoted(column.name)} ${this.#type(column.type)}${this.#initial(column)}${column.notNull ? ' not null' : ''}`,
      ),
      ...(computed === undefined || parent ? [] : [`computed bigint generated always as (${computed}) stored`]),
      ...(primaryKey ? [`constraint ${table.name}_key primary key (id)`] : []),
      ...(check === 1 ? [`constraint positive check (id > 0)`] : []),
      ...(check === 2 && integer ? [`constraint bounds check (${quoted(integer.name)} between 0 and 100)`] : []),
      ...(check === 3 && callable !== undefined
        ? [`constraint computed_check check (public.${callable}(id::integer) is not null)`]
        : []),
      ...(unique !== null && this.#isPlain(table, unique) && !partitioned
        ? [`constraint ${table.name}_unique unique (${quoted(unique)})`]
        : []),
    ]
    this.#say(
      [
        `create ${table.unlogged && !partitioned && !parent ? 'unlogged ' : ''}table ${name} (${lines.join(', ')})`,
        parent ? ` inherits (${this.#nameOf(parent)})` : '',
        partitioned ? ' partition by range (id)' : '',
        table.fillfactor === null || partitioned ? '' : ` with (fillfactor = ${table.fillfactor})`,
      ].join(''),
    )
    if (partitioned) for (let part = 0; part < table.parts; part++) this.#partition(table, name, part)
    for (const column of own) {
      if (column.storage !== null && ['text', 'jsonb'].includes(this.#type(column.type)))
        this.#say(`alter table ${name} alter column ${quoted(column.name)} set storage ${column.storage}`)
      this.#comment(`column ${name}.${quoted(column.name)}`, column.comment)
    }
    if (identity !== 'DEFAULT') this.#say(`alter table ${name} replica identity ${identity}`)
    this.#comment(`table ${name}`, comment)
    if (grant > 0)
      this.#say(`grant ${['select', 'select, insert', 'update (id)'][grant - 1]} on ${name} to ${this.#role}`)
    for (const index of table.indexes) this.#index(table, name, index)
    if (table.trigger > 0) this.#trigger(table, name)
    if (table.policy > 0) {
      this.#say(`alter table ${name} enable row level security`)
      const condition = table.policy === 1 ? 'id > 0' : integer ? `${quoted(integer.name)} > 1` : 'true'
      this.#say(
        `create policy p on ${name}${table.policy === 3 ? ' for select' : ''} to ${this.#role} using (${condition})`,
      )
    }
    const [first, second] = all.filter((column) => this.#isPlain(table, column.name))
    if (table.statistics && first && second && !partitioned)
      this.#say(
        `create statistics ${name.replace(/\w+$/, '')}${table.name}_stats on ${quoted(first.name)}, ${quoted(second.name)} from ${name}`,
      )
  }

  /** Its columns, with those of its parent. */
  #columns(table: Table): Column[] {
    const parent = table.form === 'child' ? this.#parentOf(table) : undefined
    const above = parent ? this.#columns(parent) : []
    return [...above, ...table.columns.filter((column) => !above.some(({ name }) => name === column.name))]
  }

  #parentOf(table: Table): Table | undefined {
    const index = this.#schema.tables.indexOf(table)
    return this.#schema.tables.slice(0, index).find(({ form }) => form === 'plain')
  }

  #partition(table: Table, name: string, part: number): void {
    const piece = `${name}_p${part}`
    this.#say(
      part === 2
        ? `create table ${piece} partition of ${name} default`
        : `create table ${piece} partition of ${name} for values from (${part * 100}) to (${part * 100 + 100})`,
    )
    if (table.check === 1) this.#say(`create index ${table.name}_p${part}_own on ${piece} (id)`)
  }

  /** Whether the table has a column of a type with an order. */
  #isPlain(table: Table, column: string): boolean {
    const found = this.#columns(table).find(({ name }) => name === column)
    return found !== undefined && !/json|composite|\[\]/.test(found.type)
  }

  #index(table: Table, name: string, { name: index, column, kind }: Table['indexes'][number]): void {
    const callable = this.#callable()
    const on = this.#isPlain(table, column) ? quoted(column) : 'id'
    const enums = this.#schema.enums.find(({ name: type }) =>
      this.#columns(table).some((one) => one.name === column && this.#type(one.type) === `public.${type}`),
    )
    const label = enums?.labels[0]?.replace("'", "''")
    const texts = [
      `(${on})`,
      `(${on} desc) where id > 0`,
      callable === undefined ? '(id, (id + 1))' : `(public.${callable}(id::integer))`,
      label === undefined ? `using hash (${on})` : `(id) where ${quoted(column)} = '${label}'`,
    ]
    this.#say(`create index ${table.name}_${index} on ${name} ${texts[kind]}`)
  }

  #trigger(table: Table, name: string): void {
    const call = `${table.name}_touch`
    this.#say(`create function public.${call}() returns trigger language plpgsql as $$ begin return new; end $$`)
    const [first] = table.columns
    const event =
      table.trigger === 1
        ? 'insert'
        : table.trigger === 2 && first
          ? `update of ${quoted(first.name)}`
          : 'insert or update'
    this.#say(`create trigger touch before ${event} on ${name} for each row execute function public.${call}()`)
    if (table.trigger === 3) this.#say(`alter table ${name} disable trigger touch`)
  }

  #foreignKey(table: Table): void {
    const other = this.#schema.tables.find(({ name }) => name === table.references)
    if (!other?.primaryKey || (other.unlogged && !table.unlogged)) return
    if (other.unlogged && other.form === 'plain' && table.form !== 'plain') return
    const type = (one: Table): string => {
      const parent = one.form === 'child' ? this.#parentOf(one) : undefined
      return parent ? type(parent) : one.idType
    }
    if (type(table) !== type(other)) return
    const rule = table.check === 1 ? ' on delete cascade' : ''
    this.#say(
      `alter table ${this.#nameOf(table)} add constraint ${table.name}_references foreign key (id) references ${this.#nameOf(other)} (id)${rule}`,
    )
  }

  #view({ name, materialized, table: on, columns, above, comment, grant }: View): void {
    const table = this.#schema.tables.find((one) => one.name === on)
    const word = materialized ? 'materialized view' : 'view'
    const below = this.#schema.views.find((view) => view.name < name)
    const shown = table?.columns.slice(0, columns).map((column) => `t.${quoted(column.name)}`) ?? []
    const query =
      above && below
        ? `select v.n, v.n + 1 as more from public.${below.name} v`
        : table
          ? `select ${['t.id as n', ...shown].join(', ')} from ${this.#nameOf(table)} t${columns === 3 ? ' where t.id > 0' : ''}`
          : `select 1 as n`
    this.#say(`create ${word} ${name} as ${query}`)
    this.#comment(`${word} ${name}`, comment)
    if (grant > 0) this.#say(`grant select on ${name} to ${this.#role}`)
  }
}
