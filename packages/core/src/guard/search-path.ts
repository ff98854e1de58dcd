import type { Deed } from './deed.ts'
import { type Fields, type Name, visit } from './tree.ts'

/** SET, RESET and their like, as far as they say where names are looked for. */
export function readSetting({ kind, name, args, is_local: local }: Fields, offset: number): Deed[] {
  if (kind === 'VAR_RESET_ALL') return [{ kind: 'sets search_path', path: undefined, local: false, offset }]
  // Where "$user" leads, only the server knows.
  if (name === 'role' || name === 'session_authorization')
    return [{ kind: 'sets search_path', path: null, local: local === true, offset }]
  if (name !== 'search_path') return []
  const path = kind === 'VAR_SET_VALUE' ? (args as unknown[]).map(literalOf) : undefined
  return [
    {
      kind: 'sets search_path',
      path: path === undefined ? undefined : path.some((schema) => schema === undefined) ? null : schemasOf(path),
      local: local === true,
      offset,
    },
  ]
}

/** What `set_config('search_path', …)` sets, if a call is one. */
export function readSearchPath(
  routine: Name,
  call: Fields,
): { path: readonly string[] | null; local: boolean } | undefined {
  if (routine.name !== 'set_config' || (routine.schema ?? 'pg_catalog') !== 'pg_catalog') return undefined
  const [setting, value, local] = (call['args'] ?? []) as unknown[]
  const name = literalOf(setting)
  // A setting that is not named by a literal may be any.
  if (name !== undefined && name.toLowerCase() !== 'search_path') return undefined
  const text = literalOf(value)
  const isLocal = JSON.stringify(local ?? {}).includes('"boolval":true')
  return { path: name === undefined || text === undefined ? null : splitPath(text), local: isLocal }
}

function literalOf(node: unknown): string | undefined {
  let text: string | undefined
  const literal = (node as { A_Const?: { sval?: { sval?: string } } } | undefined)?.A_Const
  if (literal?.sval !== undefined) text = literal.sval.sval ?? ''
  else
    visit(node, (type, fields) => {
      if (type === 'A_Const' && 'sval' in fields && text === undefined)
        text = (fields['sval'] as { sval?: string }).sval ?? ''
      return type !== 'FuncCall' && type !== 'A_Expr'
    })
  return text
}

/** The schemas of a list as set_config takes it. */
function splitPath(text: string): readonly string[] {
  const names = text.match(/"(?:[^"]|"")*"|[^\s,]+/g) ?? []
  return schemasOf(
    names.map((name) => (name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase())),
  )
}

function schemasOf(names: readonly (string | undefined)[]): readonly string[] {
  return names.filter((name): name is string => name !== undefined && name !== '')
}
