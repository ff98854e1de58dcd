import type { Connection } from '../postgres/connection.ts'
import type { SchemaObject } from './model.ts'
import type { CatalogAddress, ReadObject } from './read/reading.ts'

interface Edge {
  class: string
  oid: number
  toClass: string
  to: number
  /** As pg_depend.deptype. */
  type: string
}

/** Finds out what each object needs, from what PostgreSQL has recorded, and leaves the addresses behind. */
export async function resolveNeeds(connection: Connection, read: readonly ReadObject[]): Promise<SchemaObject[]> {
  const objects = new Map(read.map((object) => [object.id, object]))
  const at = new Map<string, ReadObject>()
  for (const object of read) for (const address of object.addresses) at.set(keyOf(address), object)
  const edges = await readEdges(connection)
  // What is a member of an extension comes and goes with it.
  for (const { class: catalog, oid, toClass, to, type } of edges) {
    const extension = type === 'e' ? at.get(`${toClass} ${to}`) : undefined
    if (extension) at.set(`${catalog} ${oid}`, extension)
  }
  const needs = new Map(read.map((object) => [object.id, new Set<string>()]))
  for (const { class: catalog, oid, toClass, to, type } of edges) {
    const [from, target] = [at.get(`${catalog} ${oid}`), at.get(`${toClass} ${to}`)]
    if (!from || !target || from === target || type === 'e') continue
    // That a column owns a sequence is said when both are there.
    if (from.kind === 'sequence' && target.id === from.of) continue
    needs.get(from.id)?.add(target.id)
  }
  for (const object of read) {
    if (object.of !== undefined && object.kind !== 'sequence' && objects.has(object.of))
      needs.get(object.id)?.add(object.of)
  }
  for (const [index, partitions] of indexesOfPartitioned(read)) for (const id of partitions) needs.get(index)?.add(id)
  const dependent = extensionDependents(edges, at)
  return read.map(({ addresses: _, ...object }) => ({
    ...object,
    create: [...object.create, ...(dependent.get(object.id) ?? [])],
    needs: [...(needs.get(object.id) ?? [])].sort(),
  }))
}

function keyOf({ catalog, oid }: CatalogAddress): string {
  return `${catalog} ${oid}`
}

/** What initdb makes has OIDs below 16384 (FirstNormalObjectId in access/transam.h). */
async function readEdges(connection: Connection): Promise<Edge[]> {
  const catalogs = await connection.run<{ oid: number; name: string }>(
    `select oid, relname as name from pg_class where relnamespace = 'pg_catalog'::regnamespace and relkind = 'r'`,
  )
  const names = new Map(catalogs.map(({ oid, name }) => [oid, name]))
  const rows = await connection.run<{ class: number; oid: number; toClass: number; to: number; type: string }>(`
    select distinct classid as class, objid as oid, refclassid as "toClass", refobjid as to, deptype as type
      from pg_depend
     where objid >= 16384 and refobjid >= 16384 and (classid, objid) <> (refclassid, refobjid)`)
  return rows.map((row) => ({
    ...row,
    class: names.get(row.class) ?? '',
    toClass: names.get(row.toClass) ?? '',
  }))
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
function extensionDependents(edges: readonly Edge[], at: ReadonlyMap<string, ReadObject>): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { class: catalog, oid, toClass, to, type } of edges) {
    const [object, extension] = [at.get(`${catalog} ${oid}`), at.get(`${toClass} ${to}`)]
    if (type !== 'x' || !object || extension?.kind !== 'extension') continue
    const reference =
      object.kind === 'constraint' ? object.reference.replace(/^CONSTRAINT (\S+) ON .*/, 'INDEX $1') : object.reference
    const statement = `ALTER ${reference} DEPENDS ON ${extension.reference}`
    found.set(object.id, [...(found.get(object.id) ?? []), statement].sort())
  }
  return found
}
