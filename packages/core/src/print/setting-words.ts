import type { PrintSettings } from './settings.ts'

type Say = (settings: PrintSettings) => string

const expanded: Say = (settings) =>
  settings.expanded === 'auto' ? 'Expanded display is used automatically.' : `Expanded display is ${settings.expanded}.`

const title: Say = (settings) => (settings.title === undefined ? 'Title is unset.' : `Title is "${settings.title}".`)

const tableAttributes: Say = ({ tableAttributes: attributes }) =>
  attributes === undefined ? 'Table attributes unset.' : `Table attributes are "${attributes}".`

const tuplesOnly: Say = (settings) => `Tuples only is ${onOff(settings.tuplesOnly)}.`

const fieldSeparator: Say = ({ fieldSeparator: separator }) =>
  separator === '\0' ? 'Field separator is zero byte.' : `Field separator is "${separator}".`

const recordSeparator: Say = ({ recordSeparator: separator }) => {
  if (separator === '\0') return 'Record separator is zero byte.'
  return `Record separator is ${separator === '\n' ? '<newline>' : `"${separator}"`}.`
}

const headerWidth: Say = ({ expandedHeaderWidth: width }) =>
  `Expanded header width is ${typeof width === 'number' ? width : `"${width}"`}.`

const pagers: Record<PrintSettings['pager'], string> = {
  off: 'Pager usage is off.',
  on: 'Pager is used for long output.',
  always: 'Pager is always used.',
}

const pagerMinLines: Say = ({ pagerMinLines: lines }) =>
  `Pager won't be used for less than ${lines} line${lines === 1 ? '' : 's'}.`

/** By the names of `printPsetInfo` in command.c. */
const sentences: Record<string, Say> = {
  border: (settings) => `Border style is ${settings.border}.`,
  columns: ({ columns }) => (columns === 0 ? 'Target width is unset.' : `Target width is ${columns}.`),
  x: expanded,
  expanded,
  vertical: expanded,
  xheader_width: headerWidth,
  csv_fieldsep: (settings) => `Field separator for CSV is "${settings.csvFieldSeparator}".`,
  fieldsep: fieldSeparator,
  fieldsep_zero: fieldSeparator,
  footer: (settings) => `Default footer is ${onOff(settings.footer)}.`,
  format: (settings) => `Output format is ${settings.format}.`,
  linestyle: (settings) => `Line style is ${settings.lineStyle}.`,
  null: (settings) => `Null display is "${settings.null}".`,
  numericlocale: (settings) => `Locale-adjusted numeric output is ${onOff(settings.numericLocale)}.`,
  pager: (settings) => pagers[settings.pager],
  pager_min_lines: pagerMinLines,
  recordsep: recordSeparator,
  recordsep_zero: recordSeparator,
  T: tableAttributes,
  tableattr: tableAttributes,
  C: title,
  title,
  t: tuplesOnly,
  tuples_only: tuplesOnly,
  unicode_border_linestyle: (settings) => `Unicode border line style is "${settings.unicodeBorderStyle}".`,
  unicode_column_linestyle: (settings) => `Unicode column line style is "${settings.unicodeColumnStyle}".`,
  unicode_header_linestyle: (settings) => `Unicode header line style is "${settings.unicodeHeaderStyle}".`,
}

/** What psql says about a setting once it is set, without a newline (`printPsetInfo` of command.c). */
export function describeSetting(settings: PrintSettings, name: string): string {
  return sentences[name]!(settings)
}

/** In the order, and with the values, of `pset_value_string` in command.c. */
const values: readonly (readonly [name: string, value: Say])[] = [
  ['border', (settings) => String(settings.border)],
  ['columns', (settings) => String(settings.columns)],
  ['csv_fieldsep', (settings) => quote(settings.csvFieldSeparator)],
  ['expanded', (settings) => settings.expanded],
  ['fieldsep', (settings) => quoteSeparator(settings.fieldSeparator)],
  ['fieldsep_zero', (settings) => onOff(settings.fieldSeparator === '\0')],
  ['footer', (settings) => onOff(settings.footer)],
  ['format', (settings) => settings.format],
  ['linestyle', (settings) => settings.lineStyle],
  ['null', (settings) => quote(settings.null)],
  ['numericlocale', (settings) => onOff(settings.numericLocale)],
  ['pager', (settings) => String(['off', 'on', 'always'].indexOf(settings.pager))],
  ['pager_min_lines', (settings) => String(settings.pagerMinLines)],
  ['recordsep', (settings) => quoteSeparator(settings.recordSeparator)],
  ['recordsep_zero', (settings) => onOff(settings.recordSeparator === '\0')],
  ['tableattr', ({ tableAttributes: attributes }) => (attributes === undefined ? '' : quote(attributes))],
  ['title', (settings) => (settings.title === undefined ? '' : quote(settings.title))],
  ['tuples_only', (settings) => onOff(settings.tuplesOnly)],
  ['unicode_border_linestyle', (settings) => settings.unicodeBorderStyle],
  ['unicode_column_linestyle', (settings) => settings.unicodeColumnStyle],
  ['unicode_header_linestyle', (settings) => settings.unicodeHeaderStyle],
  ['xheader_width', (settings) => String(settings.expandedHeaderWidth)],
]

/** What a bare `\pset` prints: every setting on a line of its own. `xheader_width` is new in psql 16. */
export function listSettings(settings: PrintSettings): string {
  return values.map(([name, value]) => `${name.padEnd(24)} ${value(settings)}\n`).join('')
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off'
}

function quoteSeparator(separator: string): string {
  return separator === '\0' ? quote('') : quote(separator)
}

function quote(text: string): string {
  return `'${text.replaceAll('\n', String.raw`\n`).replaceAll("'", String.raw`\'`)}'`
}
