import { catalogue, exitCodes } from '@pgrig/core'
import { type ExitName, globalFlags } from './command.ts'
import { type CommandSource, commandsIn, loadAll } from './discover.ts'
import {
  defaultText,
  type Description,
  describe,
  describeFlags,
  exitMeanings,
  type FlagDescription,
  flagSpelling,
} from './help.ts'

/** A page of docs/reference, with its path in that folder. */
export interface Page {
  path: string
  text: string
}

/** Every page that is written from the program: the commands, the exit codes, the errors. */
export async function referencePages(
  source: CommandSource = commandsIn(new URL('./commands/', import.meta.url)),
): Promise<Page[]> {
  const commands = (await loadAll(source)).filter(({ hidden }) => !hidden).map(describe)
  return [
    page('commands.md', commandsPage(commands)),
    ...commands.map((command) => page(pathOf(command), commandPage(command))),
    page('exit-codes.md', exitCodesPage()),
    page('errors.md', errorsPage()),
  ]
}

function page(path: string, lines: readonly string[]): Page {
  return { path, text: `<!-- Written by \`npm run docs\` from the program. -->\n\n${lines.join('\n').trim()}\n` }
}

function pathOf({ name }: Description): string {
  return `commands/${name.replaceAll(' ', '-')}.md`
}

function commandsPage(commands: readonly Description[]): string[] {
  const groups = [...new Set(['Server', 'Database', 'RDS', 'Tools', ...commands.map(({ group }) => group)])]
  return [
    '# Commands',
    '',
    '```',
    'pgrig COMMAND [TARGET] [flags]',
    '```',
    ...groups.flatMap((group) => {
      const members = commands.filter((command) => command.group === group)
      if (members.length === 0) return []
      const rows = members.map((command) => [`[\`${command.name}\`](${pathOf(command)})`, command.summary])
      return ['', `## ${group}`, '', ...table(['Command', 'Does'], rows)]
    }),
    '',
    '## Flags of every command',
    '',
    ...flagTable(describeFlags(globalFlags)),
  ]
}

function commandPage(command: Description): string[] {
  const section = (heading: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', `## ${heading}`, '', ...lines] : []
  const words = command.arguments.map(({ name, text }) => [`\`${name}\``, text])
  const target = command.target === 'none' ? [] : [['`TARGET`', 'The target, `local` unless said']]
  const own = command.flags.filter(({ global }) => !global)
  const codes = Object.entries(exitCodes).filter(([, code]) => command.exitCodes.includes(code))
  const argumentRows = [...words, ...target]
  return [
    `# pgrig ${command.name}`,
    '',
    `${command.summary}.`,
    ...(command.description === undefined ? [] : ['', command.description]),
    '',
    '```',
    command.usage,
    '```',
    ...section('Arguments', argumentRows.length > 0 ? table(['Word', 'What it is'], argumentRows) : []),
    ...section('Flags', own.length > 0 ? flagTable(own) : []),
    '',
    'The [flags of every command](../commands.md#flags-of-every-command) are understood too.',
    ...section('Examples', ['```', ...command.examples, '```']),
    ...section(
      'Exit codes',
      table(
        ['Code', 'Meaning'],
        codes.map(([name, code]) => [String(code), exitMeanings[name as ExitName].text]),
      ),
    ),
  ]
}

function flagTable(flags: readonly FlagDescription[]): string[] {
  return table(
    ['Flag', 'Meaning'],
    flags.map((flag) => {
      const initial = defaultText(flag)
      const text = initial === undefined ? flag.text : `${flag.text} (default: \`${initial}\`)`
      return [`\`${flagSpelling(flag).trim()}\``, text]
    }),
  )
}

function exitCodesPage(): string[] {
  return [
    '# Exit codes',
    '',
    ...table(
      ['Code', 'Name', 'Meaning'],
      Object.entries(exitCodes).map(([name, code]) => [String(code), name, exitMeanings[name as ExitName].text]),
    ),
    '',
    '0 to 3 are those of psql with `ON_ERROR_STOP` set. The [errors](errors.md) say which exit code each ends with.',
  ]
}

function errorsPage(): string[] {
  return [
    '# Errors',
    '',
    'With `--json` a failure is `{"error":{"code",…}}` on stderr. These are the codes.',
    '',
    ...table(
      ['Code', 'Exit code', 'Meaning', 'What to do'],
      Object.entries(catalogue).map(([code, entry]) => [
        `\`${code}\``,
        String(entry.exit),
        entry.meaning,
        'hint' in entry ? entry.hint : 'The message says it.',
      ]),
    ),
    '',
    '`bug`, with exit code 1, is none of these: it is a fault in pgrig, and comes with a stack to report.',
  ]
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)]
}
