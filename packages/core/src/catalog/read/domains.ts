import { qualifiedName, quoteName, quoteText } from '../quote.ts'
import { ownObject } from './own.ts'
import type { ReadObject, Reader } from './reading.ts'
import { collationName, ownTypes, typeColumns, typeObject, type TypeRow } from './type-row.ts'

interface DomainRow extends TypeRow {
  base: string
  collation: string | null
  notNull: boolean
  notNullName: string | null
  notNullOid: number | null
  notNullComment: string | null
  default: string | null
}

interface ConstraintRow {
  oid: number
  schema: string
  domain: string
  name: string
  definition: string
  validated: boolean
  comment: string | null
}

/** SQL for NOT NULL as the domain says it. Before PostgreSQL 17 it has no name. */
function notNullOf(serverVersion: number): { columns: string; join: string } {
  if (serverVersion < 170000)
    return {
      columns: 't.typnotnull as "notNull", null as "notNullName", null as "notNullOid", null as "notNullComment"',
      join: '',
    }
  return {
    columns: `t.typnotnull as "notNull", nn.conname as "notNullName", nn.oid as "notNullOid",
              obj_description(nn.oid, 'pg_constraint') as "notNullComment"`,
    join: "left join pg_constraint nn on nn.contypid = t.oid and nn.contype = 'n'",
  }
}

/** Reads domains. Their checks are objects of their own. */
export const readDomains: Reader = async ({ connection, serverVersion }) => {
  const notNull = notNullOf(serverVersion)
  const rows = await connection.run<DomainRow>(`
    select ${typeColumns}, format_type(t.typbasetype, t.typtypmod) as base,
           ${collationName('t.typcollation', 'b.typcollation')} as collation,
           coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) as default, ${notNull.columns}
      from pg_type t
      join pg_type b on b.oid = t.typbasetype
      ${notNull.join}
      ${ownTypes} and t.typtype = 'd'`)
  return rows.map(toObject)
}

function toObject(row: DomainRow): ReadObject {
  const { name, collation, notNullName, notNullOid, notNullComment } = row
  const type = typeObject('domain', row)
  // A comment needs the name that it has.
  const usual = notNullName === null || (notNullName === `${name}_not_null` && notNullComment === null)
  const parts = [
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...(row.default === null ? [] : [`DEFAULT ${row.default}`]),
    ...(row.notNull ? [usual ? 'NOT NULL' : `CONSTRAINT ${quoteName(notNullName)} NOT NULL`] : []),
  ]
  return {
    ...type,
    create: [
      [`CREATE ${type.reference} AS ${row.base}`, ...parts].join(' '),
      ...(notNullName === null || notNullComment === null
        ? []
        : [`COMMENT ON CONSTRAINT ${quoteName(notNullName)} ON ${type.reference} IS ${quoteText(notNullComment)}`]),
    ],
    detail: {
      kind: 'domain',
      base: row.base,
      collation,
      default: row.default,
      notNull: row.notNull,
      notNullName: usual ? null : notNullName,
    },
    addresses: [...type.addresses, ...(notNullOid === null ? [] : [{ catalog: 'pg_constraint', oid: notNullOid }])],
  }
}

/** Reads the checks of domains. One that is not valid cannot be said with the domain. */
export const readDomainConstraints: Reader = async ({ connection }) => {
  const rows = await connection.run<ConstraintRow>(`
    select co.oid, n.nspname as schema, t.typname as domain, co.conname as name, pg_get_constraintdef(co.oid) as definition,
           co.convalidated as validated, obj_description(co.oid, 'pg_constraint') as comment
      from pg_constraint co
      join pg_type t on t.oid = co.contypid
      join pg_namespace n on n.oid = t.typnamespace
     where co.contype = 'c' and ${ownObject('pg_type', 't.oid', 'n.nspname')}`)
  return rows.map(({ oid, schema, domain, name, definition, validated, comment }): ReadObject => {
    const quoted = qualifiedName(schema, domain)
    const clause = `CONSTRAINT ${quoteName(name)} ${definition}`
    return {
      id: `constraint ${quoteName(name)} on ${quoted}`,
      kind: 'constraint',
      schema,
      name,
      of: `domain ${quoted}`,
      create: [`ALTER DOMAIN ${quoted}\n    ADD ${clause}`],
      ...(validated && { inline: clause }),
      drop: `ALTER DOMAIN ${quoted} DROP CONSTRAINT ${quoteName(name)}`,
      reference: `CONSTRAINT ${quoteName(name)} ON DOMAIN ${quoted}`,
      owner: null,
      comment,
      grants: [],
      addresses: [{ catalog: 'pg_constraint', oid }],
    }
  })
}
