import { isSpace } from './lexer.ts'
import type { Position } from './position.ts'

/** A backslash command. */
export interface MetaCommand {
  readonly kind: 'meta'
  readonly file: string
  /** Without the backslash. */
  readonly name: string
  /** What follows the name, up to the next command or the end of the line, as it stands in the script. */
  readonly arguments: string
  readonly start: Position
  /** Behind its last argument. */
  readonly end: Position
  /** False in a branch of `\if` that is not taken: of those, only \if, \elif, \else and \endif matter. */
  readonly active: boolean
  /** Whether an unfinished statement precedes it. */
  readonly pending: boolean
  /** What has been read of the statement under way, or else the last one: only where the command asks for it. */
  readonly buffer?: string
}

/**
 * How far the arguments of a command reach. `words`: to the next backslash outside quotes; `pipe`: the same, but to the end of
 * the line if the first starts with a bar; `line`: to the end of the line.
 */
export type ArgumentStyle = 'words' | 'pipe' | 'line'

interface Syntax {
  readonly style: ArgumentStyle
  /** Whether semicolons at the end of an argument are dropped. */
  readonly dropsSemicolons: boolean
  /** Whether it sends the query buffer, or the last statement again when that is empty. */
  readonly sends: boolean
}

function syntaxOf(names: string, style: ArgumentStyle, dropsSemicolons: boolean, sends = false): [string, Syntax][] {
  return names.split(' ').map((name) => [name, { style, dropsSemicolons, sends }])
}

const commands = new Map<string, Syntax>([
  ...syntaxOf(
    'a bind bind_named close_prepared conninfo copyright elif else endif endpipeline errverbose',
    'words',
    false,
  ),
  ...syntaxOf(
    'flush flushrequest getenv getresults H html if prompt pset q quit r reset set setenv startpipeline',
    'words',
    false,
  ),
  ...syntaxOf('syncpipeline t T timing unset x ? echo qecho warn f encoding p print cd', 'words', false),
  ...syntaxOf('C c connect e edit i include ir include_relative password restrict s z zS zx zSx zxS', 'words', true),
  ...syntaxOf(
    'l list lx listx l+ list+ lx+ listx+ l+x list+x lo_export lo_import lo_list lo_unlink lo_list+',
    'words',
    true,
  ),
  ...syntaxOf('gdesc gexec gset parse sendpipeline', 'words', false, true),
  ...syntaxOf('crosstabview watch', 'words', true, true),
  ...syntaxOf('g gx', 'pipe', false, true),
  ...syntaxOf('o out w write', 'pipe', true),
  ...syntaxOf('copy !', 'line', false),
  ...syntaxOf('ef ev h help sf sf+ sv sv+ unrestrict', 'line', true),
])

/** How psql reads the arguments of a command; undefined for a command that psql does not have. */
export function commandSyntax(name: string): Syntax | undefined {
  const known = commands.get(name)
  if (known !== undefined) return known
  // Only \copy is known in capitals, too.
  if (name.toLowerCase() === 'copy') return commands.get('copy')
  return name.startsWith('d') ? { style: 'words', dropsSemicolons: true, sends: false } : undefined
}

/** Whether a command that sends a statement only asks about it, and runs nothing. */
export function asksOnly({ name }: MetaCommand): boolean {
  return name === 'gdesc' || name === 'parse'
}

/** Whether a command does something with the text of the query buffer. */
export function asksBuffer(name: string): boolean {
  return name === 'p' || name === 'print' || name === 'w' || name === 'write'
}

/** Where the name of a command that starts at `pos` ends. */
export function commandNameEnd(bytes: Buffer, pos: number, end: number): number {
  while (pos < end && !isSpace(bytes[pos]) && bytes[pos] !== 0x5c) pos++
  return pos
}

/** Where the line ends, or `end`. With `lineByLine` unset, line feeds come from a variable's value and end nothing. */
function lineEnd(bytes: Buffer, pos: number, end: number, lineByLine: boolean): number {
  if (!lineByLine) return end
  while (pos < end && bytes[pos] !== 0x0a) pos++
  return pos
}

/** Where the arguments of a command end that start at `pos`. */
export function argumentsEnd(
  bytes: Buffer,
  pos: number,
  end: number,
  style: ArgumentStyle,
  lineByLine: boolean,
): number {
  if (style === 'line') return lineEnd(bytes, pos, end, lineByLine)
  let mayPipe = style === 'pipe'
  let inOptions = false
  for (;;) {
    while (pos < end && isSpace(bytes[pos]) && !(lineByLine && bytes[pos] === 0x0a)) pos++
    if (pos >= end || bytes[pos] === 0x5c || bytes[pos] === 0x0a) return pos
    if (mayPipe && bytes[pos] === 0x7c) return lineEnd(bytes, pos, end, lineByLine)
    // \g (format=csv) |command
    if (mayPipe && bytes[pos] === 0x28) inOptions = true
    pos = argumentEnd(bytes, pos, end, lineByLine)
    mayPipe = inOptions && bytes[pos - 1] === 0x29
    if (mayPipe) inOptions = false
  }
}

/** Where one argument ends; the end of the line when a quote in it is not closed. */
function argumentEnd(bytes: Buffer, pos: number, end: number, lineByLine: boolean): number {
  while (pos < end) {
    const byte = bytes[pos]!
    if (byte === 0x5c || isSpace(byte)) return pos
    pos++
    if (byte !== 0x27 && byte !== 0x22 && byte !== 0x60) continue
    for (; pos < end && bytes[pos] !== byte; pos++) {
      if (bytes[pos] === 0x0a && lineByLine) return pos
      if (byte === 0x27 && bytes[pos] === 0x5c && pos + 1 < end && bytes[pos + 1] !== 0x0a) pos++
    }
    if (pos < end) pos++
  }
  return pos
}
