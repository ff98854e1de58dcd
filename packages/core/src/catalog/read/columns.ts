import type { Column } from '../model.ts'
import { quoteName } from '../quote.ts'
import { renderSequenceOptions } from '../render.ts'
import { foreignOptions, ownRelations, storageOptions } from './own.ts'
import type { Reading } from './reading.ts'

/** A column, and what is known of it beside the model. */
export interface ReadColumn {
  readonly column: Column
  readonly relation: number
  readonly comment: string | null
  /** The OID of its default or generation expression in pg_attrdef. */
  readonly expressionOid: number | null
  readonly identitySequence: number | null
  /** COMMENT ON CONSTRAINT of its NOT NULL. */
  readonly notNullComment: string | null
}

interface Row {
  relation: number
  relationName: string
  schema: string
  partition: boolean
  name: string
  type: string
  local: boolean
  collation: string | null
  storage: string | null
  compression: string | null
  statistics: number | null
  options: string[] | null
  foreignOptions: string | null
  generated: string | null
  identity: string | null
  expression: string | null
  expressionOid: number | null
  comment: string | null
  notNull: boolean
  notNullName: string | null
  /** Another constraint of the schema has that name too. */
  notNullShared: boolean
  notNullLocal: boolean
  notNullNoInherit: boolean
  notNullComment: string | null
  sequence: SequenceRow | null
}

interface SequenceRow {
  oid: number
  schema: string
  name: string
  persistence: string | null
  type: string
  start: string
  increment: string
  minimum: string
  maximum: string
  cache: string
  cycle: boolean
}

/** Reads the columns of all tables and materialized views, in order, by the OID of their relation. */
export async function readColumns({ connection, serverVersion }: Reading): Promise<Map<number, ReadColumn[]>> {
  // Constraints that are not valid are objects of their own. Before PostgreSQL 18, NOT NULL has no name.
  const [named, notNull] =
    serverVersion >= 180000
      ? [
          `left join pg_constraint nn on nn.conrelid = a.attrelid and nn.contype = 'n' and nn.conkey = array[a.attnum] and nn.convalidated`,
          `nn.oid is not null as "notNull", nn.conname as "notNullName", coalesce(nn.conislocal, false) as "notNullLocal",
           coalesce(nn.connoinherit, false) as "notNullNoInherit",
           exists (select from pg_constraint o where o.conname = nn.conname and o.connamespace = nn.connamespace and o.conislocal
                      and o.oid <> nn.oid)
             as "notNullShared", obj_description(nn.oid, 'pg_constraint') as "notNullComment"`,
        ]
      : [
          '',
          `a.attnotnull as "notNull", null as "notNullName",
           a.attnotnull and (a.attislocal or c.relispartition or not exists (
             select from pg_inherits i join pg_attribute pa on pa.attrelid = i.inhparent and pa.attname = a.attname and pa.attnotnull
              where i.inhrelid = a.attrelid)) as "notNullLocal",
           false as "notNullNoInherit", false as "notNullShared", null as "notNullComment"`,
        ]
  const rows = await connection.run<Row>(`
    select a.attrelid as relation, c.relname as "relationName", n.nspname as schema, c.relispartition as partition, a.attname as name,
           format_type(a.atttypid, a.atttypmod) as type, a.attislocal as local,
           case when a.attcollation <> t.typcollation
                then (select quote_ident(cn.nspname) || '.' || quote_ident(co.collname)
                        from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = a.attcollation)
           end as collation,
           case when a.attstorage <> t.typstorage
                then case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'x' then 'EXTENDED' when 'm' then 'MAIN' end
           end as storage,
           case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
           nullif(a.attstattarget, -1) as statistics,
           case when a.attoptions is not null then ${storageOptions('a.attoptions')} end as options,
           case when a.attfdwoptions is not null then ${foreignOptions('a.attfdwoptions')} end as "foreignOptions",
           nullif(a.attgenerated, '') as generated, nullif(a.attidentity, '') as identity, d.oid as "expressionOid", pg_get_expr(d.adbin, d.adrelid) as expression,
           about.description as comment,
           ${notNull}, s.sequence
      from pg_attribute a
      join (select c.oid, c.relname, c.relispartition, c.relnamespace, c.relpersistence ${ownRelations}
               and c.relkind in ('r', 'p', 'f', 'v', 'm')) c on c.oid = a.attrelid
      join pg_namespace n on n.oid = c.relnamespace
      join pg_type t on t.oid = a.atttypid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      left join pg_description about
             on about.objoid = a.attrelid and about.classoid = 'pg_class'::regclass and about.objsubid = a.attnum
      ${named}
      left join (
        select i.refobjid, i.refobjsubid, json_build_object(
                 'oid', i.objid::int8, 'schema', sn.nspname, 'name', sc.relname,
                 'persistence', case when sc.relpersistence <> oc.relpersistence
                                     then case sc.relpersistence when 'u' then 'UNLOGGED' else 'LOGGED' end end,
                 'type', format_type(sq.seqtypid, null), 'start', sq.seqstart::text, 'increment', sq.seqincrement::text,
                 'minimum', sq.seqmin::text, 'maximum', sq.seqmax::text, 'cache', sq.seqcache::text, 'cycle', sq.seqcycle) as sequence
          from pg_depend i
          join pg_sequence sq on sq.seqrelid = i.objid
          join pg_class sc on sc.oid = i.objid
          join pg_class oc on oc.oid = i.refobjid
          join pg_namespace sn on sn.oid = sc.relnamespace
         where i.classid = 'pg_class'::regclass and i.refclassid = 'pg_class'::regclass and i.deptype = 'i'
      ) s on s.refobjid = a.attrelid and s.refobjsubid = a.attnum and a.attidentity <> ''
     where a.attnum > 0 and not a.attisdropped
     order by a.attrelid, a.attnum`)
  const columns = new Map<number, ReadColumn[]>()
  for (const row of rows) {
    const of = columns.get(row.relation)
    if (of) of.push(toColumn(row))
    else columns.set(row.relation, [toColumn(row)])
  }
  return columns
}

function toColumn(row: Row): ReadColumn {
  const { name, type, notNull, notNullName, sequence, expression, generated, statistics } = row
  // PostgreSQL makes up this name, and another one where a constraint of the schema has it already.
  const plain = notNullName === `${row.relationName}_${name}_not_null` && !row.notNullShared
  const column: Column = {
    name,
    type,
    notNull,
    notNullHere: notNull && (row.notNullLocal || row.partition),
    notNullNoInherit: row.notNullNoInherit,
    // A comment needs the name that it has.
    notNullName: plain && row.notNullComment === null ? null : notNullName,
    default: generated === null ? expression : null,
    generated: generated === null || expression === null ? null : { expression, stored: generated === 's' },
    identity:
      sequence === null ? null : { always: row.identity === 'a', options: identityOptions(row, sequence).join(' ') },
    collation: row.collation,
    storage: row.storage,
    compression: row.compression,
    statisticsTarget: statistics,
    options: row.options ?? [],
    foreignOptions: row.foreignOptions === '' ? null : row.foreignOptions,
    inherited: !row.local && !row.partition,
  }
  return {
    column,
    relation: row.relation,
    comment: row.comment,
    expressionOid: row.expressionOid,
    identitySequence: sequence?.oid ?? null,
    notNullComment: row.notNullComment,
  }
}

/** PostgreSQL makes up the name of the sequence, and cuts it at 63 bytes in a way of its own. */
function identityOptions({ schema, relationName, name }: Row, sequence: SequenceRow): string[] {
  const usual = `${relationName}_${name}_seq`
  const unusual = sequence.name !== usual || sequence.schema !== schema || Buffer.byteLength(usual) > 63
  return [
    ...(unusual ? [`SEQUENCE NAME ${quoteName(sequence.schema)}.${quoteName(sequence.name)}`] : []),
    ...(sequence.persistence === null ? [] : [sequence.persistence]),
    ...renderSequenceOptions(sequence),
  ]
}
