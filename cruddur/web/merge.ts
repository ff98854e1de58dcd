/** A list that is shown, newest first, and where its next page is. */
export interface Pages<T> {
  items: T[]
  next: string | undefined
}

/**
 * Puts a fresh first page on top of what is shown. Where the two do not meet there may be more between them than we
 * know, so the fresh page begins a new list.
 */
export function putOnTop<T>(shown: Pages<T>, fresh: Pages<T>, keyOf: (item: T) => string): Pages<T> {
  const known = new Set(shown.items.map(keyOf))
  const newer = fresh.items.filter((item) => !known.has(keyOf(item)))
  if (newer.length === fresh.items.length && fresh.next !== undefined) return fresh
  return { items: [...newer, ...shown.items], next: shown.next }
}

/** Puts a further page below what is shown, without what is there already. */
export function putBelow<T>(shown: Pages<T>, further: Pages<T>, keyOf: (item: T) => string): Pages<T> {
  const known = new Set(shown.items.map(keyOf))
  return { items: [...shown.items, ...further.items.filter((item) => !known.has(keyOf(item)))], next: further.next }
}

/** What is shown but no longer in a fresh first page, though it would have its place there. */
export function findMissing<T>(shown: T[], fresh: Pages<T>, keyOf: (item: T) => string): T[] {
  const there = new Set(fresh.items.map(keyOf))
  // Below the last one that both have, the fresh page says nothing; without a next one it says all.
  const last = fresh.next === undefined ? shown.length : shown.findLastIndex((item) => there.has(keyOf(item)))
  return shown.slice(0, Math.max(0, last)).filter((item) => !there.has(keyOf(item)))
}

/** The address in a Link header (RFC 8288) whose relation is next. */
export function readNextLink(header: string | null | undefined): string | undefined {
  for (const [, address, parameters] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (/;\s*rel="?next"?(?:\s*[;,]|\s*$)/i.test(parameters ?? '')) return address
  }
  return undefined
}
