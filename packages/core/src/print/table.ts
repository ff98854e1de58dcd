import type { PrintSettings } from './settings.ts'

/** What a format prints: the head of a result set, and a place to print to. */
export interface Table {
  readonly settings: PrintSettings
  readonly headers: readonly string[]
  /** Of each column; right for numbers. */
  readonly rightAligned: readonly boolean[]
  /** Lines of its own below it, instead of how many rows there are. */
  readonly footers: readonly string[]
  /** Appends to the output. */
  readonly add: (text: string) => void
}

/** What follows the head. The array of cells is used again for the next row. */
export interface TableBody {
  row(cells: readonly string[]): void
  end(rows: number): void
}

/** Prints the head of a table, and gives what prints its rows and its end. */
export type Format = (table: Table) => TableBody

/** The title, unless only tuples are wanted. */
export function titleOf({ settings }: Table): string | undefined {
  return settings.tuplesOnly ? undefined : settings.title
}

/** Its own footers, or `(2 rows)` unless that is switched off (`footers_with_default` of print.c). */
export function footersOf(table: Table, rows: number): readonly string[] {
  const { settings, footers } = table
  if (footers.length > 0 || settings.tuplesOnly || !settings.footer) return ownFooters(table)
  return [rows === 1 ? '(1 row)' : `(${rows} rows)`]
}

/** The footers of expanded formats, which number each row and do not count them. */
export function ownFooters({ settings, footers }: Table): readonly string[] {
  return settings.tuplesOnly ? [] : footers
}

/** Nothing but spaces and tabs, which some formats show as something else. */
export function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text)
}
