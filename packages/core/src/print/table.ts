import type { PrintSettings } from './settings.ts'

/** What a format prints: the head of a result set, and a place to print to. */
export interface Table {
  readonly settings: PrintSettings
  readonly headers: readonly string[]
  /** Of each column; right for numbers. */
  readonly rightAligned: readonly boolean[]
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

/** `(2 rows)`, unless it is switched off. Expanded formats number each row and have it only where they say so. */
export function footerOf({ settings }: Table, rows: number): string | undefined {
  if (settings.tuplesOnly || !settings.footer) return undefined
  return rows === 1 ? '(1 row)' : `(${rows} rows)`
}

/** Nothing but spaces and tabs, which some formats show as something else. */
export function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text)
}
