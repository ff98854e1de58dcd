import { Failure } from '../errors.ts'
import { describeSetting } from './setting-words.ts'

const printFormats = [
  'aligned',
  'asciidoc',
  'csv',
  'html',
  'json',
  'latex',
  'latex-longtable',
  'troff-ms',
  'unaligned',
  'wrapped',
] as const

/** The formats of psql, and `json`. */
export type PrintFormat = (typeof printFormats)[number]

/** How result sets are printed: what `\pset` of psql sets, and what it cannot set at the end. */
export interface PrintSettings {
  readonly format: PrintFormat
  /** `auto` prints records where rows are wider than the page. */
  readonly expanded: 'off' | 'on' | 'auto'
  /** How wide the line above a record is, in the aligned formats; a number is its columns. */
  readonly expandedHeaderWidth: 'full' | 'column' | 'page' | number
  /** 0 to 3; what a format does not know it takes for the most it knows. */
  readonly border: number
  /** What is shown for null. */
  readonly null: string
  readonly tuplesOnly: boolean
  readonly title: string | undefined
  /** Of an HTML table; of `latex-longtable` the widths of its columns. */
  readonly tableAttributes: string | undefined
  /** Whether `(2 rows)` is shown. */
  readonly footer: boolean
  /** A zero byte is `\0`, as it is for records. */
  readonly fieldSeparator: string
  readonly recordSeparator: string
  readonly csvFieldSeparator: string
  /** Whether numbers have their thousands separated. */
  readonly numericLocale: boolean
  /** How wide the page is, for `wrapped` and for `auto`; 0 when that is up to the screen. */
  readonly columns: number
  readonly lineStyle: 'ascii' | 'old-ascii' | 'unicode'
  readonly unicodeBorderStyle: 'single' | 'double'
  readonly unicodeColumnStyle: 'single' | 'double'
  readonly unicodeHeaderStyle: 'single' | 'double'
  /** Kept, and otherwise ignored. */
  readonly pager: 'off' | 'on' | 'always'
  readonly pagerMinLines: number
  /** How wide the screen is that is printed to, 0 when it is none. */
  readonly screenColumns: number
  /** No command tags, as with `-q` of psql. */
  readonly quiet: boolean
  /** How many rows are laid out and printed at once, as with FETCH_COUNT of psql; 0: all. */
  readonly chunkRows: number
}

/** As psql starts, without its startup file. */
export const defaultSettings: PrintSettings = {
  format: 'aligned',
  expanded: 'off',
  expandedHeaderWidth: 'full',
  border: 1,
  null: '',
  tuplesOnly: false,
  title: undefined,
  tableAttributes: undefined,
  footer: true,
  fieldSeparator: '|',
  recordSeparator: '\n',
  csvFieldSeparator: ',',
  numericLocale: false,
  columns: 0,
  lineStyle: 'ascii',
  unicodeBorderStyle: 'single',
  unicodeColumnStyle: 'single',
  unicodeHeaderStyle: 'single',
  pager: 'on',
  pagerMinLines: 0,
  screenColumns: 0,
  quiet: false,
  chunkRows: 0,
}

type Changed = Partial<PrintSettings>

/** What one name of `\pset` does; `name` is as it was written, for what an error says. */
type Change = (settings: PrintSettings, value: string | undefined, name: string) => Changed

const keep: Changed = {}

const expanded: Change = (settings, value, name) => {
  if (value === undefined) return { expanded: settings.expanded === 'off' ? 'on' : 'off' }
  if (value.toLowerCase() === 'auto') return { expanded: 'auto' }
  const on = readBoolean(value)
  if (on === undefined) throw unknownValue(name, value, 'on, off, auto')
  return { expanded: on ? 'on' : 'off' }
}

const tuplesOnly: Change = (settings, value, name) => ({ tuplesOnly: toggle(settings.tuplesOnly, value, name) })
const title: Change = (_settings, value) => ({ title: value })
const tableAttributes: Change = (_settings, value) => ({ tableAttributes: value })

/** By the names of `do_pset` in command.c. */
const changes = new Map<string, Change>([
  ['format', (_settings, value) => (value === undefined ? keep : { format: readFormat(value) })],
  ['linestyle', (_settings, value) => readChoice(value, ['ascii', 'old-ascii', 'unicode'], 'line', 'lineStyle')],
  ['unicode_border_linestyle', unicodeStyle('border', 'unicodeBorderStyle')],
  ['unicode_column_linestyle', unicodeStyle('column', 'unicodeColumnStyle')],
  ['unicode_header_linestyle', unicodeStyle('header', 'unicodeHeaderStyle')],
  // It is kept in 16 bits.
  ['border', (_settings, value) => (value === undefined ? keep : { border: readLeadingNumber(value) & 0xffff })],
  ['x', expanded],
  ['expanded', expanded],
  ['vertical', expanded],
  ['xheader_width', (_settings, value) => (value === undefined ? keep : readHeaderWidth(value))],
  ['csv_fieldsep', (_settings, value) => (value === undefined ? keep : readCsvSeparator(value))],
  ['numericlocale', (settings, value, name) => ({ numericLocale: toggle(settings.numericLocale, value, name) })],
  ['null', (_settings, value) => (value === undefined ? keep : { null: value })],
  ['fieldsep', (_settings, value) => (value === undefined ? keep : { fieldSeparator: value })],
  ['fieldsep_zero', () => ({ fieldSeparator: '\0' })],
  ['recordsep', (_settings, value) => (value === undefined ? keep : { recordSeparator: value })],
  ['recordsep_zero', () => ({ recordSeparator: '\0' })],
  ['t', tuplesOnly],
  ['tuples_only', tuplesOnly],
  ['C', title],
  ['title', title],
  ['T', tableAttributes],
  ['tableattr', tableAttributes],
  ['pager', changePager],
  ['pager_min_lines', (_settings, value) => (value === undefined ? keep : { pagerMinLines: readInteger(value) })],
  ['footer', (settings, value, name) => ({ footer: toggle(settings.footer, value, name) })],
  ['columns', (_settings, value) => (value === undefined ? keep : { columns: readLeadingNumber(value) })],
])

/** psql says nothing when these get a value. */
const silentWithValue = new Set(['numericlocale', 't', 'tuples_only', 'footer'])

/**
 * Does what `\pset NAME VALUE` of psql does (`do_pset` of command.c); the message is what it says unless it is quiet.
 * Throws `script_failed`, in psql's words, for a name or a value that it does not know.
 */
export function changeSetting(
  settings: PrintSettings,
  name: string,
  value: string | undefined,
): { settings: PrintSettings; message?: string } {
  const change = changes.get(name)
  if (change === undefined) throw refuse(String.raw`\pset: unknown option: ${name}`)
  const changed = { ...settings, ...change(settings, value, name) }
  if (value !== undefined && silentWithValue.has(name)) return { settings: changed }
  return { settings: changed, message: describeSetting(changed, name) }
}

function refuse(message: string): Failure {
  return new Failure('script_failed', message)
}

function unknownValue(name: string, value: string, known: string): Failure {
  return refuse(`unrecognized value "${value}" for "${name}"\nAvailable values are: ${known}.`)
}

function readFormat(value: string): PrintFormat {
  const matching = printFormats.filter((format) => format !== 'latex-longtable' && isPrefix(value, format))
  if (matching.length > 1)
    throw refuse(`\\pset: ambiguous abbreviation "${value}" matches both "${matching[0]!}" and "${matching[1]!}"`)
  if (matching.length === 1) return matching[0]!
  // `latex` is a prefix of it, and still not ambiguous.
  if (isPrefix(value, 'latex-longtable')) return 'latex-longtable'
  throw refuse(String.raw`\pset: allowed formats are ${printFormats.join(', ')}`)
}

function readChoice<Key extends keyof PrintSettings>(
  value: string | undefined,
  choices: readonly (PrintSettings[Key] & string)[],
  kind: string,
  key: Key,
): Changed {
  if (value === undefined) return keep
  const choice = choices.find((known) => isPrefix(value, known))
  if (choice === undefined) throw refuse(String.raw`\pset: allowed ${kind} styles are ${choices.join(', ')}`)
  return { [key]: choice }
}

function unicodeStyle(kind: string, key: 'unicodeBorderStyle' | 'unicodeColumnStyle' | 'unicodeHeaderStyle'): Change {
  return (_settings, value) => readChoice(value, ['single', 'double'], `Unicode ${kind} line`, key)
}

function readHeaderWidth(value: string): Changed {
  const word = value.toLowerCase()
  if (word === 'full' || word === 'column' || word === 'page') return { expandedHeaderWidth: word }
  const width = readLeadingNumber(value)
  if (width !== 0) return { expandedHeaderWidth: width }
  throw refuse(
    String.raw`\pset: allowed xheader_width values are "full" (default), "column", "page", or a number specifying the exact width`,
  )
}

function readCsvSeparator(value: string): Changed {
  if (value.length !== 1 || value.charCodeAt(0) > 0x7f)
    throw refuse(String.raw`\pset: csv_fieldsep must be a single one-byte character`)
  if (value === '"' || value === '\n' || value === '\r')
    throw refuse(String.raw`\pset: csv_fieldsep cannot be a double quote, a newline, or a carriage return`)
  return { csvFieldSeparator: value }
}

function changePager(settings: PrintSettings, value: string | undefined, name: string): Changed {
  if (value === undefined) return { pager: settings.pager === 'on' ? 'off' : 'on' }
  if (value.toLowerCase() === 'always') return { pager: 'always' }
  const on = readBoolean(value)
  if (on === undefined) throw unknownValue(name, value, 'on, off, always')
  return { pager: on ? 'on' : 'off' }
}

function toggle(current: boolean, value: string | undefined, name: string): boolean {
  if (value === undefined) return !current
  const on = readBoolean(value)
  if (on === undefined) throw refuse(`unrecognized value "${value}" for "${name}": Boolean expected`)
  return on
}

function isPrefix(value: string, word: string): boolean {
  return word.startsWith(value.toLowerCase())
}

/** `ParseVariableBool` of variables.c: a prefix of true, false, yes or no; on, off, 1 or 0. */
function readBoolean(value: string): boolean | undefined {
  const word = value.toLowerCase()
  if (word === '') return undefined
  if (isPrefix(word, 'true') || isPrefix(word, 'yes') || word === 'on' || word === '1') return true
  if (isPrefix(word, 'false') || isPrefix(word, 'no') || word === 'of' || word === 'off' || word === '0') return false
  return undefined
}

/** `atoi` of C: the number that text starts with, 0 when it starts with none. */
function readLeadingNumber(value: string): number {
  return Number(/^\s*([-+]?\d+)/.exec(value)?.[1] ?? 0) | 0
}

/** `ParseVariableNum` of variables.c. psql 15 took anything here. */
function readInteger(value: string): number {
  const match = /^\s*([-+]?)(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.exec(value)
  const digits = match?.[2] ?? ''
  const size = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  const number = match?.[1] === '-' ? -size : size
  if (match !== null && number === (number | 0)) return number | 0
  throw refuse(`invalid value "${value}" for "pager_min_lines": integer expected`)
}
