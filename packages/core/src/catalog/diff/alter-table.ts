import type { Column, SchemaObject, TableDetail } from '../model.ts'
import { quoteName } from '../quote.ts'
import { renderColumn, renderColumnSettings, renderTable } from '../render.ts'
import { typeOfColumn, typesByName } from './alterable.ts'
import { alterColumn, alterSettings, isIdentityMadeAnew } from './alter-column.ts'
import { beyondDetail, nameOf, same, tableDetail } from './objects.ts'
import { type Families } from './families.ts'
import type { Plan } from './plan.ts'
import { columnsOf } from './table-differences.ts'
import { mayLose, textCast, using } from './type-change.ts'

export interface TableStatement {
  readonly sql: string
  /** What of the data it takes away. */
  readonly destructive?: string
}

/** Writes the statements about tables that stay. */
export class TableWriter {
  readonly #plan: Plan
  readonly #families: Families
  readonly #types: Map<string, SchemaObject>
  readonly #named: boolean
  readonly #taken: ReadonlySet<string>

  constructor(plan: Plan, families: Families, named: boolean) {
    this.#families = families
    this.#taken = notNullNames(plan)
    this.#plan = plan
    this.#types = typesByName(plan.from)
    this.#named = named
  }

  /** Drops what is dropped of its columns, and moves others away from types that have to go at once. */
  early(id: string): TableStatement[] {
    const kept = this.#families.kept(id)
    const plan = this.#plan.columns.get(id)
    if (!kept || !plan) return []
    const { name, before, after } = kept
    const now = columnsOf(after)
    const parents = this.#families.keptParents(id)
    const statements: TableStatement[] = []
    if (this.#plan.loosened.has(id)) statements.push({ sql: `ALTER TABLE ${name} NOT OF` })
    // What is computed goes before that from which it is.
    const computedFirst = before.columns.toSorted(
      (one, other) => Number(one.generated === null) - Number(other.generated === null),
    )
    for (const column of computedFirst) {
      const called = quoteName(column.name)
      const later = now.get(column.name)
      if (plan.dropped.has(column.name) || plan.remade.has(column.name)) {
        // The parent drops it, together with its own.
        if (parents.some((parent) => this.#drops(parent, column.name))) continue
        statements.push(...this.#dropColumn(id, column))
        continue
      }
      if (!later) continue
      if (column.identity !== null && (later.identity === null || isIdentityMadeAnew(column, later)))
        statements.push({ sql: `ALTER TABLE ${name} ALTER COLUMN ${called} DROP IDENTITY` })
      const type = typeOfColumn(column.type, this.#types)
      const above = parents.some((parent) => this.#had(parent, column.name))
      if (plan.retyped.has(column.name) && type && !this.#isMovedAway(type) && !above)
        statements.push({
          sql: `ALTER TABLE ${name} ALTER COLUMN ${called} TYPE text${column.type.endsWith('[]') ? '[]' : ''}`,
        })
    }
    return statements
  }

  /** Whether the old type stays until the end, under another name. */
  #isMovedAway({ id }: SchemaObject): boolean {
    if (this.#plan.freed.has(id)) return false
    return !this.#plan.removed.has(id) || this.#plan.late.has(id)
  }

  #drops(id: string, column: string): boolean {
    const plan = this.#plan.columns.get(id)
    return plan !== undefined && (plan.dropped.has(column) || plan.remade.has(column))
  }

  #dropColumn(id: string, column: Column): TableStatement[] {
    const kept = this.#families.kept(id)
    if (!kept) return []
    const { name, before, after } = kept
    const children = before.partitionBy === null ? this.#families.children(id) : []
    // Of the children of a table, each says itself whether it keeps the column; partitions cannot.
    const sql = `ALTER TABLE ${children.length > 0 ? 'ONLY ' : ''}${name} DROP COLUMN ${quoteName(column.name)}`
    const anew = after.columns.some((other) => other.name === column.name) ? ', to make it anew as a generated one' : ''
    const destructive = `drops the column ${name}.${quoteName(column.name)}${anew}`
    return [
      // What was computed can be computed again.
      { sql, ...(column.generated === null && { destructive }) },
      ...children
        .filter((child) => this.#drops(child, column.name))
        .flatMap((child) => this.#dropColumn(child, column)),
    ]
  }

  /** Brings its columns and settings to the new state. `inlined`: made in the list of its columns, if they are new. */
  alter(id: string, inlined: readonly SchemaObject[]): { statements: TableStatement[]; said: ReadonlySet<string> } {
    const kept = this.#families.kept(id)
    const plan = this.#plan.columns.get(id)
    const said = new Set<string>()
    if (!kept || !plan) return { statements: [], said }
    const { name, before, after, object } = kept
    const old = columnsOf(before)
    const parents = this.#families.keptParents(id)
    const statements: TableStatement[] = []
    const alter = `ALTER TABLE ${name}`
    for (const column of after.columns) {
      const was = old.get(column.name)
      if (!was || plan.remade.has(column.name)) continue
      if (
        was.generated?.stored &&
        column.generated === null &&
        !parents.some((parent) => this.#hasColumn(parent, column.name))
      )
        statements.push({ sql: `${alter} ALTER COLUMN ${quoteName(column.name)} DROP EXPRESSION` })
      if (plan.retyped.has(column.name) && !parents.some((parent) => this.#retypes(parent, column.name)))
        statements.push(this.#retype(alter, name, was, column))
    }
    const added = after.columns.filter((column) => !old.has(column.name) || plan.remade.has(column.name))
    const computed = added.filter(({ generated }) => generated !== null)
    for (const column of [...added.filter(({ generated }) => generated === null), ...computed]) {
      const initial = inlined.find((part) => part.kind === 'column default' && part.name === column.name)
      if (parents.some((parent) => this.#hasColumn(parent, column.name))) {
        if (!initial && column.default === null && parents.some((parent) => this.#hasDefault(parent, column.name)))
          statements.push({ sql: `ALTER TABLE ONLY ${name} ALTER COLUMN ${quoteName(column.name)} DROP DEFAULT` })
        statements.push(...settingsOf(name, column, after))
        continue
      }
      const defaults = new Map(initial?.inline === undefined ? [] : [[column.name, initial.inline]])
      if (initial?.inline !== undefined) said.add(initial.id)
      const [text = ''] = renderColumn({ ...after, ofType: null }, this.#toAdd(object.name, column), {
        defaults,
        constraints: [],
      })
      for (const child of this.#families.children(id)) statements.push(...this.#retypeForParent(child, column.name))
      statements.push({ sql: `${alter} ADD COLUMN ${text}` })
      statements.push(...settingsOf(name, column, after))
    }
    const lasting = this.#families.lastingParents(id)
    for (const column of after.columns) {
      const was = old.get(column.name)
      if (!was || plan.remade.has(column.name)) continue
      const context = {
        tableName: object.name,
        named: this.#named,
        taken: this.#taken,
        inherited: lasting.some((parent) => this.#isNotNull(parent, column.name)),
      }
      // A new type brings its own storage.
      const now = plan.retyped.has(column.name) ? { ...was, storage: null } : was
      statements.push(...alterColumn(name, now, column, context).map((sql) => ({ sql })))
    }
    const beyond = beyondDetail(object).filter(
      (statement) => !beyondDetail(this.#plan.from.get(id) ?? object).includes(statement),
    )
    const typed = after.ofType !== null && (this.#plan.loosened.has(id) || before.ofType === null)
    statements.push(
      ...[
        ...alterSettings(alter, before, after),
        ...beyond,
        ...this.#families.join(kept, said),
        ...(typed ? [`${alter} OF ${after.ofType}`] : []),
      ].map((sql) => ({ sql })),
    )
    return { statements, said }
  }

  #toAdd(table: string, column: Column): Column {
    const usual = `${table}_${column.name}_not_null`
    const notNullName = column.notNullName ?? (this.#named && this.#taken.has(usual) ? usual : null)
    return { ...column, inherited: false, notNullHere: true, notNullName }
  }

  /** A table that is made, with names for its constraints NOT NULL where PostgreSQL would make up others. */
  withNotNullNames(object: SchemaObject): SchemaObject {
    const { name, detail, create } = object
    if (detail?.kind !== 'table' || !this.#named) return object
    const columns = detail.columns.map((column) =>
      column.notNull &&
      column.notNullHere &&
      column.notNullName === null &&
      this.#taken.has(`${name}_${column.name}_not_null`)
        ? { ...column, notNullName: `${name}_${column.name}_not_null` }
        : column,
    )
    if (same(columns, detail.columns)) return object
    const named = { ...detail, columns }
    return {
      ...object,
      detail: named,
      create: [...renderTable(nameOf(object), named), ...create.slice(renderTable('', detail).length)],
    }
  }

  /** Whether the type of a child's column is changed with its own, or before it gets such a column itself. */
  #retypes(id: string, column: string): boolean {
    return (this.#plan.columns.get(id)?.retyped.has(column) ?? false) || this.#adds(id, column)
  }

  #adds(id: string, column: string): boolean {
    return !this.#had(id, column) && this.#hasColumn(id, column)
  }

  #had(id: string, column: string): boolean {
    return tableDetail(this.#plan.from.get(id))?.columns.some(({ name }) => name === column) ?? false
  }

  /** A column that a child has already is of the same type when its parent gets one of that name. */
  #retypeForParent(id: string, column: string): TableStatement[] {
    const kept = this.#families.kept(id)
    const [before, after] = [kept?.before, kept?.after].map((state) =>
      state?.columns.find(({ name }) => name === column),
    )
    if (!kept || !before || !after || !this.#plan.columns.get(id)?.retyped.has(column)) return []
    return [this.#retype(`ALTER TABLE ${kept.name}`, kept.name, before, after)]
  }

  #hasColumn(id: string, column: string): boolean {
    return tableDetail(this.#plan.to.get(id))?.columns.some(({ name }) => name === column) ?? false
  }

  #isNotNull(id: string, column: string): boolean {
    return tableDetail(this.#plan.to.get(id))?.columns.some(({ name, notNull }) => name === column && notNull) ?? false
  }

  #hasDefault(id: string, column: string): boolean {
    return (
      tableDetail(this.#plan.to.get(id))?.columns.some(
        ({ name, default: initial }) => name === column && initial !== null,
      ) ?? false
    )
  }

  #retype(alter: string, table: string, before: Column, after: Column): TableStatement {
    const column = quoteName(after.name)
    const type = typeOfColumn(before.type, this.#types)
    const anew = type !== undefined && (this.#plan.removed.has(type.id) || this.#plan.freed.has(type.id))
    const from = anew && !this.#isMovedAway(type) ? (before.type.endsWith('[]') ? 'text[]' : 'text') : before.type
    const cast = anew || from !== before.type ? textCast(column, from, after.type) : using(column, from, after.type)
    const collation = after.collation === null ? '' : ` COLLATE ${after.collation}`
    const sql = `${alter} ALTER COLUMN ${column} TYPE ${after.type}${collation}${cast}`
    if (anew && !same(partsOf(type), partsOf(this.#plan.to.get(type.id))))
      return {
        sql,
        destructive: `takes what is in the column ${table}.${column} by its place in ${nameOf(type)}, whose parts are others`,
      }
    if (before.type === after.type || !mayLose(before.type, after.type)) return { sql }
    return {
      sql,
      destructive: `may lose of what is in the column ${table}.${column}: ${before.type} becomes ${after.type}`,
    }
  }
}

/** The names of what a composite value has in it, in order. */
function partsOf(object: SchemaObject | undefined): string[] {
  const { detail } = object ?? {}
  const parts = detail?.kind === 'composite' ? detail.attributes : detail?.kind === 'table' ? detail.columns : []
  return parts.map(({ name }) => name)
}

function settingsOf(table: string, column: Column, after: TableDetail): TableStatement[] {
  return renderColumnSettings(`ALTER TABLE ONLY ${table}`, { ...column, inherited: false }, after).map((sql) => ({
    sql,
  }))
}

/** Names that PostgreSQL would not make up for a constraint NOT NULL, since others have them. */
function notNullNames({ from, to }: Plan): Set<string> {
  const details = [...from.values(), ...to.values()].flatMap((object) => tableDetail(object) ?? [])
  return new Set(details.flatMap(({ columns }) => columns.flatMap(({ notNullName }) => notNullName ?? [])))
}
