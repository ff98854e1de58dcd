import { qualifiedName, quoteName } from '../quote.ts'
import { namedObject } from './named-object.ts'
import { notOfExtension } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'

interface PublicationRow {
  oid: number
  name: string
  owner: string
  comment: string | null
  allTables: boolean
  insert: boolean
  update: boolean
  delete: boolean
  truncate: boolean
  viaRoot: boolean
  generated: string
  tables: { oid: number; schema: string; name: string; columns: string[] | null; filter: string | null }[]
  schemas: { oid: number; name: string }[]
}

/** SQL for what came with PostgreSQL 15 (columns, row filters, schemas) and 18 (generated columns). */
function publishedBy(serverVersion: number) {
  const modern = serverVersion >= 150000
  return {
    generated: serverVersion >= 180000 ? 'p.pubgencols' : "'n'",
    columns: modern
      ? `(select json_agg(a.attname order by a.attnum) from pg_attribute a
           where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[]))`
      : 'null',
    filter: modern ? 'pg_get_expr(r.prqual, r.prrelid)' : 'null',
    schemas: modern
      ? `coalesce((select json_agg(json_build_object('oid', s.oid::int8, 'name', sn.nspname) order by sn.nspname collate "C")
                     from pg_publication_namespace s join pg_namespace sn on sn.oid = s.pnnspid where s.pnpubid = p.oid), '[]')`
      : `'[]'::json`,
  }
}

/** Reads publications, with the tables and schemas that are in them. */
export const readPublications: Reader = async ({ connection, serverVersion }) => {
  const { generated, columns, filter, schemas } = publishedBy(serverVersion)
  const rows = await connection.run<PublicationRow>(`
    select p.oid, p.pubname as name, pg_get_userbyid(p.pubowner) as owner, obj_description(p.oid, 'pg_publication') as comment,
           p.puballtables as "allTables", p.pubinsert as insert, p.pubupdate as update, p.pubdelete as delete,
           p.pubtruncate as truncate, p.pubviaroot as "viaRoot", ${generated} as generated, ${schemas} as schemas,
           coalesce((select json_agg(json_build_object('oid', r.oid::int8, 'schema', n.nspname, 'name', c.relname, 'columns', ${columns},
                                                       'filter', ${filter}) order by n.nspname collate "C", c.relname collate "C")
                       from pg_publication_rel r
                       join pg_class c on c.oid = r.prrelid
                       join pg_namespace n on n.oid = c.relnamespace
                      where r.prpubid = p.oid), '[]') as tables
      from pg_publication p
     where ${notOfExtension('pg_publication', 'p.oid')}`)
  return rows.map(toObject)
}

function toObject(row: PublicationRow): ReadObject {
  const { oid, name, tables, schemas } = row
  const object = namedObject('publication', quoteName(name), row)
  const published = (['insert', 'update', 'delete', 'truncate'] as const).filter((change) => row[change])
  const options = [
    `publish = '${published.join(', ')}'`,
    ...(row.viaRoot ? ['publish_via_partition_root = true'] : []),
    ...(row.generated === 's' ? ['publish_generated_columns = stored'] : []),
  ]
  const alter = `ALTER ${object.reference}`
  return {
    ...object,
    create: [
      `CREATE ${object.reference}${row.allTables ? ' FOR ALL TABLES' : ''} WITH (${options.join(', ')})`,
      ...tables.map(({ schema, name: table, columns, filter }) =>
        [
          `${alter} ADD TABLE ONLY ${qualifiedName(schema, table)}`,
          columns === null ? '' : ` (${columns.map(quoteName).join(', ')})`,
          filter === null ? '' : ` WHERE (${filter})`,
        ].join(''),
      ),
      ...schemas.map((schema) => `${alter} ADD TABLES IN SCHEMA ${quoteName(schema.name)}`),
    ],
    addresses: [
      { catalog: 'pg_publication', oid },
      ...tables.map((table) => ({ catalog: 'pg_publication_rel', oid: table.oid })),
      ...schemas.map((schema) => ({ catalog: 'pg_publication_namespace', oid: schema.oid })),
    ],
  }
}
