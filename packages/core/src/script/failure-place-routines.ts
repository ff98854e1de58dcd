import type { Location } from '../errors.ts'
import { bodyOf, locateByte } from './failure-place-body.ts'
import type { Statement } from './statement.ts'
import { readName, type Token, type Tokens, tokensOfParts } from './tokens.ts'

/** A function or procedure of the script, as little of it as is needed to find its body again. */
interface Routine {
  readonly schema: string | undefined
  readonly name: string
  /** What the type of each input argument may be called: `a b` is the type b with the name a, or the type `a b`. */
  readonly types: readonly (readonly string[])[]
  readonly file: string
  /** The line on which its body starts. */
  readonly line: number
  readonly column: number
  /** Whether the body comes from a variable, all of whose lines are the line on which the variable is used. */
  readonly fromVariable: boolean
}

const mostRoutines = 10_000

/**
 * The bodies of the functions and procedures that a script has created, to find the lines that the CONTEXT of a later error
 * names. Remembers the newest 10,000, and of each only where it is.
 */
export class RoutineBodies {
  readonly #limit: number
  /** Oldest first. */
  readonly #all = new Set<Routine>()
  readonly #byName = new Map<string, Routine[]>()

  constructor(limit = mostRoutines) {
    this.#limit = limit
  }

  /** Notes the functions and procedures that a statement creates; most create none. */
  note(statement: Statement): void {
    if (!statement.parts.some(({ words }) => words[0] === 'CREATE' && (isRoutine(words[1]) || isRoutine(words[3]))))
      return
    for (const tokens of tokensOfParts(statement)) {
      const routine = readRoutine(statement, tokens)
      if (routine !== undefined) this.#add(routine)
    }
  }

  /**
   * Where a line of the server's CONTEXT is, such as `PL/pgSQL function add(integer) line 3 at RAISE`. Of a function in SQL the
   * server says no line: then it is where the body starts. Undefined for a function that the script has not created.
   */
  find(contextLine: string): Location | undefined {
    const frame = readFrame(contextLine)
    if (frame === undefined) return undefined
    const routine = this.#choose(frame)
    if (routine === undefined) return undefined
    const { file, line, column, fromVariable } = routine
    if (frame.line === undefined || frame.line === 1 || fromVariable) return { file, line, column }
    return { file, line: line + frame.line - 1, column: 1 }
  }

  #add(routine: Routine): void {
    const same = this.#byName.get(routine.name)?.find((other) => isSame(other, routine))
    if (same !== undefined) this.#remove(same)
    this.#all.add(routine)
    const named = this.#byName.get(routine.name)
    if (named === undefined) this.#byName.set(routine.name, [routine])
    else named.push(routine)
    const oldest = this.#all.values().next().value
    if (this.#all.size > this.#limit && oldest !== undefined) this.#remove(oldest)
  }

  #remove(routine: Routine): void {
    this.#all.delete(routine)
    const left = this.#byName.get(routine.name)?.filter((other) => other !== routine) ?? []
    if (left.length > 0) this.#byName.set(routine.name, left)
    else this.#byName.delete(routine.name)
  }

  /** The newest whose types are the frame's; where the types of none are, the newest with as many arguments, or the newest. */
  #choose({ schema, name, types }: Frame): Routine | undefined {
    const named = this.#byName.get(name) ?? []
    const candidates = named.filter(
      (routine) => schema === undefined || routine.schema === undefined || routine.schema === schema,
    )
    if (types === undefined) return candidates.at(-1)
    const alike = candidates.filter((routine) => routine.types.length === types.length)
    const exact = alike.findLast((routine) => types.every((type, index) => matchesType(routine.types[index]!, type)))
    return exact ?? alike.at(-1) ?? candidates.at(-1)
  }
}

/** Appends ` (db/schema.sql:12)` to the lines of a CONTEXT that are in a routine of the script. */
export function annotateContext(where: string, bodies: RoutineBodies): string {
  return where
    .split('\n')
    .map((line) => {
      const place = bodies.find(line)
      return place === undefined ? line : `${line} (${place.file}:${place.line})`
    })
    .join('\n')
}

function isRoutine(word: string | undefined): boolean {
  return word === 'FUNCTION' || word === 'PROCEDURE'
}

function isSame(one: Routine, other: Routine): boolean {
  return one.schema === other.schema && one.types.join(';') === other.types.join(';')
}

function readRoutine(statement: Statement, tokens: Tokens): Routine | undefined {
  const { bytes } = tokens
  if (!tokens.takeWord('CREATE')) return undefined
  if (tokens.takeWord('OR')) tokens.takeWord('REPLACE')
  if (!tokens.takeWord('FUNCTION', 'PROCEDURE')) return undefined
  const names: Token[] = []
  do {
    const name = tokens.take()
    if (name !== undefined) names.push(name)
  } while (tokens.takeSymbol('.'))
  const name = names.at(-1)
  const schema = names.at(-2)
  const types = readArguments(bytes, tokens.takeParentheses() ?? [])
  const body = bodyOf(tokens)
  if (name === undefined || body === undefined) return undefined
  const { file, line, column } = locateByte(statement, body.from)
  return {
    schema: schema === undefined ? undefined : readName(bytes, schema),
    name: readName(bytes, name),
    types,
    file,
    line,
    column,
    fromVariable: statement.runs.findLast((run) => run.at <= body.from)?.value !== undefined,
  }
}

/** Reads the types of input arguments: the server's signatures hold no others. */
function readArguments(bytes: Buffer, tokens: readonly Token[]): string[][] {
  const types: string[][] = []
  let argument: Token[] = []
  const end = (): void => {
    const type = readArgument(bytes, argument)
    if (type !== undefined) types.push(type)
    argument = []
  }
  for (const token of tokens) {
    if (token.text === ',' && token.depth === tokens[0]?.depth) end()
    else argument.push(token)
  }
  end()
  return types
}

const modes = new Set(['IN', 'OUT', 'INOUT', 'VARIADIC'])

/** Reads `[mode] [name] type [DEFAULT value]`, where the mode may stand behind the name, too. */
function readArgument(bytes: Buffer, tokens: readonly Token[]): string[] | undefined {
  const value = tokens.findIndex(({ kind, text }) => kind !== 'quoted' && (text === 'DEFAULT' || text === '='))
  const declared = value < 0 ? tokens : tokens.slice(0, value)
  const found = declared.filter(({ text }, index) => index < 3 && modes.has(text)).map(({ text }) => text)
  const rest = declared.filter(({ text }, index) => index >= 3 || !modes.has(text))
  if (rest.length === 0 || (found.includes('OUT') && !found.includes('IN'))) return undefined
  return rest.length === 1 ? [readType(bytes, rest)] : [readType(bytes, rest), readType(bytes, rest.slice(1))]
}

const anyType = '?'
/** How format_type of the server writes the types that have several names. */
const typeNames = new Map([
  ['int', 'integer'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['int2', 'smallint'],
  ['bool', 'boolean'],
  ['varchar', 'character varying'],
  ['char varying', 'character varying'],
  ['char', 'character'],
  ['bpchar', 'character'],
  ['nchar', 'character'],
  ['national character', 'character'],
  ['national char', 'character'],
  ['varbit', 'bit varying'],
  ['decimal', 'numeric'],
  ['dec', 'numeric'],
  ['float', 'double precision'],
  ['float8', 'double precision'],
  ['float4', 'real'],
  ['timestamp', 'timestamp without time zone'],
  ['timestamptz', 'timestamp with time zone'],
  ['time', 'time without time zone'],
  ['timetz', 'time with time zone'],
])

/** A type by its name without schema, length and number of dimensions. */
function readType(bytes: Buffer, tokens: readonly Token[]): string {
  const words: string[] = []
  let array = false
  let quoted = false
  for (const token of tokens) {
    if (token.depth > tokens[0]!.depth || token.text === '(' || token.text === ')' || token.kind === 'number') continue
    if (token.text === '%') return anyType
    if (token.text === '[' || token.text === 'ARRAY') array = true
    else if (token.text === '.') words.pop()
    else if (token.text !== ']' && token.text !== 'SETOF') {
      quoted = token.kind === 'quoted'
      words.push(readName(bytes, token))
    }
  }
  const name = words[0] === 'interval' ? 'interval' : words.join(' ')
  return `${quoted ? name : (typeNames.get(name) ?? name)}${array ? '[]' : ''}`
}

function matchesType(names: readonly string[], type: string): boolean {
  return names.includes(type) || names.includes(anyType)
}

/** What a line of CONTEXT says about the routine it is in. */
interface Frame {
  readonly schema: string | undefined
  readonly name: string
  readonly types: readonly string[] | undefined
  readonly line: number | undefined
}

const identifier = String.raw`"(?:[^"]|"")*"|[^\s."(),]+`
// The words around the signature are translated by lc_messages.
const plpgsqlFrame = new RegExp(String.raw`PL/pgSQL.*?\s(?:(${identifier})\.)?(${identifier})\(([^()]*)\)\D*(\d+)?`)
const compileFrame = /^compilation of PL\/pgSQL function "(.+)" near line (\d+)/
const sqlFrame = /^SQL function "(.+)"(?: statement \d+| during .*)?$/

function readFrame(contextLine: string): Frame | undefined {
  const compiled = compileFrame.exec(contextLine)
  if (compiled !== null) return { schema: undefined, name: compiled[1]!, types: undefined, line: Number(compiled[2]) }
  const called = plpgsqlFrame.exec(contextLine)
  if (called !== null) {
    const [, schema, name = '', types = '', line] = called
    return {
      schema: schema === undefined ? undefined : unquote(schema),
      name: unquote(name),
      types: (types.match(/(?:"(?:[^"]|"")*"|[^",])+/g) ?? []).map(readFrameType),
      line: line === undefined ? undefined : Number(line),
    }
  }
  const name = sqlFrame.exec(contextLine)?.[1]
  return name === undefined ? undefined : { schema: undefined, name, types: undefined, line: undefined }
}

function readFrameType(text: string): string {
  const [, name = text, array = ''] = new RegExp(String.raw`^(?:(?:${identifier})\.)?(.*?)(\[\])?$`).exec(text) ?? []
  return `${unquote(name)}${array}`
}

function unquote(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name
}
