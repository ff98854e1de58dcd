import { Failure } from '../errors.ts'
import type { Connection } from '../postgres/connection.ts'
import { Pipeline } from '../postgres/pipeline.ts'
import type { PrintSettings } from '../print/settings.ts'
import type { ScriptTally } from '../script/answers.ts'
import type { ScriptEvents } from '../script/events.ts'
import { Execution, TestFailed } from '../script/execution.ts'
import type { ScriptOutput, ScriptSource } from '../script/files.ts'
import { secondsOf } from '../script/recorder.ts'
import { type Inspection, inspectScripts, type TransactionProblem } from '../script/inspect.ts'
import type { TransactionMode } from '../script/script-failure.ts'
import { VariableStore } from '../script/variable-store.ts'
import type { Consent } from './consent.ts'
import { printWith } from './script-printing.ts'
import { cancel, type FailedRun, lostWhile, rollBack, stoppedWhile, type Stopping } from './run-failure.ts'
import { diskFiles, type DiskFilesOptions, readWhileWanted, textSource } from './script-files.ts'
import { Surroundings } from './surroundings.ts'

/** How scripts are run. */
export interface RunScriptOptions extends DiskFilesOptions {
  /** What file names are relative to. Default: the current folder. */
  folder?: string
  /** What `\getenv` reads. Programs of the script get it when `\setenv` has changed it, and else the environment of this process. */
  environment?: Readonly<Record<string, string | undefined>>
  /**
   * `whole`, the default: in one transaction, all or nothing. `inside`: in the transaction that the connection has begun.
   * `none`: each statement for itself, as psql does it; what ran before an error stays.
   */
  transaction?: TransactionMode
  /** Variables of psql: `:name` in the script. */
  variables?: Readonly<Record<string, string>>
  /** Let the script run programs of this machine: `\!`, backquotes, `\o |…`, `\copy … program`. */
  allowShell?: boolean
  /** What becomes of result sets. Default: they are dropped. `collect` gives them to `events.result`. */
  results?: 'print' | 'collect' | 'drop'
  /** Where printed results and `\echo` go. Default: nowhere. */
  output?: ScriptOutput
  /** Where `\warn` goes. Default: nowhere. */
  errorOutput?: ScriptOutput
  /** How results are printed at the start, as `\pset` says it. */
  settings?: PrintSettings
  /** Print what the server says of statements without a result: `INSERT 0 1`. */
  tags?: boolean
  /** Forget the settings of one script before the next. A dump leaves an empty search_path behind. */
  resetBetween?: boolean
  /** What `inspect` has found, when that was done before. */
  inspection?: Inspection
  /** Opens another connection, for `\connect` with these arguments. Without it, `\connect` is refused. */
  reconnect?: (words: readonly string[]) => Promise<Connection>
  /** Default: there is nobody to ask. */
  consent?: Consent
  events?: ScriptEvents
  /** When it aborts, or the connection's does, the running statement is cancelled, all is rolled back, and its reason thrown. */
  signal?: AbortSignal
}

export interface RanScripts {
  scripts: readonly ScriptTally[]
  statements: number
  rows: number
  seconds: number
}

/** Reads scripts from end to end, and says what is wrong with them, before anything runs. */
export function inspect(sources: readonly ScriptSource[], options: RunScriptOptions = {}): Promise<Inspection> {
  const mode = options.transaction ?? 'whole'
  const { signal } = options
  const files = () => diskFiles(new Surroundings(options.folder, options.environment), options, { signal })
  return inspectScripts(sources, files, {
    // A script of any length is read as far as the signal lets.
    open: (source) => readWhileWanted(source.open(), { signal }),
    variables: initialVariables(options),
    allowShell: options.allowShell ?? false,
    inTransaction: mode !== 'none',
  })
}

/** The variables that a run begins with, besides those of the connection. */
export function initialVariables({ variables = {} }: RunScriptOptions): [string, string][] {
  return [['ON_ERROR_STOP', 'on'], ...Object.entries(variables)]
}

/** Throws the first of the problems that keep scripts from running in one transaction. A single statement needs none. */
export function refuseProblems({ transactionProblems, statements, generates, commands }: Inspection): void {
  const [first, ...others] = transactionProblems
  if (first === undefined || (statements === 1 && !generates && !commands)) return
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more like it, the next in line ${others[0]?.location.line})`
  throw new Failure('script_unsupported', `${describeProblem(first)}${more}.`, {
    location: first.location,
    state: 'Nothing of the script was run.',
    hint: 'A script runs in one transaction, all or nothing. With --no-transaction each statement runs for itself, and what ran before an error stays.',
  })
}

function describeProblem({ kind, what }: TransactionProblem): string {
  if (kind === 'forbidden') return `PostgreSQL cannot run ${what} inside of a transaction`
  if (kind === 'connect') return `${what} leaves the transaction in which the script would run`
  return `The script has transactions of its own: ${what}`
}

/**
 * Runs psql scripts on a connection: everything that psql runs, without psql. Statements are sent without waiting for the
 * answers to those before them, so that a slow network costs a few round trips and not one for each.
 * Throws `sql_error` with the place of the error in the script, `script_unsupported` and `script_failed` for what is wrong
 * with the script itself, `refused` for programs that it may not run, `connection_lost`.
 */
export async function runScripts(
  sources: readonly ScriptSource[],
  connection: Connection,
  options: RunScriptOptions = {},
): Promise<RanScripts> {
  const started = performance.now()
  const inspection = options.inspection ?? (await inspect(sources, options))
  const run = (test?: string) => runInspected(sources, connection, { ...options, inspection, test, started })
  const { consent } = options
  if (consent === undefined) return run()
  const inOneFlight =
    consent.test !== undefined && !inspection.reachesOut && modeFor(options.transaction, inspection) === 'whole'
  if (inOneFlight) {
    try {
      return await run(consent.test)
    } catch (error) {
      if (!(error instanceof TestFailed)) throw error
    }
  }
  await consent.ask()
  return run()
}

interface InspectedOptions extends RunScriptOptions {
  readonly inspection: Inspection
  readonly test: string | undefined
  /** As `performance.now()` counts. */
  readonly started: number
}

async function runInspected(
  sources: readonly ScriptSource[],
  connection: Connection,
  options: InspectedOptions,
): Promise<RanScripts> {
  const { inspection, test, started } = options
  const broken = new AbortController()
  const stoppers = [options.signal, connection.signal, options.output?.broken, broken.signal]
  const signal = AbortSignal.any(stoppers.filter((each) => each !== undefined))
  const { transaction: wanted = 'whole' } = options
  const mode = modeFor(wanted, inspection)
  if (mode !== 'none') refuseProblems(inspection)
  signal?.throwIfAborted()

  const variables = new VariableStore([...serverVariables(connection), ...untold, ...initialVariables(options)])
  /** Data that is waited for is not wanted any more when the script cannot go on. */
  const enough = new AbortController()
  const stops = { signal, enough: enough.signal }
  const openPipeline = (to: Connection) => {
    const opened = new Pipeline(to.channel)
    opened.onTrouble = () => {
      if (opened.ended || wanted !== 'none' || variables.isOn('ON_ERROR_STOP')) enough.abort()
    }
    noticeOurEnd(opened, to)
    return opened
  }
  let pipeline = openPipeline(connection)
  let current = connection
  const surroundings = new Surroundings(options.folder, options.environment)
  const execution = new Execution(
    {
      session: pipeline,
      files: diskFiles(surroundings, options, { ...stops, broken: (failure) => broken.abort(failure) }),
      shell: options.allowShell ? (await import('./script-shell.ts')).systemShell(surroundings, stops) : undefined,
      output: options.output ?? nowhere,
      errorOutput: options.errorOutput ?? nowhere,
      async describe(name, words, ask, { settings, hides }, write) {
        if (name === 'conninfo') {
          const { printConnection } = await import('./conninfo.ts')
          printConnection(current, settings, write)
          return []
        }
        const { describe } = await import('./describe.ts')
        return describe(name, words, current, ask, { settings, hides }, write)
      },
      async connect(words) {
        if (!options.reconnect) throw new Failure('script_unsupported', '\\connect needs a way to connect.')
        const next = await options.reconnect(words)
        pipeline.release()
        if (current !== connection) await current.close()
        current = next
        pipeline = openPipeline(next)
        for (const [name, value] of serverVariables(next)) variables.set(name, value)
        return pipeline
      },
    },
    {
      mode,
      wanted,
      variables,
      results: options.results ?? 'drop',
      print: options.results === 'print' ? await printWith(options.settings) : undefined,
      tags: options.tags ?? false,
      stepwise: inspection.usesResults,
      resetBetween: options.resetBetween ?? false,
      recordings: inspection.recordings,
      afterReset: knowsCheck(connection.serverVersion) ? checkClient : undefined,
      test: test === undefined ? undefined : Buffer.from(test),
      signal,
    },
    options.events ?? {},
  )
  let stopping: Stopping | undefined
  const stop = () => {
    pipeline.dropRows()
    stopping ??= cancel(current)
  }
  signal.addEventListener('abort', stop)
  try {
    await execution.run(sources)
  } catch (error) {
    const failed: FailedRun = { connection: current, pipeline, mode, wanted, execution }
    if (stopping === undefined) throw lostWhile(error, failed)
    await rollBack(failed, stopping)
    throw stoppedWhile(signal.reason, failed)
  } finally {
    signal.removeEventListener('abort', stop)
    stopping?.end()
    pipeline.release()
    if (current !== connection) await current.close()
  }
  const { scripts, statements, rows } = execution.totals
  return { scripts, statements, rows, seconds: secondsOf(performance.now() - started) }
}

/**
 * Runs one script: a text, or what `fileSource` makes of a file. See `runScripts`.
 *
 *     await runScript('create table t (id int); \\copy t from fixtures.csv csv', connection)
 */
export function runScript(
  source: string | ScriptSource,
  connection: Connection,
  options: RunScriptOptions = {},
): Promise<RanScripts> {
  return runScripts([typeof source === 'string' ? textSource(source) : source], connection, options)
}

/** A single statement is all or nothing by itself. */
function modeFor(wanted: TransactionMode = 'whole', { statements, generates, commands }: Inspection): TransactionMode {
  return wanted === 'whole' && statements === 1 && !generates && !commands ? 'none' : wanted
}

/**
 * Has the server look every now and then whether we are still there, while it runs something long: without that it runs on
 * when we were killed. Costs no round trip. Servers that do not know the setting, or are not on a system that can tell, do
 * nothing. https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-CLIENT-CONNECTION-CHECK-INTERVAL
 */
function noticeOurEnd(pipeline: Pipeline, { serverVersion }: Connection): void {
  if (!knowsCheck(serverVersion)) return
  // Whether that worked is nobody's concern.
  pipeline.send(checkClient, { complete() {}, failed() {} })
  pipeline.sync()
}

function knowsCheck(serverVersion: string): boolean {
  return Number.parseInt(serverVersion, 10) >= 14
}

const checkClient = Buffer.from(
  "select set_config('client_connection_check_interval', '2s', false) " +
    "where current_setting('client_connection_check_interval', true) = '0' and version() !~* 'visual c|mingw|windows'",
)

/** What a script can ask before anything has run. Nobody knows it while the script is looked through. */
const untold: readonly [string, string][] = [
  ['PIPELINE_SYNC_COUNT', '0'],
  ['PIPELINE_COMMAND_COUNT', '0'],
  ['PIPELINE_RESULT_COUNT', '0'],
  ['LAST_ERROR_MESSAGE', ''],
  ['LAST_ERROR_SQLSTATE', '00000'],
]

/** The variables that psql sets when it has connected. */
export function serverVariables({ address, channel, serverVersion }: Connection): [string, string][] {
  const [major = '0', minor = '0'] = serverVersion.split(/[. ]/)
  return [
    ['DBNAME', address.database],
    ['USER', address.user],
    ['HOST', address.host],
    ['PORT', String(address.port)],
    ['ENCODING', channel.parameters.get('client_encoding') ?? 'UTF8'],
    ['SERVER_VERSION_NAME', serverVersion],
    ['SERVER_VERSION_NUM', String(Number.parseInt(major, 10) * 10_000 + (Number.parseInt(minor, 10) || 0))],
  ]
}

const nowhere: ScriptOutput = { write() {}, full: () => undefined, close: async () => {} }
