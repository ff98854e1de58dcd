/** A node of the parser's tree, without its type. */
export type Fields = Readonly<Record<string, unknown>>

/**
 * Goes through a tree from top to bottom, and calls `enter` with the type and the fields of each node. Where it returns false,
 * what is below is left out.
 */
export function visit(tree: unknown, enter: (type: string, fields: Fields) => boolean): void {
  if (typeof tree !== 'object' || tree === null) return
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== 'object' || value === null) continue
    // Types of nodes are written large, and names of fields small.
    if (!/^[A-Z]/.test(key) || enter(key, value as Fields)) visit(value, enter)
  }
}

/** The name of an object as it was written. */
export interface Name {
  readonly schema?: string
  readonly name: string
}

/** Reads `[schema.]name` from the nodes of its parts. */
export function readName(parts: unknown): Name {
  const names = Array.isArray(parts) ? parts.map((part) => stringOf(part) ?? '') : []
  return nameOf(names.at(-2), names.at(-1) ?? '')
}

export function nameOf(schema: string | undefined, name: string): Name {
  return { ...(schema !== undefined && { schema }), name }
}

/** The text of a String node. */
export function stringOf(node: unknown): string | undefined {
  const fields = (node as { String?: { sval?: string } } | undefined)?.String
  return fields && (fields.sval ?? '')
}

/** A name as it is written in SQL. */
export function nameText({ schema, name }: Name): string {
  return (schema === undefined ? [name] : [schema, name]).map(quoted).join('.')
}

/** Only for the eye: keywords are left as they are. */
function quoted(name: string): string {
  return /^[a-z_\u{80}-\u{10ffff}][a-z0-9_$\u{80}-\u{10ffff}]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
