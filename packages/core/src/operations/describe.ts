import { describe as describeObjects } from 'psql-describe'
import type { Connection } from '../postgres/connection.ts'
import { createPrinter } from '../print/result.ts'
import { defaultSettings, type PrintSettings } from '../print/settings.ts'
import type { ResultSet } from '../script/answers.ts'
import type { AskServer, Complaint, DescribeStyle } from '../script/describing.ts'

/** What the library tells of a table: cells row after row, null as an empty string. */
interface DescribedTable {
  readonly title: string | null
  readonly headers: readonly string[]
  readonly aligns: readonly ('l' | 'r')[]
  readonly cells: readonly (string | null | undefined)[]
  readonly nrows: number
  readonly footers: readonly (string | null)[] | null
  readonly opt: { readonly default_footer: boolean; readonly expanded?: boolean }
}

/**
 * Runs `\d`, `\l`, `\sf` and their kin as psql does, and writes what psql would print. Returns what psql complains of.
 * Throws what `ask` throws.
 */
export async function describe(
  name: string,
  words: readonly string[],
  { address, serverVersion, channel }: Connection,
  ask: AskServer,
  { settings = defaultSettings, hides }: DescribeStyle,
  write: (text: string) => void,
): Promise<Complaint[]> {
  const kinds = severalKinds(name, words)
  const expanded = isExpanded(name) ? 'on' : settings.expanded
  const complaints: Complaint[] = []
  const answers: ResultSet[] = []
  let failed: { error?: unknown } | undefined
  const query = async (sql: string) => {
    try {
      const answer = await ask(revealHidden(kinds?.widen(sql) ?? sql, "''"))
      if (answer === undefined) throw (failed = {})
      answers.push(answer)
      return toLibrary(answer)
    } catch (error) {
      failed ??= { error }
      throw error
    }
  }
  const print = (table: DescribedTable) =>
    printTable(table, answers, { settings: { ...settings, expanded }, hides }, write)
  const hear = (item: unknown): void => {
    // It also tells of an error of the server here, which is not where ours go.
    if (failed) return
    if (typeof item !== 'string') return print({ ...(item as DescribedTable), ...kinds?.title })
    const message = revealHidden(item.trimEnd(), "'")
    const [, missing = ''] = /^Did not find any ([a-z ]+?)(?: named| for|\.$)/.exec(message) ?? []
    // Where lists have no entries psql says so, and when it is quiet it prints the list.
    if (missing !== '' && settings.quiet && isList(name))
      return print(emptyList(kinds ? 'relations' : missing, answers))
    // Of these two the server has told more itself, and records are printed here.
    if (message === 'Error when querying' || message.startsWith('Note: expanded')) return
    if (/^s[fv]/.test(name) && item.endsWith('\n')) write(item)
    else if (missing !== '' && isList(name)) complaints.push({ message, kind: 'warning' })
    else
      complaints.push({
        message,
        kind: /^The server \(|extra argument .* ignored$/.test(message) ? 'warning' : 'error',
      })
  }
  countNoun()
  const [major = 0, minor = 0] = serverVersion.split(/[. ]/).map((part) => Number.parseInt(part, 10) || 0)
  const { promise } = describeObjects(
    [`\\${kinds?.name ?? withoutExpanded(name)}`, ...words.map(hide)].join(' '),
    address.database,
    query,
    hear,
    false,
    major * 10_000 + minor,
    channel.parameters.get('standard_conforming_strings') !== 'off',
  )
  await promise.catch((error: unknown) => {
    if (failed === undefined) throw error
  })
  if (failed && 'error' in failed) throw failed.error
  return complaints
}

function toLibrary({ columns, rows }: ResultSet) {
  return {
    fields: columns.map((column) => ({ name: column.name, dataTypeID: column.typeOid })),
    rows: rows.map((row) => row.map((value) => value?.toString('utf8') ?? null)),
    rowCount: rows.length,
  }
}

/** The library takes a function for granted that it does not bring: gettext's choice between one and many. */
function countNoun(): void {
  const world = globalThis as { ngettext?: (one: string, many: string, count: number) => string }
  world.ngettext ??= (one, many, count) => (count === 1 ? one : many)
}

/** `\dx` is a command of its own (`exec_command_d` of command.c). */
function isExpanded(name: string): boolean {
  return (name.startsWith('d') ? name.slice(2) : name).includes('x')
}

function withoutExpanded(name: string): string {
  return name.startsWith('d') ? name.slice(0, 2) + name.slice(2).replaceAll('x', '') : name.replaceAll('x', '')
}

/** For psql a table that is not there is an error, and a list without entries is none. */
function isList(name: string): boolean {
  return !/^d([S+x]*|(Fp?|x|Rp)\S*\+\S*)$/.test(name)
}

/** Of kinds of relations, as in `\dtv`, the library knows only the first. */
function severalKinds(name: string, words: readonly string[]) {
  const letters = /^d([tvmsiE]+)[S+x]*[tvmsiES+x]*$/.test(name) ? [...new Set(name.match(/[tvmsiE]/g))] : []
  if (letters.length < 2) return undefined
  // The columns are those of the first of these.
  const first = [...'itm', ...letters].find((letter) => letters.includes(letter))!
  const all = name.includes('S') || words.length > 0
  const kinds = { t: all ? "'r', 'p', 't'" : "'r', 'p'", v: "'v'", m: "'m'", i: "'i', 'I'", s: "'S'", E: "'f'" }
  const listed = letters.map((letter) => kinds[letter as keyof typeof kinds])
  if (all) listed.push("'s'")
  return {
    name: `d${first}${name.replaceAll(/[^S+]/g, '')}`,
    title: { title: 'List of relations' },
    widen: (sql: string) => sql.replace(/(WHERE c\.relkind IN )\([^)]*\)/, `$1(${listed.join(', ')})`),
  }
}

// The library reads words anew. What would end or change one goes in as characters that text cannot have.
const hidden = "\t\n\v\f\r '"

function hide(word: string): string {
  return word.replaceAll(/[\t\n\v\f\r ']/g, (character) => String.fromCharCode(0xfdd0 + hidden.indexOf(character)))
}

function revealHidden(text: string, quote: string): string {
  return text.replaceAll(/[\ufdd0-\ufdd6]/g, (character) => {
    const original = hidden[character.charCodeAt(0) - 0xfdd0]!
    return original === "'" ? quote : original
  })
}

function emptyList(what: string, answers: readonly ResultSet[]): DescribedTable {
  const headers = answers.at(-1)?.columns.map((column) => column.name) ?? []
  const opt = { default_footer: true }
  return { title: `List of ${what}`, headers, aligns: [], cells: [], nrows: 0, footers: null, opt }
}

function printTable(
  { title, headers, aligns, cells, nrows, footers, opt }: DescribedTable,
  answers: readonly ResultSet[],
  { settings, hides }: { readonly settings: PrintSettings; readonly hides: readonly string[] },
  write: (text: string) => void,
): void {
  // What psql prints of a query as it came: only there it shows null and separates thousands as it is set to.
  const asked = answers.findLast(
    ({ columns, rows }) =>
      rows.length === nrows &&
      columns.length === headers.length &&
      columns.every((column, index) => column.name === headers[index]),
  )
  const printer = createPrinter(
    {
      ...settings,
      title: title ?? undefined,
      footer: settings.footer && opt.default_footer,
      // The columns of a table are confusing in records, says psql (`describeOneTableDetails` of describe.c).
      ...(!asked && { numericLocale: false, ...(opt.expanded === false && { expanded: 'off' as const }) }),
    },
    write,
  )
  const shown = headers.flatMap((header, index) => (hides.includes(header) ? [] : [index]))
  printer.begin(
    shown.map((index) => ({ name: headers[index]!, typeOid: aligns[index] === 'r' ? int4 : text })),
    footers?.filter(
      (footer): footer is string => footer !== null && !hides.some((hidden) => footer.startsWith(`${hidden}: `)),
    ),
  )
  for (let row = 0; row < nrows; row++) {
    const values = shown.map((column) =>
      asked?.rows[row]![column] === null ? null : Buffer.from(cells[row * headers.length + column] ?? ''),
    )
    printer.row(values)
  }
  printer.end({ tag: '', rows: nrows })
}

// Of pg_type.dat: one that is aligned to the right, and one to the left.
const int4 = 23
const text = 25
