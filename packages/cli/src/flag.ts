import { Failure } from '@pgrig/core'

type FlagKind = 'boolean' | 'string' | 'number' | 'duration' | 'choice' | 'list'

/** What a flag is: enough for the parser, the help, the completion and the reference page. */
export interface Flag<Value> {
  readonly kind: FlagKind
  readonly text: string
  readonly placeholder: string | undefined
  readonly short: string | undefined
  /** What a choice may be. */
  readonly values: readonly string[] | undefined
  /** The value when the flag is not given. */
  readonly initial: Value
  /** Turns what was typed, one text for each time the flag was given, into the value. Throws `usage`. */
  read(typed: readonly string[], name: string): Value
}

export type Flags = Readonly<Record<string, Flag<unknown>>>

interface FlagOptions {
  /** One letter: `q` for `-q`. */
  short?: string
}

interface ValueOptions<Value> extends FlagOptions {
  default?: Value
}

interface NumberOptions<Value> extends ValueOptions<Value> {
  minimum?: number
  maximum?: number
}

function boolean(text: string, options: FlagOptions = {}): Flag<boolean> {
  return {
    kind: 'boolean',
    text,
    placeholder: undefined,
    short: options.short,
    values: undefined,
    initial: false,
    read: (typed) => typed.length > 0,
  }
}

function string(text: string, placeholder: string, options: ValueOptions<string> & { default: string }): Flag<string>
function string(text: string, placeholder: string, options?: FlagOptions): Flag<string | undefined>
function string(text: string, placeholder: string, options: ValueOptions<string> = {}): Flag<string | undefined> {
  return single('string', text, placeholder, options, (typed) => typed)
}

/** A whole number, from 0 unless `minimum` says otherwise: a count, a port, a pid. */
function number(text: string, placeholder: string, options: NumberOptions<number> & { default: number }): Flag<number>
function number(text: string, placeholder: string, options?: NumberOptions<undefined>): Flag<number | undefined>
function number(
  text: string,
  placeholder: string,
  options: NumberOptions<number | undefined> = {},
): Flag<number | undefined> {
  return single('number', text, placeholder, options, (typed, name) => readNumber(typed, name, options))
}

/** A length of time in seconds, typed as `10m`, `1h30m`, `500ms`, or a plain number of seconds. */
function duration(text: string, placeholder: string, options: ValueOptions<number> & { default: number }): Flag<number>
function duration(text: string, placeholder?: string, options?: FlagOptions): Flag<number | undefined>
function duration(
  text: string,
  placeholder = 'TIME',
  options: ValueOptions<number | undefined> = {},
): Flag<number | undefined> {
  return single('duration', text, placeholder, options, readDuration)
}

function choice<const Choice extends string>(
  text: string,
  values: readonly Choice[],
  options: ValueOptions<NoInfer<Choice>> & { default: NoInfer<Choice> },
): Flag<Choice>
function choice<const Choice extends string>(
  text: string,
  values: readonly Choice[],
  options?: FlagOptions,
): Flag<Choice | undefined>
function choice<const Choice extends string>(
  text: string,
  values: readonly Choice[],
  options: ValueOptions<Choice> = {},
): Flag<Choice | undefined> {
  const flag = single('choice', text, values.join('|'), options, (typed, name) => readChoice(typed, name, values))
  return { ...flag, values }
}

/** A flag that may be given many times, or once with commas between: `--tag a --tag b`, `--tag a,b`. */
function list(text: string, placeholder: string, options: FlagOptions = {}): Flag<readonly string[]> {
  return {
    kind: 'list',
    text,
    placeholder,
    short: options.short,
    values: undefined,
    initial: [],
    read: (typed, name) =>
      typed
        .flatMap((part) => part.split(','))
        .map((part) => {
          if (part.trim() === '') throw new Failure('usage', `${name} was given an empty value.`)
          return part.trim()
        }),
  }
}

/** A flag that may be given many times, each value as it is: `-c 'select 1' -c 'select 2'`. */
function each(text: string, placeholder: string, options: FlagOptions = {}): Flag<readonly string[]> {
  return {
    kind: 'list',
    text,
    placeholder,
    short: options.short,
    values: undefined,
    initial: [],
    read: (typed) => typed,
  }
}

export const flag = { boolean, string, number, duration, choice, list, each }

type ArgumentCount = 'optional' | 'required' | 'rest' | 'literal'
type ArgumentKind = 'file' | 'word' | 'number' | 'choice'
type WordKind = Exclude<ArgumentKind, 'choice'>

/** What a word after the command is. Its name is its key, shown in capitals. */
export interface Argument<Value> {
  readonly count: ArgumentCount
  /** A `file` can be told from a target by its look; a `word` cannot, and gives way to a target of that name. */
  readonly kind: ArgumentKind
  readonly text: string
  readonly values: readonly string[] | undefined
  readonly initial: Value
  read(typed: readonly string[], name: string): Value
}

export type Arguments = Readonly<Record<string, Argument<unknown>>>

type Word<Kind> = Kind extends 'number' ? number : string

function optional<const Kind extends WordKind = 'word'>(text: string, kind?: Kind): Argument<Word<Kind> | undefined> {
  return words('optional', text, kind ?? 'word', undefined, ([first]) => first as Word<Kind> | undefined)
}

function required<const Kind extends WordKind = 'word'>(text: string, kind?: Kind): Argument<Word<Kind>> {
  return words('required', text, kind ?? 'word', undefined, ([first]) => first as Word<Kind>)
}

/** All words that are left, none included. */
function rest<const Kind extends WordKind = 'word'>(text: string, kind?: Kind): Argument<readonly Word<Kind>[]> {
  return words('rest', text, kind ?? 'word', undefined, (all) => all as readonly Word<Kind>[])
}

/** One of a few words, required. */
function oneOf<const Choice extends string>(text: string, values: readonly Choice[]): Argument<Choice> {
  return words('required', text, 'choice', values, ([first]) => first as Choice)
}

/** Whatever comes after `--`, as it is: for a program that is called, or to be looked at. */
function literal(text: string): Argument<readonly string[]> {
  return { count: 'literal', kind: 'word', text, values: undefined, initial: [], read: (typed) => typed }
}

export const argument = { optional, required, rest, oneOf, literal }

function words<Value>(
  count: ArgumentCount,
  text: string,
  kind: ArgumentKind,
  values: readonly string[] | undefined,
  pick: (all: readonly (string | number)[]) => Value,
): Argument<Value> {
  return {
    count,
    kind,
    text,
    values,
    initial: pick([]),
    read: (typed, name) =>
      pick(
        typed.map((word) => {
          if (word === '') throw new Failure('usage', `${name} was given an empty word.`)
          if (kind === 'number') return readNumber(word, name, {})
          return values ? readChoice(word, name, values) : word
        }),
      ),
  }
}

function single<Value>(
  kind: FlagKind,
  text: string,
  placeholder: string,
  options: ValueOptions<Value>,
  read: (typed: string, name: string) => Value,
): Flag<Value | undefined> {
  return {
    kind,
    text,
    placeholder,
    short: options.short,
    values: undefined,
    initial: options.default,
    read(typed, name) {
      const [first, ...others] = typed
      if (first === undefined) return options.default
      // A script that adds a flag twice believes in both; the last one winning in silence would hide that.
      const other = others.find((value) => value !== first)
      if (other !== undefined) throw new Failure('usage', `${name} was given twice: ${first} and ${other}.`)
      if (first === '') {
        throw new Failure('usage', `${name} was given an empty value.`, {
          hint: `Leave ${name} out, or look whether the variable that you passed is set.`,
        })
      }
      return read(first, name)
    },
  }
}

function readNumber(
  typed: string,
  name: string,
  { minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: NumberOptions<number | undefined>,
): number {
  const value = Number(typed)
  if (!/^-?\d+$/.test(typed) || value < minimum || value > maximum) {
    const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `from ${minimum} to ${maximum}`
    throw new Failure('usage', `${name} takes a whole number ${range}, not ${JSON.stringify(typed)}.`)
  }
  return value
}

const secondsIn: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

function readDuration(typed: string, name: string): number {
  if (/^\d+(\.\d+)?$/.test(typed)) return Number(typed)
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(typed)) {
    throw new Failure('usage', `${name} takes a time such as 30s, 10m or 1h30m, not ${JSON.stringify(typed)}.`)
  }
  let seconds = 0
  for (const [, amount, unit] of typed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    seconds += Number(amount) * (secondsIn[unit ?? 's'] ?? 1)
  }
  return seconds
}

function readChoice<Choice extends string>(typed: string, name: string, values: readonly Choice[]): Choice {
  const found = values.find((value) => value === typed)
  if (found === undefined) {
    throw new Failure('usage', `${name} takes ${values.join(', ')}; not ${JSON.stringify(typed)}.`)
  }
  return found
}

/** `dryRun` is typed `--dry-run`. */
export function flagName(key: string): string {
  return `--${kebab(key)}`
}

/** `file` is shown as `FILE`, `newName` as `NEW-NAME`. */
export function argumentName(key: string): string {
  return kebab(key).toUpperCase()
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
