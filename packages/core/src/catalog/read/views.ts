import { qualifiedName, quoteName } from '../quote.ts'
import { renderColumnSettings } from '../render.ts'
import type { ReadColumn } from './columns.ts'
import { ownRelations, storageOptions } from './own.ts'
import type { ReadObject, Reading } from './reading.ts'
import { columnComments, columnDefault, typeAddresses } from './tables.ts'

interface Row {
  oid: number
  kind: string
  schema: string
  name: string
  owner: string
  definition: string
  options: string[]
  accessMethod: string | null
  tablespace: string | null
  replicaIdentity: string
  rule: number
  types: number[]
  comment: string | null
}

/** Reads views and materialized views, and defaults of the columns of views. */
export async function readViews(
  { connection }: Reading,
  columnsOf: ReadonlyMap<number, readonly ReadColumn[]>,
): Promise<ReadObject[]> {
  const rows = await connection.run<Row>(`
    select c.oid, c.relkind as kind, n.nspname as schema, c.relname as name, pg_get_userbyid(c.relowner) as owner,
           pg_get_viewdef(c.oid) as definition, ${storageOptions('c.reloptions')} as options,
           case when am.amname <> 'heap' then quote_ident(am.amname) end as "accessMethod",
           (select quote_ident(spcname) from pg_tablespace where oid = c.reltablespace) as tablespace,
           c.relreplident as "replicaIdentity",
           (select oid from pg_rewrite where ev_class = c.oid and ev_type = '1') as rule,
           array(select unnest(array[ty.oid, ty.typarray]) from pg_type ty where ty.oid = c.reltype) as types,
           obj_description(c.oid, 'pg_class') as comment
      from (select c.* ${ownRelations} and c.relkind in ('v', 'm')) c
      join pg_namespace n on n.oid = c.relnamespace
      left join pg_am am on am.oid = c.relam`)
  return rows.flatMap((row) => toObjects(row, columnsOf.get(row.oid) ?? []))
}

function toObjects(row: Row, columns: readonly ReadColumn[]): ReadObject[] {
  const { oid, kind, schema, name, owner, comment } = row
  const quoted = qualifiedName(schema, name)
  const word = kind === 'm' ? 'MATERIALIZED VIEW' : 'VIEW'
  const id = `${word.toLowerCase()} ${quoted}`
  const view: ReadObject = {
    id,
    kind: kind === 'm' ? 'materialized view' : 'view',
    schema,
    name,
    create: kind === 'm' ? materializedView(row, quoted, columns) : [plainView(row, quoted)],
    ...(kind === 'v' && { standIn: viewOfNulls(quoted, columns) }),
    drop: `DROP ${word} ${quoted}`,
    reference: `${word} ${quoted}`,
    owner,
    comment,
    columnComments: columnComments(columns),
    grants: [],
    addresses: [{ catalog: 'pg_class', oid }, ...typeAddresses(row.types), { catalog: 'pg_rewrite', oid: row.rule }],
  }
  return [view, ...columns.flatMap((one) => columnDefault(one, { id, quoted, schema, word }))]
}

function plainView({ options, definition }: Row, quoted: string): string {
  const check = options.find((option) => option.startsWith('check_option='))?.slice('check_option='.length)
  const rest = options.filter((option) => !option.startsWith('check_option='))
  return [
    `CREATE VIEW ${quoted}`,
    rest.length > 0 ? ` WITH (${rest.join(', ')})` : '',
    ` AS\n${query(definition)}`,
    check === undefined ? '' : `\n  WITH ${check.toUpperCase()} CHECK OPTION`,
  ].join('')
}

function materializedView(row: Row, quoted: string, columns: readonly ReadColumn[]): string[] {
  const create = [
    `CREATE MATERIALIZED VIEW ${quoted}`,
    row.accessMethod === null ? '' : ` USING ${row.accessMethod}`,
    row.options.length > 0 ? ` WITH (${row.options.join(', ')})` : '',
    row.tablespace === null ? '' : ` TABLESPACE ${row.tablespace}`,
    ` AS\n${query(row.definition)}\n  WITH NO DATA`,
  ].join('')
  const alter = `ALTER TABLE ONLY ${quoted}`
  const identity = { n: 'NOTHING', f: 'FULL' }[row.replicaIdentity]
  return [
    create,
    ...columns.flatMap(({ column }) => renderColumnSettings(alter, column)),
    ...(identity === undefined ? [] : [`${alter} REPLICA IDENTITY ${identity}`]),
  ]
}

function query(definition: string): string {
  return definition.replace(/;\s*$/, '')
}

/** A view with the same columns that needs nothing but their types. */
function viewOfNulls(quoted: string, columns: readonly ReadColumn[]): string {
  const list = columns.map(({ column: { name, type, collation } }) => {
    return `    NULL::${type}${collation === null ? '' : ` COLLATE ${collation}`} AS ${quoteName(name)}`
  })
  return `CREATE VIEW ${quoted} AS\nSELECT${list.length > 0 ? `\n${list.join(',\n')}` : ''}`
}
