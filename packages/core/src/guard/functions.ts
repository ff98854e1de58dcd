import type { Name } from './tree.ts'

/**
 * Functions of PostgreSQL, and of extensions that put theirs beside them, that lose data or end the work of others.
 * https://www.postgresql.org/docs/18/functions-admin.html, https://www.postgresql.org/docs/18/lo-funcs.html
 */
const harmful = new Map<string, string>([
  ['lo_unlink', 'deletes a large object'],
  ['lo_truncate', 'cuts a large object'],
  ['lo_truncate64', 'cuts a large object'],
  ['lo_put', 'overwrites a large object'],
  ['lowrite', 'overwrites a large object'],
  ['pg_terminate_backend', 'ends the session of somebody'],
  ['pg_cancel_backend', 'cancels what somebody runs'],
  ['pg_drop_replication_slot', 'drops a replication slot'],
  ['pg_replication_slot_advance', 'skips changes of a replication slot'],
  ['pg_logical_slot_get_changes', 'takes changes from a replication slot'],
  ['pg_logical_slot_get_binary_changes', 'takes changes from a replication slot'],
  ['pg_replication_origin_drop', 'drops a replication origin'],
  ['pg_file_unlink', 'deletes a file of the server'],
  ['pg_file_rename', 'moves a file of the server'],
  ['pg_file_write', 'overwrites a file of the server'],
  ['heap_force_kill', 'kills rows of a table'],
])

/** Functions that run a statement which is given as text, or write where nobody looks. */
const opaque = new Map<string, string>([
  ['query_to_xml', 'runs a query that is given as text'],
  ['query_to_xml_and_xmlschema', 'runs a query that is given as text'],
  ['query_to_xmlschema', 'runs a query that is given as text'],
  ['ts_stat', 'runs a query that is given as text'],
  ['ts_rewrite', 'may run a query that is given as text'],
  ['lo_export', 'writes a file on the server'],
])

/** What a function is known to lose; `certain` is false where that hangs on what it is given. */
export function harmOf({ schema, name }: Name): { readonly what: string; readonly certain: boolean } | undefined {
  if (schema !== undefined && schema !== 'pg_catalog') return undefined
  const what = harmful.get(name)
  if (what !== undefined) return { what: `${what} (${name})`, certain: true }
  const unsure = opaque.get(name)
  return unsure === undefined ? undefined : { what: `${unsure} (${name})`, certain: false }
}
