import { Failure } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import type { ScriptSource } from '../script/files.ts'
import type { Inspection } from '../script/inspect.ts'
import { withConnection } from './connections.ts'
import { inspect, refuseProblems, runScripts, type RunScriptOptions } from './run-script.ts'
import { fileSource } from './script-files.ts'

/** A psql script that has been looked through, and can be run. */
export interface Script {
  /** As the user would name it: shown in errors. */
  file: string
  source: ScriptSource
  inspection: Inspection
}

export interface LoadedScript {
  file: string
  statements: number
  /** Rows inserted, updated, deleted or copied. */
  rowsChanged: number
  /** Tables, functions, types … that were made. */
  objects: number
  seconds: number
}

export type LoadOptions = Omit<RunScriptOptions, 'inspection' | 'resetBetween'>

/** Reads a script to its end, with all that it includes, and says what is wrong with it. Nothing is sent. */
export async function readScript(path: string, file: string = path, options: LoadOptions = {}): Promise<Script> {
  return inspectScript(await fileSource(path, file, options.signal), options)
}

/** The same for a script that is no file. */
export async function inspectScript(source: ScriptSource, options: LoadOptions = {}): Promise<Script> {
  const inspection = await inspect([source], options)
  if (options.transaction !== 'none') refuseProblems(inspection)
  return { file: source.name, source, inspection }
}

/** Runs one script, on a connection or on the target's database, in one transaction unless the options say otherwise. */
export async function loadScript(
  on: Cluster | Connection,
  script: Script,
  options: LoadOptions = {},
): Promise<LoadedScript> {
  const load = (connection: Connection) => loadScripts(connection, [script], options)
  const [loaded] = 'channel' in on ? await load(on) : await withConnection(on, load)
  if (!loaded) throw new Error('unreachable: one script was given')
  return loaded
}

/** Runs scripts in one transaction: all of them or nothing. A failure names the file, line and column of the statement. */
export async function loadScripts(
  connection: Connection,
  scripts: readonly Script[],
  options: LoadOptions = {},
): Promise<LoadedScript[]> {
  const ran = await runScripts(
    scripts.map(({ source }) => source),
    connection,
    { ...options, inspection: joined(scripts), resetBetween: true },
  )
  return ran.scripts.map(({ file, statements, rows, objects, seconds }) => {
    return { file, statements, rowsChanged: rows, objects, seconds }
  })
}

/**
 * The same, in a transaction that begins with work of ours; when that returns false, the scripts are not run. A failure of
 * the commit is one of the scripts.
 */
export function loadScriptsAfter(
  connection: Connection,
  scripts: readonly Script[],
  within: () => Promise<boolean>,
  options: LoadOptions = {},
): Promise<LoadedScript[]> {
  return inOneTransaction(connection, scripts, async () =>
    (await within()) ? loadScripts(connection, scripts, { ...options, transaction: 'inside' }) : [],
  )
}

/** Works in a transaction, in which scripts are run. A failure of the commit is one of the scripts. */
export async function inOneTransaction<Result>(
  connection: Connection,
  scripts: readonly Script[],
  work: () => Promise<Result>,
): Promise<Result> {
  await connection.run('begin')
  try {
    const result = await work()
    await commit(connection, scripts)
    return result
  } catch (error) {
    await connection.run('rollback').catch(() => {})
    throw error
  }
}

/** What is known of scripts together: they run in one transaction. */
export function joined(scripts: readonly Script[]): Inspection {
  const inspections = scripts.map(({ inspection }) => inspection)
  const sum = (count: (inspection: Inspection) => number) =>
    inspections.reduce((total, inspection) => total + count(inspection), 0)
  return {
    statements: sum(({ statements }) => statements),
    bytes: sum(({ bytes }) => bytes),
    transactionProblems: inspections.flatMap(({ transactionProblems }) => transactionProblems),
    onlyReads: inspections.every(({ onlyReads }) => onlyReads),
    recordings: inspections.flatMap(({ recordings }) => recordings),
    usesResults: inspections.some(({ usesResults }) => usesResults),
    commands: inspections.some(({ commands }) => commands),
    reachesOut: inspections.some(({ reachesOut }) => reachesOut),
    generates: inspections.some(({ generates }) => generates),
  }
}

async function commit(connection: Connection, scripts: readonly Script[]): Promise<void> {
  try {
    await connection.run('commit')
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'sql_error') throw error
    const files = scripts.map((script) => script.file).join(', ')
    throw new Failure('sql_error', `${error.message} (at the end of ${files}, when it was committed)`, {
      cause: error,
      ...(error.sql && { sql: error.sql }),
      state: 'Nothing of it was kept: the transaction was rolled back.',
    })
  }
}
