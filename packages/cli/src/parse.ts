import { CommanderError, Command as Parser, Option } from 'commander'
import { Failure, redactSecrets } from '@pgrig/core'
import { allFlags, type Command, globalFlags } from './command.ts'
import { type Flag, type Flags, flagName } from './flag.ts'
import { didYouMean, suggest } from './suggest.ts'

/** What the first words are. `rest` is everything else, in order. */
export type Found =
  | { kind: 'command'; name: string; rest: readonly string[] }
  /** A word that only leads to commands: `schema`. */
  | { kind: 'noun'; name: string; rest: readonly string[] }
  | { kind: 'program'; rest: readonly string[] }

/**
 * Finds the command: the longest name that the first words make, with global flags allowed before and between
 * (`pgrig --target prod schema load`).
 */
export function findCommand(argv: readonly string[], names: readonly string[]): Found {
  const taken: number[] = []
  let path = ''
  for (let at = 0; at < argv.length; at += 1) {
    const token = argv[at] ?? ''
    if (token === '--') break
    if (token.startsWith('-') && token !== '-') {
      const flag = findFlag(globalFlags, token)
      // What an unknown flag takes cannot be known: the command, if there is one, was before it.
      if (!flag) break
      if (flag.kind !== 'boolean' && !token.includes('=') && isWholeFlag(token)) at += 1
      continue
    }
    const longer = path === '' ? token : `${path} ${token}`
    if (!names.some((name) => name === longer || name.startsWith(`${longer} `))) {
      if (path === '') throw unknownCommand(token, names)
      if (!names.includes(path)) throw unknownVerb(path, token, names)
      break
    }
    path = longer
    taken.push(at)
  }

  const rest = argv.filter((_, at) => !taken.includes(at))
  if (path === '') return { kind: 'program', rest }
  return { kind: names.includes(path) ? 'command' : 'noun', name: path, rest }
}

function isWholeFlag(token: string): boolean {
  return token.startsWith('--') || token.length === 2
}

function findFlag(flags: Flags, token: string): Flag<unknown> | undefined {
  const [name = ''] = token.split('=')
  return Object.entries(flags).find(([key, flag]) =>
    name.startsWith('--') ? flagName(key) === name : flag.short !== undefined && name.startsWith(`-${flag.short}`),
  )?.[1]
}

export function unknownCommand(word: string, names: readonly string[]): Failure {
  const firsts = [...new Set(names.flatMap((name) => [name, name.split(' ')[0] ?? name]))]
  // `db-setup` and `db:setup` are what the fingers know from elsewhere.
  const near = suggest(word, firsts) ?? suggest(word.replace(/^db[-:]/, '').replace(/[-:]/g, ' '), firsts)
  return new Failure('usage', `There is no command "${word}".${didYouMean(near && `pgrig ${near}`)}`, {
    hint: 'pgrig help',
  })
}

export function unknownVerb(noun: string, word: string, names: readonly string[]): Failure {
  const verbs = verbsOf(noun, names)
  const near = suggest(word, verbs)
  return new Failure(
    'usage',
    `There is no command "${noun} ${word}".${didYouMean(near && `pgrig ${noun} ${near}`) || ` It is one of: ${verbs.join(', ')}.`}`,
    { hint: `pgrig ${noun} --help` },
  )
}

/** The words that may follow a noun. */
export function verbsOf(noun: string, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith(`${noun} `)).map((name) => name.slice(noun.length + 1))
}

export interface ParsedFlags {
  /** Every flag's value under its key. */
  values: Record<string, unknown>
  words: readonly string[]
  /** Words after `--`: always arguments. */
  literal: readonly string[]
}

/** Reads flags. Throws `usage` on the first that is unknown, lacks its value, or has one that it cannot take. */
export function parseFlags(name: string, flags: Flags, rest: readonly string[]): ParsedFlags {
  const parser = new Parser(name)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .helpOption(false)
    .allowExcessArguments()
    .argument('[words...]')

  const options = Object.entries(flags).map(([key, flag]) => {
    const short = flag.short === undefined ? '' : `-${flag.short}, `
    const option = new Option(`${short}${flagName(key)}${flag.kind === 'boolean' ? '' : ' <value>'}`)
    if (flag.kind !== 'boolean') option.argParser((text: string, before: string[] = []) => [...before, text])
    parser.addOption(option)
    return { key, flag, option }
  })

  const end = rest.indexOf('--')
  try {
    parser.parse(end < 0 ? rest : rest.slice(0, end), { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) throw usageOf(error, name, flags)
    throw error
  }

  const given: Record<string, unknown> = parser.opts()
  const values: Record<string, unknown> = {}
  for (const { key, flag, option } of options) {
    const raw = given[option.attributeName()]
    if (flag.kind === 'boolean') {
      // To commander `--no-color` is the absence of `--color`.
      values[key] = option.negate ? raw === false : raw === true
      continue
    }
    const typed = Array.isArray(raw) ? raw.map(String) : []
    const swallowed = typed.find((text) => /^--?[a-zA-Z]/.test(text) && findFlag(flags, text) && isWholeFlag(text))
    if (swallowed !== undefined) throw missingValue(flagName(key), flag, `; ${swallowed} is a flag itself`)
    values[key] = flag.read(typed, flagName(key))
  }
  return { values, words: parser.args, literal: end < 0 ? [] : rest.slice(end + 1) }
}

function usageOf(error: CommanderError, name: string, flags: Flags): Failure {
  const token = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const hint = `pgrig ${name} --help`.replace('  ', ' ')
  if (error.code === 'commander.optionMissingArgument') {
    const [, long = token] = /(--[\w-]+)/.exec(token) ?? []
    return missingValue(long, findFlag(flags, long), '')
  }
  if (error.code === 'commander.unknownOption') {
    const [typed = token, value] = token.split('=')
    if (value !== undefined && findFlag(flags, typed)) {
      return new Failure('usage', `${typed} takes no value.`, { hint })
    }
    const known = Object.keys(flags).map(flagName)
    const near = known.find((flag) => flag === typed.replace(/^--/, '--no-')) ?? suggest(typed, known)
    return new Failure('usage', `${name === '' ? 'pgrig' : `"${name}"`} has no flag ${typed}.${didYouMean(near)}`, {
      hint,
    })
  }
  return new Failure('usage', error.message.replace(/^error: /, ''), { hint })
}

function missingValue(name: string, flag: Flag<unknown> | undefined, because: string): Failure {
  return new Failure('usage', `${name} needs a value: ${name} ${flag?.placeholder ?? 'VALUE'}${because}.`)
}

/**
 * What was typed, so that it can be typed again with one more flag: before `--`, and in the place of the same flag with
 * another value.
 */
export function commandWith(argv: readonly string[], flag: string): string {
  const shown = (word: string) => quoted(redactSecrets(word))
  const [name = ''] = flag.split(' ')
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length
  const before = argv.slice(0, end).filter((word, at) => {
    const valueOfSame = name !== flag && argv[at - 1] === name
    return word !== name && !word.startsWith(`${name}=`) && !valueOfSame
  })
  return ['pgrig', ...before.map(shown), flag, ...argv.slice(end).map(shown)].join(' ')
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

export function parseCommand(command: Command, rest: readonly string[]): ParsedFlags {
  return parseFlags(command.name, allFlags(command), rest)
}
