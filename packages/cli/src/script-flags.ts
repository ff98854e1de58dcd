import { Failure, type LoadOptions, type OpenTarget, type ScriptEvents, type StatementEvent } from '@pgrig/core'
import type { Tools } from './command.ts'
import { flag, type Flags } from './flag.ts'
import { durationText, withoutControls } from './layout.ts'
import { counted } from './loaded-view.ts'
import type { ProgressBar } from './progress.ts'

/** What every command understands that runs a script. */
export const scriptFlags = {
  variable: flag.each('Set a variable of psql for the script: :NAME in it', 'NAME=VALUE', { short: 'v' }),
  allowShell: flag.boolean('Let the script run programs of this machine: \\!, backquotes, \\o |…, \\copy … program'),
  verbose: flag.boolean('Print each statement as it is done'),
} satisfies Flags

/** For commands that can also do without a transaction. */
export const transactionFlags = {
  noTransaction: flag.boolean('Run each statement for itself; what ran before an error stays'),
} satisfies Flags

interface ScriptValues {
  readonly variable: readonly string[]
  readonly noTransaction?: boolean
  readonly allowShell: boolean
}

/** A statement that was done, as --json lists it. */
type DoneStatement = Omit<StatementEvent, 'text'>

/** What happened while scripts ran, for --json. */
export interface ScriptLog {
  events: DoneStatement[]
  /** Those that a script without ON_ERROR_STOP went on after. */
  errors: unknown[]
  notices: { severity: string; message: string; file?: string; line?: number }[]
}

/** How the flags say that scripts are run, except for what watches them. */
export function scriptOptions(values: ScriptValues, tools: Tools): LoadOptions {
  return {
    transaction: values.noTransaction ? 'none' : 'whole',
    allowShell: values.allowShell,
    variables: readVariables(values.variable),
    folder: tools.folder,
    nameFile: (path) => tools.nameFile(path),
    environment: tools.variables,
    standardInput: () => tools.standardInput() ?? noInput(),
    signal: tools.signal,
    errorOutput: tools.errorOutput,
    // With --json, stdout is one value and nothing else.
    ...(!tools.json && { output: tools.output }),
  }
}

/** What there is to read where a terminal is: nothing. */
async function* noInput(): AsyncGenerator<Uint8Array> {}

function readVariables(typed: readonly string[]): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const each of typed) {
    const [, name, value = ''] = /^([A-Za-z0-9_\u{80}-\u{10ffff}]+)(?:=(.*))?$/su.exec(each) ?? []
    if (name === undefined) {
      throw new Failure('usage', `--variable takes NAME=VALUE, not ${JSON.stringify(each)}.`)
    }
    variables[name] = value
  }
  return variables
}

/** Watches scripts run: what the server says, and with --verbose each statement. */
export function watchScripts(verbose: boolean, tools: Tools): { events: ScriptEvents; log: ScriptLog } {
  const log: ScriptLog = { events: [], notices: [], errors: [] }
  const events: ScriptEvents = {
    notice({ severity, message, detail, hint, where, location }) {
      if (tools.json) {
        log.notices.push({ severity, message, ...(location && { file: location.file, line: location.line }) })
        return
      }
      const place = location ? `${location.file}:${location.line}: ` : ''
      const more = [detail && `DETAIL: ${detail}`, hint && `HINT: ${hint}`, where && `CONTEXT: ${where}`].filter(
        Boolean,
      )
      tools.note([`${place}${severity}: ${message}`, ...more].map((text) => withoutControls(String(text))).join('\n'))
    },
    error: (failure) => void (tools.json ? log.errors.push(tools.describe(failure)) : tools.report(failure)),
  }
  if (verbose && !tools.json) {
    events.passedOver = ({ file, line, column, command }) =>
      tools.note(`  ${file}:${line}:${column}  ${command} passed over: all is one transaction`)
  }
  if (tools.json || verbose) {
    events.statement = (event) => {
      const { text, ...done } = event
      if (tools.json) log.events.push(done)
      else tools.note(describeStatement(event, text()))
    }
  }
  return { events, log }
}

/** A bar of how far scripts are. */
export function scriptBar(
  label: string,
  bytes: number,
  tools: Tools,
): Required<Pick<ScriptEvents, 'progress'>> & ProgressBar {
  const bar = tools.progress.bar(label, bytes, 'bytes')
  return {
    ...bar,
    progress: (totals) => {
      const rows = totals.rows + totals.copying
      bar.update(totals.bytes, `${counted(totals.statements, 'statement')}, ${counted(rows, 'row')}`)
    },
  }
}

/** How much of a statement is echoed: nobody reads more of it. */
const echoedLength = 2000

function describeStatement({ file, line, column, command, seconds }: StatementEvent, text: string): string {
  const shown = text.length > echoedLength ? `${text.slice(0, echoedLength)}…` : text
  const place = `${file}:${line}:${column}`
  return [
    ...(shown === '' ? [] : [withoutControls(shown)]),
    `  ${place}  ${command || 'done'}, ${durationText(seconds)}`,
  ].join('\n')
}

/** How `\connect` in a script finds its way: to other databases of the target's server, unless it is production. */
export function reconnectFor(target: OpenTarget, tools: Tools): Pick<LoadOptions, 'reconnect'> {
  const permit = async (database: string) => {
    const [sign] = await tools.productionSigns(target, { database })
    if (sign === undefined) return
    throw new Failure(
      'refused',
      `\\connect leads to the database ${database}, on what looks like production: ${sign}.`,
      {
        hint: `You were asked about ${target.database} alone. Run what is for ${database} with a target or --url of its own.`,
      },
    )
  }
  return { reconnect: (words) => target.reconnect(words, permit) }
}
