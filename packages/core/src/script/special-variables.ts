import { Failure } from '../errors.ts'
import { readBoolean } from './variables.ts'

/** A variable that tells psql how to work. */
interface SpecialVariable {
  /** Its value when it is unset; undefined: none. */
  readonly unset: string | undefined
  /** Its value when psql starts, where that is another. */
  readonly initial?: string
  /** What it is set to, where it is kept as something else. */
  substitute?(value: string): string
  allows(value: string): boolean
  /** What a value has to be. */
  readonly wants: string
}

const orOn = (value: string) => (value === '' ? 'on' : value)
const isBoolean = (value: string) => readBoolean(value) !== undefined

function boolean(initial = 'off'): SpecialVariable {
  return { unset: 'off', initial, substitute: orOn, allows: isBoolean, wants: 'on or off' }
}

function booleanOr(other: string): SpecialVariable {
  const allows = (value: string) => isBoolean(value) || value.toLowerCase() === other
  return { ...boolean(), allows, wants: `on, off or ${other}` }
}

function oneOf(unset: string, ...words: readonly string[]): SpecialVariable {
  return { unset, allows: (value) => words.includes(value.toLowerCase()), wants: `one of ${words.join(', ')}` }
}

function integer(unset: string): SpecialVariable {
  return { unset, allows: (value) => readInteger(value) !== undefined, wants: 'an integer' }
}

function anything(initial?: string): SpecialVariable {
  return { unset: undefined, ...(initial !== undefined && { initial }), allows: () => true, wants: '' }
}

/** By their names (EstablishVariableSpace in startup.c of PostgreSQL 18). */
export const specialVariables: ReadonlyMap<string, SpecialVariable> = new Map([
  ['AUTOCOMMIT', boolean('on')],
  ['COMP_KEYWORD_CASE', oneOf('preserve-upper', 'lower', 'upper', 'preserve-lower', 'preserve-upper')],
  ['ECHO', oneOf('none', 'none', 'errors', 'queries', 'all')],
  ['ECHO_HIDDEN', booleanOr('noexec')],
  ['FETCH_COUNT', integer('0')],
  ['HIDE_TABLEAM', boolean()],
  ['HIDE_TOAST_COMPRESSION', boolean()],
  ['HISTCONTROL', oneOf('none', 'none', 'ignorespace', 'ignoredups', 'ignoreboth')],
  ['HISTFILE', anything()],
  ['HISTSIZE', integer('500')],
  ['IGNOREEOF', { ...integer('0'), substitute: (value: string) => (readInteger(value) === undefined ? '10' : value) }],
  ['ON_ERROR_ROLLBACK', booleanOr('interactive')],
  ['ON_ERROR_STOP', boolean()],
  ['PROMPT1', anything('%/%R%x%# ')],
  ['PROMPT2', anything('%/%R%x%# ')],
  ['PROMPT3', anything('>> ')],
  ['QUIET', boolean()],
  ['SHOW_ALL_RESULTS', boolean('on')],
  ['SHOW_CONTEXT', oneOf('errors', 'never', 'errors', 'always')],
  ['SINGLELINE', boolean()],
  ['SINGLESTEP', boolean()],
  ['VERBOSITY', oneOf('default', 'default', 'verbose', 'terse', 'sqlstate')],
  ['WATCH_INTERVAL', { unset: '2', allows: isInterval, wants: 'a number of seconds from 0 to 1000000' }],
])

/** Their values when psql starts. */
export function initialValues(): [string, string][] {
  return [...specialVariables].flatMap(([name, { unset, initial = unset }]) =>
    initial === undefined ? [] : [[name, initial] as [string, string]],
  )
}

/** What a special variable holds when it is set to this. Throws `script_failed` for a value that it cannot have. */
export function valueOf(name: string, variable: SpecialVariable, value: string | undefined): string | undefined {
  if (value === undefined) return variable.unset
  const kept = variable.substitute?.(value) ?? value
  if (variable.allows(kept)) return kept
  throw new Failure('script_failed', `The value "${kept}" for the variable "${name}" is not ${variable.wants}.`)
}

/** As strtol reads it, in any of its bases. */
export function readInteger(text: string): number | undefined {
  const [, sign, digits = ''] = /^\s*([+-]?)(0x[\da-f]+|\d+)$/i.exec(text) ?? []
  if (digits === '') return undefined
  const octal = /^0\d/.test(digits)
  if (octal && /[89]/.test(digits)) return undefined
  const value = (sign === '-' ? -1 : 1) * (octal ? Number.parseInt(digits, 8) : Number(digits))
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : undefined
}

function isInterval(text: string): boolean {
  const value = text.trim() === '' || /\s$/.test(text) ? Number.NaN : Number(text)
  return value >= 0 && value <= 1_000_000
}
