import { qualifiedName, quoteName } from '../quote.ts'
import { ownRelations } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'
import { tableId } from './tables.ts'

interface Row {
  oid: number
  name: string
  schema: string
  table: string
  tableKind: string
  definition: string
  enabled: string
  /** A partition's, made by that of its parent. */
  inherited: boolean
  comment: string | null
}

const states: Record<string, string> = { O: 'ENABLE', D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' }

/** Reads triggers. That of a partition is made by its parent's: it is read only where it is enabled otherwise. */
export const readTriggers: Reader = async ({ connection }) => {
  const rows = await connection.run<Row>(`
    select t.oid, t.tgname as name, n.nspname as schema, c.relname as "table", c.relkind as "tableKind",
           pg_get_triggerdef(t.oid) as definition, t.tgenabled as enabled, t.tgparentid <> 0 as inherited,
           obj_description(t.oid, 'pg_trigger') as comment
      from pg_trigger t
      join (select c.* ${ownRelations}) c on c.oid = t.tgrelid
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_trigger above on above.oid = t.tgparentid
     where not t.tgisinternal and (t.tgparentid = 0 or t.tgenabled <> above.tgenabled)`)
  return rows.map((row): ReadObject => {
    const { oid, schema, enabled, inherited, comment } = row
    const name = quoteName(row.name)
    const table = qualifiedName(schema, row.table)
    const state = `ALTER ${row.tableKind === 'f' ? 'FOREIGN ' : ''}TABLE ${table} ${states[enabled]} TRIGGER ${name}`
    return {
      id: `trigger ${name} on ${table}`,
      kind: 'trigger',
      schema,
      name: row.name,
      of: relationId(row.tableKind, schema, row.table),
      create: [...(inherited ? [] : [row.definition]), ...(inherited || enabled !== 'O' ? [state] : [])],
      drop: `DROP TRIGGER ${name} ON ${table}`,
      reference: `TRIGGER ${name} ON ${table}`,
      owner: null,
      comment,
      grants: [],
      addresses: [{ catalog: 'pg_trigger', oid }],
    }
  })
}

/** Reads rules, but for those that views are made of. */
export const readRules: Reader = async ({ connection, uncovered }) => {
  const rows = await connection.run<Omit<Row, 'inherited'>>(`
    select r.oid, r.rulename as name, n.nspname as schema, c.relname as "table", c.relkind as "tableKind",
           pg_get_ruledef(r.oid) as definition, r.ev_enabled as enabled, obj_description(r.oid, 'pg_rewrite') as comment
      from pg_rewrite r
      join (select c.* ${ownRelations}) c on c.oid = r.ev_class
      join pg_namespace n on n.oid = c.relnamespace
     where r.ev_type <> '1'`)
  return rows.flatMap((row): ReadObject[] => {
    const { oid, schema, enabled, comment } = row
    const name = quoteName(row.name)
    const table = qualifiedName(schema, row.table)
    if (row.name === '_RETURN') {
      uncovered({ object: `rule ${name} on ${table}`, why: 'It was renamed: no rule may be made with this name.' })
      return []
    }
    return [
      {
        id: `rule ${name} on ${table}`,
        kind: 'rule',
        schema,
        name: row.name,
        of: relationId(row.tableKind, schema, row.table),
        create: [
          row.definition.replace(/;\s*$/, ''),
          ...(enabled === 'O' ? [] : [`ALTER TABLE ${table} ${states[enabled]} RULE ${name}`]),
        ],
        drop: `DROP RULE ${name} ON ${table}`,
        reference: `RULE ${name} ON ${table}`,
        owner: null,
        comment,
        grants: [],
        addresses: [{ catalog: 'pg_rewrite', oid }],
      },
    ]
  })
}

function relationId(kind: string, schema: string, name: string): string {
  return kind === 'v' ? `view ${qualifiedName(schema, name)}` : tableId(kind, schema, name)
}
