/** Base types that PostgreSQL turns into each other by itself in ALTER COLUMN TYPE: its assignment casts. */
const numbers = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']
const integers = ['smallint', 'integer', 'bigint']
const texts = ['text', 'character varying', 'character', 'name']
const times = ['date', 'timestamp without time zone', 'timestamp with time zone']
const documents = ['json', 'jsonb']

/** What holds all values of each: the same or more. */
const widening: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric', 'real', 'double precision'],
  integer: ['bigint', 'numeric', 'double precision'],
  bigint: ['numeric'],
  real: ['double precision'],
  'character varying': ['text'],
  name: ['text', 'character varying'],
  date: ['timestamp without time zone', 'timestamp with time zone'],
  'timestamp without time zone': ['timestamp with time zone'],
  'timestamp with time zone': ['timestamp without time zone'],
  json: ['jsonb'],
  jsonb: ['json'],
}

interface Type {
  base: string
  modifiers: readonly number[] | null
  array: boolean
}

function parseType(type: string): Type {
  const array = type.endsWith('[]')
  const element = array ? type.slice(0, -2) : type
  const modifiers = /\((-?\d+(?:,-?\d+)*)\)/.exec(element)
  return {
    base: element.replace(/\(-?\d+(?:,-?\d+)*\)/, ''),
    modifiers: modifiers?.[1]?.split(',').map(Number) ?? null,
    array,
  }
}

/** What turns a column into another type; nothing where PostgreSQL knows by itself. */
export function using(column: string, from: string, to: string): string {
  const [before, after] = [parseType(from), parseType(to)]
  if (before.array === after.array) {
    if (before.base === after.base || texts.includes(after.base)) return ''
    for (const family of [numbers, times, documents])
      if (family.includes(before.base) && family.includes(after.base)) return ''
    const known = (one: string, other: string) => before.base === one && after.base === other
    if (known('boolean', 'integer') || known('integer', 'boolean')) return ` USING ${column}::${to}`
  }
  return textCast(column, from, to)
}

/** Goes by the text of each value, as for a type that is made anew. */
export function textCast(column: string, from: string, to: string): string {
  return ` USING ${column}::text${from.endsWith('[]') && to.endsWith('[]') ? '[]' : ''}::${to}`
}

/** Whether the new type may not hold what the old one does. */
export function mayLose(from: string, to: string): boolean {
  const [before, after] = [parseType(from), parseType(to)]
  if (before.array !== after.array) return true
  // What does not fit an enum or a domain is refused.
  if (after.base === 'text' || after.base.includes('.')) return false
  if (integers.includes(before.base) && after.base === 'numeric') return (after.modifiers?.[1] ?? 0) < 0
  if (before.base === after.base) return !holds(after.modifiers, before.modifiers)
  return !(widening[before.base] ?? []).includes(after.base) || after.modifiers !== null
}

/** Whether a length, or a precision and scale, has room for another one. */
function holds(wide: readonly number[] | null, narrow: readonly number[] | null): boolean {
  if (wide === null) return true
  if (narrow === null) return false
  const [precision = 0, scale = 0] = wide
  const [other = 0, otherScale = 0] = narrow
  return scale >= otherScale && precision - scale >= other - otherScale
}
