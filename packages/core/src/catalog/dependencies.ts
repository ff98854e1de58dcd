import type { Connection } from '../postgres/connection.ts'
import type { SchemaObject } from './model.ts'
import type { ReadObject } from './read/reading.ts'

interface Edge {
  readonly from: ReadObject | undefined
  readonly to: ReadObject | undefined
  /** As pg_depend.deptype. */
  readonly type: string
}

interface Row {
  class: number
  oid: number
  toClass: number
  to: number
  type: string
}

/** Finds out what each object needs, from what PostgreSQL has recorded, and leaves the addresses behind. */
export async function resolveNeeds(connection: Connection, read: readonly ReadObject[]): Promise<SchemaObject[]> {
  const objects = new Map(read.map((object) => [object.id, object]))
  const edges = await readEdges(connection, read)
  const needs = new Map(read.map((object) => [object.id, new Set<string>()]))
  for (const { from, to, type } of edges) {
    if (!from || !to || from === to || type === 'x') continue
    // That a column owns a sequence is said when both are there.
    if (from.kind === 'sequence' && to.id === from.of) continue
    needs.get(from.id)?.add(to.id)
  }
  for (const object of read) {
    if (object.of !== undefined && object.kind !== 'sequence' && objects.has(object.of))
      needs.get(object.id)?.add(object.of)
  }
  for (const [index, partitions] of indexesOfPartitioned(read)) for (const id of partitions) needs.get(index)?.add(id)
  const dependent = extensionDependents(edges)
  return read.map(withoutAddresses).map((known) => {
    const create = [...known.create, ...(dependent.get(known.id) ?? [])]
    return { ...known, create, needs: [...(needs.get(known.id) ?? [])].sort() }
  })
}

function withoutAddresses(object: ReadObject): Omit<SchemaObject, 'needs'> {
  const known: Omit<ReadObject, 'addresses'> & { addresses?: unknown } = { ...object }
  delete known.addresses
  return known
}

/**
 * What initdb makes has OIDs below 16384 (FirstNormalObjectId in access/transam.h). Left out is what is known without: the parts of one
 * object, and that a part needs the table that it is `of`.
 */
async function readEdges(connection: Connection, read: readonly ReadObject[]): Promise<Edge[]> {
  const catalogs = await connection.run<{ oid: number; name: string }>(
    `select oid, relname as name from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'`,
  )
  const byName = new Map(catalogs.map(({ name }) => [name, new Map<number, ReadObject>()]))
  const byOid = new Map(catalogs.map(({ oid, name }) => [oid, byName.get(name)]))
  for (const object of read) for (const { catalog, oid } of object.addresses) byName.get(catalog)?.set(oid, object)
  const rows = await connection.run<Row>(`
    select distinct classid as class, objid as oid, refclassid as "toClass", refobjid as to, deptype as type
      from pg_depend
     where objid >= 16384 and refobjid >= 16384 and (classid, objid) <> (refclassid, refobjid)
       and not (deptype = 'i' and classid = any('{pg_class,pg_type,pg_trigger,pg_rewrite}'::regclass[]))
       and not (deptype = 'a' and refclassid = 'pg_class'::regclass
                and classid = any('{pg_constraint,pg_attrdef,pg_trigger,pg_policy}'::regclass[]))`)
  // What is a member of an extension comes and goes with it.
  for (const { class: catalog, oid, toClass, to, type } of rows) {
    const extension = type === 'e' ? byOid.get(toClass)?.get(to) : undefined
    if (extension) byOid.get(catalog)?.set(oid, extension)
  }
  return rows.map(({ class: catalog, oid, toClass, to, type }) => {
    return { from: byOid.get(catalog)?.get(oid), to: byOid.get(toClass)?.get(to), type }
  })
}

/**
 * The index of a partitioned table is made when all partitions are attached: otherwise attaching one would make an index for it, under a
 * name that PostgreSQL chooses.
 */
function indexesOfPartitioned(read: readonly ReadObject[]): Map<string, readonly string[]> {
  const partitions = new Map<string, string[]>()
  for (const { id, detail } of read) {
    if (detail?.kind !== 'table' || detail.partitionOf === null) continue
    const { parent } = detail.partitionOf
    partitions.set(parent, [...(partitions.get(parent) ?? []), id])
  }
  return new Map(
    read.flatMap(({ id, of, kind, addresses }) => {
      const found = of === undefined ? undefined : partitions.get(of)
      const indexed =
        kind === 'index' || (kind === 'constraint' && addresses.some(({ catalog }) => catalog === 'pg_class'))
      return found && indexed ? [[id, found] as const] : []
    }),
  )
}

/** `ALTER … DEPENDS ON EXTENSION`: what is dropped with an extension without being a member. */
function extensionDependents(edges: readonly Edge[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { from, to, type } of edges) {
    if (type !== 'x' || !from || to?.kind !== 'extension') continue
    const reference =
      from.kind === 'constraint' ? from.reference.replace(/^CONSTRAINT (\S+) ON .*/, 'INDEX $1') : from.reference
    const statement = `ALTER ${reference} DEPENDS ON ${to.reference}`
    found.set(from.id, [...(found.get(from.id) ?? []), statement].sort())
  }
  return found
}
