import { type ExitCode, exitCodes } from '@pgrig/core'
import { allFlags, type Command, type ExitName, globalFlags } from './command.ts'
import { argumentName, type Flags, flagName } from './flag.ts'
import { layPairs, wrap } from './layout.ts'

const width = 80

export interface FlagDescription {
  name: string
  short: string | undefined
  placeholder: string | undefined
  text: string
  values: readonly string[] | undefined
  default: unknown
  /** A duration is in seconds, also where it is the default. */
  kind: string
  /** Whether every command has it. */
  global: boolean
}

/** A command as plain data: what `pgrig help --json` prints, and what help and reference pages are made from. */
export interface Description {
  name: string
  summary: string
  description: string | undefined
  group: string
  usage: string
  target: Command['target']
  changes: boolean
  destructive: boolean
  arguments: { name: string; count: string; kind: string; text: string; values: readonly string[] | undefined }[]
  flags: FlagDescription[]
  examples: string[]
  exitCodes: ExitCode[]
}

export function describe(command: Command): Description {
  const changes = command.changes === true || command.destructive === true
  return {
    name: command.name,
    summary: command.summary,
    description: command.description,
    group: groupOf(command),
    usage: usageOf(command),
    target: command.target,
    changes,
    destructive: command.destructive === true,
    arguments: Object.entries(command.arguments ?? {}).map(([key, { count, kind, text, values }]) => ({
      name: argumentName(key),
      count,
      kind,
      text,
      values,
    })),
    flags: describeFlags(allFlags(command)),
    examples: command.examples.map((example) => `pgrig ${example}`),
    exitCodes: exitNamesOf(command).map((name) => exitCodes[name]),
  }
}

export function describeFlags(flags: Flags): FlagDescription[] {
  return Object.entries(flags).map(([key, flag]) => ({
    name: flagName(key),
    short: flag.short === undefined ? undefined : `-${flag.short}`,
    placeholder: flag.placeholder,
    text: flag.text,
    values: flag.values,
    kind: flag.kind,
    default:
      flag.initial === false || (Array.isArray(flag.initial) && flag.initial.length === 0) ? undefined : flag.initial,
    global: Object.hasOwn(globalFlags, key),
  }))
}

function usageOf(command: Command): string {
  const words = Object.entries(command.arguments ?? {}).map(([key, { count, values }]) => {
    const name = values ? values.join('|') : argumentName(key)
    return argumentSpelling(name, count)
  })
  const target = command.target === 'none' ? [] : ['[TARGET]']
  const literal = words.filter((word) => word.startsWith('[--'))
  const ordinary = words.filter((word) => !word.startsWith('[--'))
  return ['pgrig', command.name, ...ordinary, ...target, '[flags]', ...literal].join(' ')
}

function argumentSpelling(name: string, count: string): string {
  if (count === 'required') return name
  return count === 'literal' ? `[-- ${name}…]` : count === 'rest' ? `[${name}…]` : `[${name}]`
}

function groupOf(command: Command): string {
  if (command.group !== undefined) return command.group
  const [noun] = command.name.split(' ')
  if (noun === 'server') return 'Server'
  if (noun === 'rds') return 'RDS'
  return command.target === 'server' || command.target === 'database' ? 'Database' : 'Tools'
}

function exitNamesOf(command: Command): ExitName[] {
  const names = new Set<ExitName>(['done', 'failed', 'usage', 'interrupted', ...(command.exitCodes ?? [])])
  if (command.target === 'server' || command.target === 'database') names.add('connection').add('sql')
  if (command.destructive || command.asks) names.add('refused')
  if (command.exit) names.add('found')
  return [...names].sort((one, other) => exitCodes[one] - exitCodes[other])
}

/** What each exit code means: two or three words, and a sentence. */
export const exitMeanings: Record<ExitName, { short: string; text: string }> = {
  done: { short: 'done', text: 'Done.' },
  failed: { short: 'failed', text: 'Failed, for a reason that has no code of its own here; the message says which.' },
  connection: {
    short: 'cannot connect',
    text: 'The server or the database could not be reached, or the connection broke.',
  },
  sql: { short: 'SQL error', text: 'PostgreSQL reported an error in a statement.' },
  refused: { short: 'refused', text: 'It could lose data, and nobody confirmed it. Nothing was done.' },
  found: {
    short: 'found something',
    text: 'It worked, and the answer is one to act on: a difference, a finding, something pending.',
  },
  usage: { short: 'usage', text: 'The command line was not understood. Nothing was done.' },
  interrupted: { short: 'interrupted', text: 'You stopped it. The message says what state things are in.' },
}

const groups = ['Server', 'Database', 'RDS', 'Tools']

type Paint = (heading: string) => string
const plain: Paint = (heading) => heading

/** `pgrig help`: every command in one line each. */
export function programHelp(commands: readonly Description[], paint: Paint = plain): string[] {
  const names = [...new Set([...groups, ...commands.map(({ group }) => group)])]
  const widest = Math.max(0, ...commands.map(({ name }) => name.length))
  const sections = names.flatMap((group) => {
    const members = commands.filter((command) => command.group === group)
    if (members.length === 0) return []
    const pairs = members.map(({ name, summary }) => [name.padEnd(widest), summary] as const)
    return ['', paint(group), ...layPairs(pairs, width)]
  })
  return [
    'A Postgres database from a laptop to Amazon RDS: one command per action.',
    '',
    paint('Usage'),
    '  pgrig COMMAND [TARGET] [flags]',
    ...sections,
    '',
    paint('Flags of every command'),
    ...flagLines(describeFlags(globalFlags)),
    '',
    ...wrap(
      '`pgrig help COMMAND` tells more of one. See also `pgrig help targets` and `pgrig help exit-codes`.',
      width,
    ),
  ]
}

/** `pgrig help schema`: the verbs of a noun. */
export function nounHelp(noun: string, commands: readonly Description[], paint: Paint = plain): string[] {
  return [
    paint('Usage'),
    `  pgrig ${noun} COMMAND [TARGET] [flags]`,
    '',
    paint('Commands'),
    ...layPairs(
      commands.map(({ name, summary }) => [name, summary] as const),
      width,
    ),
    '',
    `\`pgrig help ${noun} COMMAND\` tells more of one.`,
  ]
}

/** `pgrig help schema load`. `others` are commands that begin with the same words. */
export function commandHelp(command: Description, others: readonly Description[] = [], paint: Paint = plain): string[] {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', paint(heading), ...lines] : []
  const paragraphs = (command.description ?? '').split(/\n\s*\n/).filter((text) => text.trim() !== '')
  const target = command.target === 'none' ? [] : [['[TARGET]', 'local unless said; see pgrig help targets'] as const]
  const words = command.arguments.map(({ name, count, text }) => [argumentSpelling(name, count), text] as const)
  const meanings = Object.entries(exitCodes).flatMap(([name, code]) =>
    command.exitCodes.includes(code) ? [`${code} ${exitMeanings[name as ExitName].short}`] : [],
  )
  return [
    `${command.summary}.`,
    ...paragraphs.flatMap((text) => ['', ...wrap(text, width)]),
    '',
    paint('Usage'),
    ...indent(wrap(command.usage, width - 2)),
    ...section('Arguments', layPairs([...words, ...target], width)),
    ...section(
      'Commands',
      layPairs(
        others.map(({ name, summary }) => [name, summary] as const),
        width,
      ),
    ),
    ...section('Flags', flagLines(command.flags.filter(({ global }) => !global))),
    ...section('Flags of every command', flagLines(command.flags.filter(({ global }) => global))),
    ...section('Examples', indent(command.examples)),
    ...section('Exit codes', indent(wrap(meanings.join(' · '), width - 2))),
  ]
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

function flagLines(flags: readonly FlagDescription[]): string[] {
  return layPairs(
    flags.map((flag) => [flagSpelling(flag), flagText(flag)] as const),
    width,
  )
}

export function flagSpelling({ name, short, placeholder, values }: FlagDescription): string {
  const value = placeholder === undefined ? '' : ` ${values && placeholder.length > 20 ? 'WORD' : placeholder}`
  return `${short === undefined ? '    ' : `${short}, `}${name}${value}`
}

function flagText(flag: FlagDescription): string {
  const { text, values, placeholder } = flag
  const initial = defaultText(flag)
  const among = values && placeholder !== undefined && placeholder.length > 20 ? `: ${values.join(', ')}` : ''
  return `${text}${among}${initial === undefined ? '' : ` (default: ${initial})`}`
}

/** The default of a flag as it would be typed. */
export function defaultText({ kind, default: initial }: FlagDescription): string | undefined {
  if (initial === undefined) return undefined
  return kind === 'duration' ? `${String(initial)}s` : String(initial)
}

/** `pgrig help exit-codes`. */
export function exitCodesHelp(paint: Paint = plain): string[] {
  const pairs = Object.entries(exitCodes).map(
    ([name, code]) => [String(code).padStart(3), exitMeanings[name as ExitName].text] as const,
  )
  return [
    paint('Exit codes'),
    ...layPairs(pairs, width),
    '',
    ...wrap(
      '0 to 3 are those of psql with ON_ERROR_STOP set. With --json the same number is in error.exitCode on stderr, beside error.code, which says more exactly what happened.',
      width,
    ),
  ]
}

/** `pgrig help targets`. */
export function targetsHelp(paint: Paint = plain): string[] {
  const paragraph = (text: string) => wrap(text, width)
  return [
    paint('Targets'),
    ...paragraph(
      'A command works on one target, and on that one in all its steps. Before anything is done to it, stderr says which it is.',
    ),
    '',
    ...layPairs(
      [
        [
          'local',
          'unless said: DATABASE_URL, CONNECTION_URL or the libpq variables; if there are none, the embedded server',
        ],
        ['prod', 'PROD_DATABASE_URL or PROD_CONNECTION_URL'],
        ['any NAME', 'that is in pgrig.json, or for which NAME_DATABASE_URL or NAME_CONNECTION_URL is set'],
      ],
      width,
    ),
    '',
    paint('How to name it'),
    ...layPairs(
      [
        ['pgrig schema load prod', 'as the last word'],
        ['pgrig schema load --target prod', 'as a flag'],
        [
          'pgrig schema load --url URL',
          'by its address, for one run; a password in it can be seen by others in the list of processes',
        ],
      ],
      width,
    ),
    '',
    paint('Where a URL comes from'),
    ...paragraph(
      '--url, then the environment, then .env, then pgrig.json, then the default. `pgrig config` prints each value and where it came from.',
    ),
    '',
    paint('A file or a target?'),
    ...paragraph(
      'The last word is the target when a target has that name. A word with a dot or a slash, or that a file is called, is a file. A word that is both is an error: write ./prod for the file, --target prod for the target. A word that is neither is an error too. Words after -- are never targets.',
    ),
  ]
}
