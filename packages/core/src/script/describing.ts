import { Failure } from '../errors.ts'
import type { PrintSettings } from '../print/settings.ts'
import { CollectedAnswer, type ResultSet } from './answers.ts'
import type { Answering } from './answering.ts'
import { placeOf } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'

/** Asks the server for rows; undefined when it has answered with an error, which is told. */
export type AskServer = (sql: string) => Promise<ResultSet | undefined>

/** What psql says of a command beside what it prints. */
export interface Complaint {
  readonly message: string
  readonly kind: 'error' | 'warning'
}

/** How it is shown. */
export interface DescribeStyle {
  /** Undefined: as psql starts. */
  readonly settings: PrintSettings | undefined
  /** Columns and footers that are left out. */
  readonly hides: readonly string[]
}

/** What knows the commands that only look. */
export interface DescribePorts {
  /** Runs one of psql's commands that only look: `\d`, `\l`, `\sf`, `\conninfo`. */
  describe(
    name: string,
    words: readonly string[],
    ask: AskServer,
    style: DescribeStyle,
    write: (text: string) => void,
  ): Promise<readonly Complaint[]>
}

/** Runs `\d` and the like. Throws `script_failed` where what they name is not there. */
export async function describe(
  command: MetaCommand,
  words: readonly string[],
  answering: Answering,
  ports: DescribePorts,
): Promise<void> {
  const { sender, outputs, options } = answering
  await sender.settle()
  if (options.results === 'drop') return
  const hiddenEcho = options.variables.choice('ECHO_HIDDEN')
  let withheld = false
  const ask: AskServer = async (sql) => {
    if (hiddenEcho === 'noexec' || options.variables.isOn('ECHO_HIDDEN'))
      answering.print('output', `/******** QUERY *********/\n${sql}\n/************************/\n\n`)
    if (hiddenEcho === 'noexec') {
      withheld = true
      return undefined
    }
    const sent = answering.sent(placeOf(command), undefined, { sql })
    // What it asks are no statements of the script.
    let done = false
    const answer = new CollectedAnswer(sent, { completed: () => (done = true) }, { decode: answering.decode })
    sender.sendText(Buffer.from(sql), answer, { describe: true })
    await sender.settle()
    return done ? (answer.result ?? { columns: [], rows: [] }) : undefined
  }
  const { results, settings } = outputs
  const style = {
    settings: settings && { ...settings, quiet: options.variables.quiet },
    hides: hidable.flatMap(([variable, what]) => (options.variables.isOn(variable) ? [what] : [])),
  }
  const write = (text: string) => answering.write(results, text)
  for (const { message, kind } of await ports.describe(command.name, words, ask, style, write)) {
    if (kind === 'error') throw new Failure('script_failed', message, { location: placeOf(command) })
    answering.print('error', `${message}\n`)
  }
  if (withheld) throw new Failure('script_failed', `\\${command.name} was not run: ECHO_HIDDEN is noexec.`)
}

/** What variables of psql leave out. */
const hidable = [
  ['HIDE_TABLEAM', 'Access method'],
  ['HIDE_TOAST_COMPRESSION', 'Compression'],
] as const
