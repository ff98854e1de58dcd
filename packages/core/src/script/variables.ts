/** The variables of a script, as `\set` and `-v` give them. A `Map` is one. */
export interface Variables {
  get(name: string): string | undefined
}

/** Quotes a value as `:'name'` does. With a backslash in it, psql writes an escape string and a space before it. */
export function quoteLiteral(value: string): string {
  const quoted = `'${value.replaceAll("'", "''")}'`
  return value.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}

/** Quotes a value as `:"name"` does. */
export function quoteIdentifier(value: string): string {
  return `"${value.replaceAll('"', '""')}"`
}

/** Letters, digits, underscores, and everything that is not ASCII. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z0-9_\u{80}-\u{10ffff}]+$/u.test(name)
}

/** Reads the truth of `\if` as psql does: a prefix of true, false, yes or no; on, off, 1 or 0. Undefined when it is none. */
export function readBoolean(text: string): boolean | undefined {
  const value = text.toLowerCase()
  if (value === '') return undefined
  if ('true'.startsWith(value) || 'yes'.startsWith(value) || value === 'on' || value === '1') return true
  if ('false'.startsWith(value) || 'no'.startsWith(value) || value === 'of' || value === 'off' || value === '0')
    return false
  return undefined
}
