import type { Location } from '../errors.ts'
import type { CopySource } from './answers.ts'
import {
  type CopyFormat,
  type CopyStatement,
  type Field,
  readCopyStatement,
  readFields,
} from './failure-place-copy-format.ts'
import { type CopyRecord, findRecord } from './failure-place-copy-record.ts'
import type { Tokens } from './tokens.ts'

interface CopyContext {
  /** What the server has counted as lines, from 1. */
  readonly line: number
  readonly column: string | undefined
  readonly value: string | undefined
}

/**
 * The place in the data of COPY … FROM STDIN at which it failed, or undefined when the server does not say. `tokens` are those of
 * the statement. The data is read again up to there; where it cannot be, the place is the line that the server has counted.
 */
export async function placeInCopy(
  tokens: Tokens,
  fields: { readonly where?: string | undefined; readonly column?: string | undefined },
  source: CopySource,
  read: (source: CopySource) => AsyncIterable<Uint8Array>,
): Promise<Location | undefined> {
  const copy = fields.where === undefined ? undefined : readCopyStatement(tokens)
  const context = copy && readCopyContext(fields.where ?? '', copy.table)
  // The records of binary data stand on no lines.
  if (copy?.format === undefined || context === undefined) return undefined
  const record = await findRecord(read(source), copy.format, context.line, source.firstLine).catch(() => {})
  if (record === undefined) return placeByContext(context, source)
  return placeInRecord(source.file, record, findOffset(record, copy.format, copy, context, fields.column))
}

/** Reads `COPY t, line 2, column c: "value"`, `COPY t, line 2: "the whole line"`, or `COPY t, line 2`. */
function readCopyContext(where: string, table: string): CopyContext | undefined {
  const name = table.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  // The words are translated by lc_messages. The value comes last, and may hold line ends.
  const context = new RegExp(
    String.raw`(?:^|\n)COPY ${name}, [^\d\n]*(\d+)(?:, \S+ (.+?))?(?:: (?:"([^]*)"|[^"\n]*))?$`,
  )
  const found = context.exec(where)
  if (found === null) return undefined
  return { line: Number(found[1]), column: found[2], value: found[3] }
}

/** The place where only the server's word is left, since the data cannot be read again. */
function placeByContext({ line, column, value }: CopyContext, { file, firstLine }: CopySource): Location {
  const isLine = column === undefined && value?.endsWith('...') === false && !/[\r\n]/.test(value)
  return { file, line: firstLine + line - 1, column: 1, ...(isLine && { text: value }) }
}

/** The byte of a record that an error is about; its first where that is not certain. */
function findOffset(
  { bytes, whole, quoted, wrongLineEnd }: CopyRecord,
  format: CopyFormat,
  { columns }: CopyStatement,
  context: CopyContext,
  columnOfError: string | undefined,
): number {
  if (wrongLineEnd !== undefined) return wrongLineEnd <= bytes.length ? wrongLineEnd : 0
  const fields = readFields(bytes, format)
  // The quotes that the data end in are those of the last field.
  if (quoted) return whole ? (fields.at(-1)?.start ?? 0) : 0
  const column = context.column ?? columnOfError
  const index = column === undefined ? -1 : (columns?.indexOf(column) ?? -1)
  const named = fields[index]
  const value = context.column === undefined ? undefined : context.value
  if (value === undefined) return fields.length === columns?.length ? (named?.start ?? 0) : 0
  if (named !== undefined && holds(named, value)) return named.start
  const [first, second] = fields.filter((field) => holds(field, value))
  return first !== undefined && second === undefined ? first.start : 0
}

/** Whether a field has the value that the server tells, which it cuts short. */
function holds(field: Field, value: string): boolean {
  const text = field.value.toString('utf8')
  return text === value || (value.endsWith('...') && text.startsWith(value.slice(0, -3)))
}

/** The place of a byte of a record, with the line that it stands on. */
function placeInRecord(file: string, { bytes, line: firstLine, lineEnd }: CopyRecord, offset: number): Location {
  let start = 0
  let line = firstLine
  for (let next = bytes.indexOf(lineEnd); next >= 0 && next < offset; next = bytes.indexOf(lineEnd, start)) {
    start = next + 1
    line++
  }
  const end = bytes.indexOf(lineEnd, offset)
  // Editors neither show nor count a byte order mark.
  const [before, text] = [offset, end < 0 ? bytes.length : end].map((to) => {
    const part = bytes.toString('utf8', start, to)
    return line === 1 ? part.replace(/^\uFEFF/, '') : part
  }) as [string, string]
  return { file, line, column: Array.from(before).length + 1, text: text.replace(/\r$/, '') }
}
