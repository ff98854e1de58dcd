import { aligned } from './aligned.ts'
import { asciidoc, asciidocExpanded } from './asciidoc.ts'
import { csv, csvExpanded } from './csv.ts'
import { escapeHtml, html, htmlExpanded } from './html.ts'
import { printJson } from './json.ts'
import { latex, latexExpanded, latexLongtable } from './latex.ts'
import type { PrintFormat, PrintSettings } from './settings.ts'
import type { Format, TableBody } from './table.ts'
import { troff, troffExpanded } from './troff.ts'
import { unaligned, unalignedExpanded } from './unaligned.ts'

export interface PrintColumn {
  readonly name: string
  /** Decides how it is aligned, and what it is in JSON. */
  readonly typeOid: number
}

interface PrintOutcome {
  /** The command tag, for example `SELECT 2`. */
  readonly tag: string
  /** How many rows there were, for the footer. */
  readonly rows: number
}

/** Prints one result set: `begin`, `row` for each row, `end`. After that it can begin again. */
export interface Printer {
  /** `footers` are lines below it instead of how many rows there are. */
  begin(columns: readonly PrintColumn[], footers?: readonly string[]): void
  /** The values in text format and UTF-8. The array may be used again. */
  row(values: readonly (Buffer | null)[]): void
  end(outcome: PrintOutcome): void
}

const formats: Record<Exclude<PrintFormat, 'json'>, { rows: Format; records: Format }> = {
  aligned: { rows: aligned, records: aligned },
  wrapped: { rows: aligned, records: aligned },
  asciidoc: { rows: asciidoc, records: asciidocExpanded },
  csv: { rows: csv, records: csvExpanded },
  html: { rows: html, records: htmlExpanded },
  latex: { rows: latex, records: latexExpanded },
  'latex-longtable': { rows: latexLongtable, records: latexExpanded },
  'troff-ms': { rows: troff, records: troffExpanded },
  unaligned: { rows: unaligned, records: unalignedExpanded },
}

/** Output is collected until there is so much of it, in UTF-16 units. */
const chunkLength = 65_536

/**
 * Makes what prints result sets as psql does (src/fe_utils/print.c of PostgreSQL 18). All formats print as the rows come,
 * except `aligned` and `wrapped`, which print at the end. Text comes out in large pieces, the last one at the end.
 */
export function createPrinter(settings: PrintSettings, write: (text: string) => void): Printer {
  let pending = ''
  let body: { row: Printer['row']; end: (rows: number) => void } | undefined
  const { chunkRows } = settings
  let inChunk = 0
  const flush = (): void => {
    if (pending !== '') write(pending)
    pending = ''
  }
  const add = (text: string): void => {
    pending += text
    if (pending.length >= chunkLength) flush()
  }
  return {
    begin(columns, footers = []) {
      // What a failed query left behind is not printed.
      pending = ''
      inChunk = 0
      body =
        settings.format === 'json'
          ? printJson(columns, add)
          : startTable(settings, settings.format, columns, footers, add)
    },
    row(values) {
      body?.row(values)
      if (chunkRows === 0 || ++inChunk < chunkRows) return
      inChunk = 0
      flush()
    },
    end({ tag, rows }) {
      body?.end(rows)
      body = undefined
      if (tagFollowsRows(tag)) add(formatTag(settings, tag))
      flush()
    },
  }
}

/** Of these psql prints the tag even after a table of what they returned (`PrintQueryResult` of common.c). */
export function tagFollowsRows(tag: string): boolean {
  return /^(?:INSERT|UPDATE|DELETE|MERGE)/.test(tag)
}

/** What psql prints of a command that gave no rows: its tag (`PrintQueryStatus` of common.c). Nothing when it is quiet. */
export function formatTag(settings: PrintSettings, tag: string): string {
  if (settings.quiet || settings.format === 'json') return ''
  return settings.format === 'html' ? `<p>${escapeHtml(tag)}</p>\n` : `${tag}\n`
}

function startTable(
  settings: PrintSettings,
  format: keyof typeof formats,
  columns: readonly PrintColumn[],
  footers: readonly string[],
  add: (text: string) => void,
): { row: Printer['row']; end: TableBody['end'] } {
  const rightAligned = columns.map((column) => isRightAligned(column.typeOid))
  const headers = columns.map((column) => dropNoncharacters(column.name))
  const table = { settings, headers, rightAligned, footers, add }
  const body = formats[format][settings.expanded === 'on' ? 'records' : 'rows'](table)
  const nothing = dropNoncharacters(settings.null)
  const read = columns.map((column) => readerOf(column, settings))
  const cells = new Array<string>(columns.length)
  return {
    row(values) {
      for (let index = 0; index < cells.length; index++) {
        const value = values[index] ?? null
        cells[index] = value === null ? nothing : read[index]!(value)
      }
      body.row(cells)
    },
    end: body.end,
  }
}

function readerOf({ typeOid }: PrintColumn, { numericLocale }: PrintSettings): (value: Buffer) => string {
  if (!isRightAligned(typeOid)) return readText
  if (numericLocale) return (value) => groupDigits(readText(value))
  // Money may have a sign of any script; other numbers are ASCII, for which this is faster.
  return typeOid === money ? readText : (value) => value.toString('latin1')
}

function readText(value: Buffer): string {
  const text = value.toString()
  if (text.indexOf(replacement) !== -1) return dropNoncharacters(withoutInvalid(value))
  return text.length === value.length ? text : dropNoncharacters(text)
}

/** What stands for bytes that are no UTF-8, unless it was there before. */
const replacement = '\ufffd'

/** psql drops bytes that are no UTF-8, too. */
function withoutInvalid(value: Buffer): string {
  const own = Buffer.from(replacement).toString('latin1')
  const parts = value.toString('latin1').split(own)
  return parts.map((part) => Buffer.from(part, 'latin1').toString().replaceAll(replacement, '')).join(replacement)
}

/** psql drops the last two code points of each plane but the first (`mbvalidate` of mbprint.c). */
function dropNoncharacters(text: string): string {
  return text.replaceAll(
    /[\ud83f\ud87f\ud8bf\ud8ff\ud93f\ud97f\ud9bf\ud9ff\uda3f\uda7f\udabf\udaff\udb3f\udb7f\udbbf\udbff][\udffe\udfff]/g,
    '',
  )
}

/** Puts commas between thousands, as psql does in a locale that has no separator, such as C (`format_numeric_locale`). */
function groupDigits(text: string): string {
  if (!/^[-+]?\d{4}/.test(text) || !/^[-+.\deE]*$/.test(text)) return text
  return text.replace(/\d+/, (digits) => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ','))
}

// int8 int2 int4 oid xid cid float4 float8 money numeric xid8, by pg_type.dat.
const rightAlignedTypes = new Set([20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069])
const money = 790

/** Whether psql aligns a type to the right (`column_type_alignment` of print.c). */
function isRightAligned(typeOid: number): boolean {
  return rightAlignedTypes.has(typeOid)
}
