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
  collated: boolean
  /** Its NOT NULL has a name of its own. */
  named: boolean
  statistics: number | null
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
  form: 'plain' | 'partitioned' | 'by hash' | 'by list' | 'child' | 'child of two'
  parts: number
  virtual: boolean
  rule: number
  exclude: boolean
  /** How its foreign key and its checks are said. */
  manner: number
  shuffled: boolean
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
  options: number
  more: number
  comment: string | null
  grant: number
}

/** Something that is made in one of some ways. */
interface Thing {
  name: string
  form: number
  comment: string | null
}

export interface RandomSchema {
  schemas: string[]
  enums: { name: string; labels: string[]; comment: string | null }[]
  domains: { name: string; base: string; check: number; notNull: boolean; initial: number }[]
  composites: { name: string; attributes: { name: string; type: string }[] }[]
  sequences: { name: string; increment: number; maximum: number | null; cycle: boolean; comment: string | null }[]
  ranges: Thing[]
  collations: Thing[]
  things: Thing[]
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
  'composite k1',
  'composite k0[]',
  'range r0',
  'range r0[]',
  'multirange r0',
  'row t0',
  'row t0[]',
]
const names = ['a', 'b', 'c', 'Dd', 'order', 'e_f', 'g']
/** What a schema can have besides tables and what is in them, each in four ways. */
const things = [
  'cast',
  'operators',
  'aggregate',
  'search',
  'foreign',
  'publication',
  'events',
  'privileges',
  'typed',
  'procedure',
  'reader',
]
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
      base: this.pick([
        'integer',
        'text',
        'enum e0',
        'range r0',
        ...(name === 'd1' ? ['domain d0', 'composite k0'] : []),
      ]),
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
        type: this.pick([
          'integer',
          'text',
          'enum e1',
          'domain d0',
          ...(name === 'k1' ? ['composite k0', 'enum e0[]', 'bigint'] : []),
        ]),
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

  thing(name: string): Thing {
    return { name, form: this.number(4), comment: this.pick(comments) }
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
      collated: this.chance(0.2),
      named: this.chance(0.2),
      statistics: this.chance(0.1) ? 1 + this.number(3) : null,
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
      form: this.pick([
        'plain',
        'plain',
        'plain',
        'plain',
        'partitioned',
        'by hash',
        'by list',
        'child',
        'child',
        'child of two',
      ]),
      parts: this.number(4),
      virtual: this.chance(0.3),
      rule: this.number(4),
      exclude: this.chance(0.2),
      manner: this.number(4),
      shuffled: this.chance(0.2),
      unlogged: this.chance(0.1),
      fillfactor: this.pick([null, null, 50, 80]),
      identity: this.pick(['DEFAULT', 'DEFAULT', 'FULL', 'NOTHING']),
      comment: this.pick(comments),
      grant: this.number(4),
      statistics: this.chance(0.2),
    }
  }

  index(name: string): Table['indexes'][number] {
    return { name, column: this.pick(names), kind: this.number(8) }
  }

  view(name: string): View {
    return {
      name,
      materialized: this.chance(0.3),
      table: this.pick(tables),
      columns: this.number(4),
      above: this.chance(0.4),
      options: this.number(3),
      more: this.number(4),
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
    composites: make.some(['k0', 'k1'], 0.6).map((name) => make.composite(name)),
    ranges: make.some(['r0'], 0.6).map((name) => make.thing(name)),
    collations: make.some(['c0'], 0.6).map((name) => make.thing(name)),
    things: make.some(things, 0.4).map((name) => make.thing(name)),
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
    () => change(next.composites, ['k0', 'k1'], (name) => make.composite(name)),
    () => change(next.ranges, ['r0'], (name) => make.thing(name)),
    () => change(next.collations, ['c0'], (name) => make.thing(name)),
    ...[1, 2].map(() => () => change(next.things, things, (name) => make.thing(name))),
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

/**
 * Writes a schema as SQL. What refers to something that is not there is left out, so that every schema loads. All is made in a schema of the
 * name `home`, and in others whose names begin with it, so that many can be in one database.
 */
export function renderSchema(schema: RandomSchema, role: string, home = 'public'): string {
  return new Renderer(schema, role, home).render()
}

class Renderer {
  readonly #schema: RandomSchema
  readonly #role: string
  readonly #home: string
  readonly #sql: string[] = []
  /** Tables that are there, with their full names: their rows are types. */
  readonly #made = new Map<string, string>()

  constructor(schema: RandomSchema, role: string, home: string) {
    this.#schema = schema
    this.#role = role
    this.#home = home
  }

  render(): string {
    const { schemas: made, enums, domains, composites, sequences, functions, tables: list, views } = this.#schema
    const { ranges, collations, things: more } = this.#schema
    if (this.#home !== 'public') {
      this.#say(`create schema ${this.#home}`)
      this.#say(`set search_path = ${this.#home}`)
    }
    for (const name of made) this.#say(`create schema ${this.#schemaName(name)}`)
    for (const { name, labels: words, comment } of enums) {
      this.#say(`create type ${name} as enum (${words.map((word) => `'${word.replace("'", "''")}'`).join(', ')})`)
      this.#comment(`type ${name}`, comment)
    }
    for (const { name, form, comment } of collations) {
      const locales = [`'de'`, `'sv'`, `'de', deterministic = false`, `'und-u-ks-level2'`]
      this.#say(`create collation ${name} (provider = icu, locale = ${locales[form]})`)
      this.#comment(`collation ${name}`, comment)
    }
    for (const { name, form, comment } of ranges) {
      const subtype = ['integer', 'bigint', this.#type('enum e0'), 'numeric, subtype_diff = float_gap'][form]
      if (form === 3)
        this.#say('create function float_gap(numeric, numeric) returns float8 language sql immutable return $1 - $2')
      this.#say(`create type ${name} as range (subtype = ${subtype})`)
      this.#comment(`type ${name}`, comment)
    }
    const composite = ({ name, attributes }: RandomSchema['composites'][number]) =>
      this.#say(`create type ${name} as (${attributes.map((one) => `${one.name} ${this.#type(one.type)}`).join(', ')})`)
    // Each may be of the one before.
    for (const one of [0, 1]) {
      for (const domain of domains) if (domain.name === `d${one}`) this.#say(this.#domain(domain))
      for (const each of composites) if (each.name === `k${one}`) composite(each)
    }
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
    for (const thing of more) this.#thing(thing)
    return this.#sql.map((statement) => `${statement};\n`).join('')
  }

  #schemaName(name: string): string {
    return quoted(this.#home === 'public' ? name : `${this.#home} ${name}`)
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
    const { enums, domains, composites, ranges } = this.#schema
    const there = { enum: enums, domain: domains, composite: composites, range: ranges, multirange: ranges }[kind]
    if (kind === 'row') return this.#made.has(plain) ? `${this.#made.get(plain)}${name.slice(plain.length)}` : 'text'
    if (!there) return type
    if (!there.some((one) => one.name === plain)) return 'text'
    return `${this.#home}.${kind === 'multirange' ? `${plain}_multirange` : name}`
  }

  #domain({ name, base, check, notNull, initial }: RandomSchema['domains'][number]): string {
    const type = this.#type(base)
    const checks =
      type === 'integer' ? ['value > 0', 'value < 1000'] : ["value::text <> ''", 'length(value::text) < 99']
    const collated = type === 'text' && notNull && this.#schema.collations.length > 0
    return [
      `create domain ${name} as ${type}${collated ? ` collate ${this.#home}.c0` : ''}`,
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
      ? `${this.#home}.${name}`
      : `${this.#schemaName(schema)}.${name}`
  }

  #initial({ type, initial }: Column): string {
    const real = this.#type(type)
    if (initial === 0) return ''
    const callable = this.#callable()
    const sequence = this.#schema.sequences[0]?.name
    const enums = this.#schema.enums.find(({ name }) => `${this.#home}.${name}` === real)
    const choices: Record<string, string[]> = {
      integer: [
        callable === undefined ? '1' : `${this.#home}.${callable}(1)`,
        sequence === undefined ? '2' : `nextval('${this.#home}.${sequence}')`,
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
    const partitioned = this.#isPartitioned(table)
    const [parent, ...others] = this.#parentsOf(table)
    const parents = parent ? [parent, ...others] : []
    const parentColumns = new Set(parents.flatMap((one) => this.#columns(one).map((column) => column.name)))
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
      callable === undefined ? 'id * 3' : `${this.#home}.${callable}(id::integer)`,
    ][table.generated]
    const lines = [
      ...(parent ? [] : [`id ${idColumn}`]),
      ...own.map(
        (column) =>
          `${quoted(column.name)} ${this.#type(column.type)}${this.#collation(column)}${this.#initial(column)}${
            column.notNull
              ? `${column.named ? ` constraint ${table.name}_${column.name.toLowerCase()}_nn` : ''} not null`
              : ''
          }`,
      ),
      // What a virtual column computes with is PostgreSQL's own.
      ...(computed === undefined || parent
        ? []
        : [
            `computed bigint generated always as (${computed}) ${table.virtual && table.generated < 2 && !this.#isDomain(integer) ? 'virtual' : 'stored'}`,
          ]),
      ...(primaryKey ? [`constraint ${table.name}_key primary key (id)`] : []),
      ...(check === 1 ? [`constraint positive check (id > 0)`] : []),
      ...(check === 2 && integer ? [`constraint bounds check (${quoted(integer.name)} between 0 and 100)`] : []),
      ...(check === 3 && callable !== undefined
        ? [`constraint computed_check check (${this.#home}.${callable}(id::integer) is not null)`]
        : []),
      ...(unique !== null && this.#isPlain(table, unique) && !partitioned
        ? [
            `constraint ${table.name}_unique unique (${quoted(unique)})${[' deferrable', '', ' include (id)', ''][table.manner]}`,
          ]
        : []),
      ...(table.exclude && !partitioned
        ? [`constraint ${table.name}_apart exclude using gist (int8range(id, id, '[]') with &&)`]
        : []),
      ...(table.manner === 1 && check === 0
        ? ['constraint own check (id <> 7)' + (partitioned ? '' : ' no inherit')]
        : []),
    ]
    this.#say(
      [
        `create ${table.unlogged && !partitioned && !parent ? 'unlogged ' : ''}table ${name} (${lines.join(', ')})`,
        parent ? ` inherits (${parents.map((one) => this.#nameOf(one)).join(', ')})` : '',
        partitioned
          ? ` partition by ${{ 'by hash': 'hash', 'by list': 'list' }[table.form as string] ?? 'range'} (id)`
          : '',
        table.fillfactor === null || partitioned ? '' : ` with (fillfactor = ${table.fillfactor})`,
      ].join(''),
    )
    this.#made.set(table.name, name)
    if (partitioned) for (let part = 0; part < table.parts; part++) this.#partition(table, name, part)
    if (table.manner === 2 && check === 0)
      this.#say(`alter table ${name} add constraint late check (id <> 8) not valid`)
    if (table.manner === 3) this.#comment(`table ${name}`, 'of the third manner')
    for (const column of own) {
      if (column.storage !== null && ['text', 'jsonb'].includes(this.#type(column.type)))
        this.#say(`alter table ${name} alter column ${quoted(column.name)} set storage ${column.storage}`)
      if (column.statistics !== null)
        this.#say(`alter table ${name} alter column ${quoted(column.name)} set statistics ${column.statistics * 100}`)
      this.#comment(`column ${name}.${quoted(column.name)}`, column.comment)
    }
    if (identity !== 'DEFAULT') this.#say(`alter table ${name} replica identity ${identity}`)
    else if (primaryKey && table.manner === 3)
      this.#say(`alter table ${name} replica identity using index ${table.name}_key`)
    if (primaryKey && table.manner === 2 && !partitioned) this.#say(`alter table ${name} cluster on ${table.name}_key`)
    if (primaryKey) this.#comment(`constraint ${table.name}_key on ${name}`, columns[0]?.comment ?? null)
    this.#comment(`table ${name}`, comment)
    if (grant > 0)
      this.#say(`grant ${['select', 'select, insert', 'update (id)'][grant - 1]} on ${name} to ${this.#role}`)
    for (const index of table.indexes) this.#index(table, name, index)
    if (table.trigger > 0) this.#trigger(table, name)
    if (table.rule > 1 && !partitioned) {
      const action = table.rule === 2 || !integer ? 'instead nothing' : `also select new.${quoted(integer.name)}`
      this.#say(
        `create rule ${table.name}_rule as on ${table.rule === 2 ? 'delete' : 'update'} to ${name} do ${action}`,
      )
    }
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
        `create statistics ${name.replace(/\w+$/, '')}${table.name}_stats${['', ' (mcv)', ''][table.manner % 3]} on ${quoted(first.name)}, ${
          table.manner === 3 ? '(id + 1)' : quoted(second.name)
        } from ${name}`,
      )
  }

  /** Its columns, with those of its parent. */
  #columns(table: Table): Column[] {
    const above: Column[] = []
    for (const column of this.#parentsOf(table).flatMap((parent) => this.#columns(parent)))
      if (!above.some(({ name }) => name === column.name)) above.push(column)
    const own = table.shuffled ? table.columns.toReversed() : table.columns
    return [...above, ...own.filter((column) => !above.some(({ name }) => name === column.name))]
  }

  /** The first plain table before it, and perhaps one more that has no column of another type. */
  #parentsOf(table: Table): Table[] {
    if (!table.form.startsWith('child')) return []
    const before = this.#schema.tables.slice(0, this.#schema.tables.indexOf(table))
    const [first, ...rest] = before.filter(({ form }) => form === 'plain')
    if (!first) return []
    const second = table.form === 'child of two' ? rest.find((other) => this.#agree(first, other)) : undefined
    return second ? [first, second] : [first]
  }

  #agree(one: Table, other: Table): boolean {
    const clash = one.columns.some((column) =>
      other.columns.some(
        (rival) =>
          rival.name === column.name &&
          JSON.stringify([rival.type, rival.initial, rival.collated]) !==
            JSON.stringify([column.type, column.initial, column.collated]),
      ),
    )
    // A default of both, a check of both or a computed column would have to be the same.
    const idOf = ({ id, idType }: Table) => `${id === 'serial' ? id : ''}${idType}`
    return (
      !clash &&
      idOf(one) === idOf(other) &&
      one.id !== 'serial' &&
      one.generated > 2 &&
      other.generated > 2 &&
      one.check === 0 &&
      other.check === 0
    )
  }

  #isPartitioned({ form }: Table): boolean {
    return form === 'partitioned' || form === 'by hash' || form === 'by list'
  }

  #isDomain(column: Column | undefined): boolean {
    return column?.type.startsWith('domain') ?? false
  }

  #collation({ type, collated }: Column): string {
    return collated && this.#type(type) === 'text' && this.#schema.collations.length > 0
      ? ` collate ${this.#home}.c0`
      : ''
  }

  #partition(table: Table, name: string, part: number): void {
    const piece = `${name}_p${part}`
    const bounds = {
      partitioned: part === 2 ? 'default' : `for values from (${part * 100}) to (${part * 100 + 100})`,
      'by list': part === 2 ? 'default' : `for values in (${part}, ${part + 10})`,
      'by hash': `for values with (modulus 4, remainder ${part})`,
    }[table.form as 'partitioned']
    if (part === 1 && table.manner === 1) {
      this.#say(`create table ${piece} partition of ${name} ${bounds} partition by range (id)`)
      this.#say(`create table ${piece}_a partition of ${piece} for values from (0) to (1000)`)
    } else this.#say(`create table ${piece} partition of ${name} ${bounds}`)
    if (table.check === 1) this.#say(`create index ${table.name}_p${part}_own on ${piece} (id)`)
  }

  /** Whether the table has a column of a type with an order. */
  #isPlain(table: Table, column: string): boolean {
    const found = this.#columns(table).find(({ name }) => name === column)
    return found !== undefined && !/json|composite|\[\]|row|range|domain d1/.test(found.type)
  }

  #index(table: Table, name: string, { name: index, column, kind }: Table['indexes'][number]): void {
    const callable = this.#callable()
    const on = this.#isPlain(table, column) ? quoted(column) : 'id'
    const enums = this.#schema.enums.find(({ name: type }) =>
      this.#columns(table).some((one) => one.name === column && this.#type(one.type) === `${this.#home}.${type}`),
    )
    const label = enums?.labels[0]?.replace("'", "''")
    const texts = [
      `(${on})`,
      `(${on} desc) where id > 0`,
      callable === undefined ? '(id, (id + 1))' : `(${this.#home}.${callable}(id::integer))`,
      label === undefined ? `using hash (${on})` : `(id) where ${quoted(column)} = '${label}'`,
      this.#schema.collations.length > 0 && this.#typeIn(table, column) === 'text' && on !== 'id'
        ? `(${on} collate ${this.#home}.c0)`
        : `(${on}) include (id)`,
      `using brin (id) with (pages_per_range = ${4 + table.parts})`,
      this.#typeIn(table, column) === `${this.#home}.r0` ? `using gist (${quoted(column)})` : `(${on} nulls first)`,
      this.#typeIn(table, column).endsWith('[]') && /^(integer|text)/.test(this.#typeIn(table, column))
        ? `using gin (${quoted(column)})`
        : `(id, ${on} desc)`,
    ]
    this.#say(`create index ${table.name}_${index} on ${name} ${texts[kind]}`)
  }

  #typeIn(table: Table, column: string): string {
    return this.#type(this.#columns(table).find(({ name }) => name === column)?.type ?? 'missing')
  }

  #trigger(table: Table, name: string): void {
    const call = `${table.name}_touch`
    this.#say(`create function ${this.#home}.${call}() returns trigger language plpgsql as $$ begin return new; end $$`)
    const [first] = table.columns
    const event =
      table.trigger === 1
        ? 'insert'
        : table.trigger === 2 && first
          ? `update of ${quoted(first.name)}`
          : 'insert or update'
    const when = table.manner === 1 ? 'when (new.id > 0) ' : ''
    const time = table.manner === 2 ? 'after' : 'before'
    this.#say(
      `create trigger touch ${time} ${event} on ${name} for each row ${when}execute function ${this.#home}.${call}()`,
    )
    this.#comment(`trigger touch on ${name}`, table.comment)
    if (table.trigger === 3) this.#say(`alter table ${name} disable trigger touch`)
    else if (this.#isPartitioned(table) && table.parts > 0 && table.manner === 3)
      this.#say(`alter table ${name}_p0 enable always trigger touch`)
  }

  #foreignKey(table: Table): void {
    const other = this.#schema.tables.find(({ name }) => name === table.references)
    if (!other?.primaryKey || (other.unlogged && !table.unlogged)) return
    if (other.unlogged && other.form === 'plain' && table.form !== 'plain') return
    const type = (one: Table): string => {
      const [parent] = this.#parentsOf(one)
      return parent ? type(parent) : one.idType
    }
    if (type(table) !== type(other)) return
    const rule = `${table.check === 1 ? ' on delete cascade' : ''}${
      [
        '',
        ' deferrable initially deferred',
        this.#isPartitioned(table) || this.#isPartitioned(other) ? '' : ' not valid',
        ' not enforced',
      ][table.manner]
    }`
    this.#say(
      `alter table ${this.#nameOf(table)} add constraint ${table.name}_references foreign key (id) references ${this.#nameOf(other)} (id)${rule}`,
    )
  }

  #view({ name, materialized, table: on, columns, above, options, more, comment, grant }: View): void {
    const table = this.#schema.tables.find((one) => one.name === on)
    const word = materialized ? 'materialized view' : 'view'
    const below = this.#schema.views.find((view) => view.name < name)
    const shown = table?.columns.slice(0, columns).map((column) => `t.${quoted(column.name)}`) ?? []
    const query =
      above && below
        ? `select v.n, v.n + 1 as more from ${this.#home}.${below.name} v`
        : table
          ? `select ${['t.id as n', ...shown, ...(more === 3 ? ['t as whole'] : [])].join(', ')} from ${this.#nameOf(table)} t${columns === 3 ? ' where t.id > 0' : ''}`
          : `select 1 as n`
    const settings = ['', materialized ? ' with (fillfactor = 50)' : ' with (security_barrier)', ''][options]
    this.#say(`create ${word} ${name}${settings} as ${query}`)
    this.#comment(`${word} ${name}`, comment)
    this.#comment(`column ${name}.n`, comment)
    if (grant > 0) this.#say(`grant select${options === 2 ? ' (n)' : ''} on ${name} to ${this.#role}`)
    if (more === 1 && materialized) this.#say(`create unique index ${name}_n on ${name} (n)`)
    if (more === 1 && !materialized) this.#say(`alter view ${name} alter column n set default 5`)
    if (more === 2 && !materialized) this.#say(`create rule ${name}_rule as on insert to ${name} do instead nothing`)
  }

  /** A table of the schema, by its place. */
  #some(place: number): { name: string; table: Table } | undefined {
    const table = this.#schema.tables[place % Math.max(1, this.#schema.tables.length)]
    return table && { name: this.#nameOf(table), table }
  }

  #thing({ name, form, comment }: Thing): void {
    const global = `${this.#home}_${name}`
    const some = this.#some(form)
    const makers: Record<string, () => void> = {
      cast: () => {
        if (this.#schema.composites.length === 0) return
        const type = `${this.#home}.${this.#schema.composites[0]?.name}`
        this.#say(
          `create function to_composite(bigint) returns ${type} language plpgsql as $$ begin return null; end $$`,
        )
        this.#say(
          `create cast (bigint as ${type}) with function to_composite(bigint)${['', ' as assignment', '', ''][form]}`,
        )
        this.#comment(`cast (bigint as ${type})`, comment)
        if (form === 2) this.#say(`create view casting as select 1::bigint::${type} as k`)
      },
      operators: () => {
        this.#say(
          `create function shorter(text, text) returns boolean language sql immutable as 'select length($1) < length($2)'`,
        )
        this.#say(
          `create function by_length(text, text) returns integer language sql immutable as 'select length($1) - length($2)'`,
        )
        this.#say(
          `create operator <<< (leftarg = text, rightarg = text, function = shorter${form > 1 ? ', restrict = scalarltsel' : ''})`,
        )
        this.#comment(`operator <<< (text, text)`, comment)
        if (form === 0) return
        this.#say(
          `create operator class length_ops for type text using btree as operator 1 <<<${form === 3 ? ', operator 5 >' : ''}, function 1 by_length(text, text)`,
        )
        this.#say('create table lengths (a text)')
        this.#say('create index lengths_i on lengths (a length_ops)')
        this.#say(
          `create view longer as select a ${form === 2 ? `operator(${this.#home}.<<<)` : '<'} 'x' as n from lengths`,
        )
      },
      aggregate: () => {
        const type = form === 3 ? 'bigint' : 'integer'
        this.#say(`create function step(${type}, integer) returns ${type} language sql immutable as 'select $1 + $2'`)
        this.#say(`create aggregate total(integer) (sfunc = step, stype = ${type}, initcond = '${form % 2}')`)
        this.#comment('aggregate total(integer)', comment)
        this.#say('create view totals as select total(n) as n from generate_series(1, 3) as t(n)')
      },
      search: () => {
        this.#say(`create text search dictionary words (template = simple${form > 1 ? ', accept = false' : ''})`)
        this.#say(`create text search configuration search (copy = ${['simple', 'english', 'simple', 'german'][form]})`)
        if (form > 0) this.#say('alter text search configuration search alter mapping for word with words, simple')
        this.#comment('text search configuration search', comment)
        this.#say(
          `create table texts (a text, v tsvector generated always as (to_tsvector('${this.#home}.search', a)) stored)`,
        )
        this.#say(`create index texts_i on texts using gin (to_tsvector('${this.#home}.search', a))`)
      },
      foreign: () => {
        this.#say(`create foreign data wrapper ${global}${form === 3 ? ` options (x '1')` : ''}`)
        this.#say(`create server ${global} foreign data wrapper ${global} options (host '${form}')`)
        if (form > 0) this.#say(`create user mapping for ${this.#role} server ${global} options ("user" '${form}')`)
        const columns = [
          `id ${form > 1 ? 'bigint' : 'integer'} options (n '${form}')`,
          `a ${this.#type('enum e0')}`,
          ...(form === 2 ? ['b text not null'] : []),
        ]
        this.#say(`create foreign table far (${columns.join(', ')}) server ${global} options (t '${form % 2}')`)
        this.#comment('foreign table far', comment)
        if (form > 1) this.#say('alter foreign table far add constraint far_check check (id > 0)')
        this.#say('create view farther as select id from far')
        if (form === 3) this.#say(`grant select on far to ${this.#role}`)
      },
      publication: () => {
        const of = some && (form === 1 || some.table.unlogged ? `tables in schema ${this.#home}` : `table ${some.name}`)
        const columns =
          some && of === `table ${some.name}` && form === 2 && !this.#isPartitioned(some.table) ? ' (id)' : ''
        this.#say(
          `create publication ${global}${of ? ` for ${of}${columns}` : ''} with (publish = '${form === 3 ? 'insert' : 'insert, truncate'}')`,
        )
        this.#comment(`publication ${global}`, comment)
      },
      events: () => {
        this.#say(
          `create function on_event() returns event_trigger language plpgsql as $$ begin perform ${form % 2}; end $$`,
        )
        this.#say(
          `create event trigger ${global} on ${form > 1 ? 'sql_drop' : 'ddl_command_end'} execute function on_event()`,
        )
        if (form === 3) this.#say(`alter event trigger ${global} disable`)
        this.#comment(`event trigger ${global}`, comment)
      },
      privileges: () => {
        const what = ['select on tables', 'select, insert on tables', 'execute on functions', 'usage on sequences'][
          form
        ]
        this.#say(`alter default privileges in schema ${this.#home} grant ${what} to ${this.#role}`)
      },
      typed: () => {
        const type = this.#schema.composites[0]
        if (!type) return
        const first = type.attributes[0]?.name
        this.#say(
          `create table typed of ${type.name}${form === 1 ? ` (${first} not null)` : form === 2 ? ` (${first} default null)` : ''}`,
        )
        this.#comment('table typed', comment)
      },
      procedure: () => {
        const bodies = ["as 'select 1'", "as 'select 2'", 'begin atomic select 3; end', 'begin atomic select 4; end']
        this.#say(
          `create ${form === 1 ? 'function' : 'procedure'} act(n integer)${form === 1 ? ' returns void' : ''} language sql ${bodies[form]}`,
        )
        this.#comment(`routine act(integer)`, comment)
      },
      reader: () => {
        if (!some) return
        const body = form > 1 ? `begin atomic select * from ${some.name}; end` : `as 'select * from ${some.name}'`
        this.#say(`create function rows_of() returns setof ${some.name} language sql ${body}`)
        if (form === 3) this.#say('create view read_rows as select n.id from rows_of() n')
        this.#comment('function rows_of()', comment)
      },
    }
    makers[name]?.()
  }
}
