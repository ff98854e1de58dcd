import type { Schema, SchemaObject } from '../model.ts'
import type { Change } from './compare.ts'
import { nameOf, same, tableDetail } from './objects.ts'

/**
 * Says what may have been given another name: a diff takes it as dropped and created, by which its rows are lost. Nothing is guessed: a
 * person has to say so, with ALTER … RENAME.
 */
export function findLikelyRenames(changes: readonly Change[]): string[] {
  const dropped = changes.filter(({ change, kind }) => change === 'dropped' && kind === 'table')
  const created = changes.filter(({ change, kind }) => change === 'created' && kind === 'table')
  const tables = dropped.flatMap(({ before }) => {
    const alike = created.filter(({ after }) => same(shapeOf(before), shapeOf(after)))
    const [only] = alike
    return before && only?.after && alike.length === 1
      ? [`The table ${nameOf(before)} may have become ${nameOf(only.after)}.`]
      : []
  })
  return [...tables, ...changes.flatMap(({ before, after }) => (before && after ? columnRenames(before, after) : []))]
}

function shapeOf(object: SchemaObject | undefined): unknown {
  return tableDetail(object)?.columns.map(({ name, type }) => [name, type])
}

function columnRenames(before: SchemaObject, after: SchemaObject): string[] {
  const [one, other] = [tableDetail(before), tableDetail(after)]
  if (!one || !other) return []
  const names = (columns: readonly { name: string }[]) => new Set(columns.map(({ name }) => name))
  const [old, now] = [names(one.columns), names(other.columns)]
  const gone = one.columns.filter(({ name }) => !now.has(name))
  const come = other.columns.filter(({ name }) => !old.has(name))
  return gone.flatMap((column) => {
    const alike = come.filter(({ type }) => type === column.type)
    const rivals = gone.filter(({ type }) => type === column.type)
    const [only] = alike
    return only && alike.length === 1 && rivals.length === 1
      ? [`The column ${nameOf(before)}.${column.name} may have become ${only.name}.`]
      : []
  })
}

/** Says what else keeps two schemas from being compared as they are. */
export function describeVersions(from: Schema, to: Schema): string[] {
  const major = ({ serverVersion }: Schema) => Math.floor(serverVersion / 10_000)
  if (major(from) === major(to)) return []
  return [
    `One side is on PostgreSQL ${major(from)}, the other on ${major(to)}, which may write the same view or expression in other words.`,
  ]
}
