import { readFile } from 'node:fs/promises'
import { Failure, systemErrorCode, type Location } from '../errors.ts'
import type { Cluster, Connection } from '../postgres/connection.ts'
import { withConnection } from './connections.ts'
import type { Position } from '../script/position.ts'
import { splitScript } from '../script/scan.ts'
import type { Statement } from '../script/statement.ts'

/** A psql script, read and split. */
export interface Script {
  /** As the user would name it: shown in errors. */
  file: string
  text: string
  statements: Statement[]
}

export interface LoadedScript {
  file: string
  statements: number
  rowsChanged: number
  seconds: number
}

/** Reads a script and checks that it can be run whole, in one transaction. Nothing is sent. */
export async function readScript(path: string, file: string = path): Promise<Script> {
  const text = await readText(path, file)
  const statements: Statement[] = []
  for (const item of splitScript(text, { file })) {
    if (item.kind === 'meta') throw unsupported(item, `the psql command \\${item.name}`, text)
    if (item.kind !== 'statement') continue
    if (item.copyFromStdin) throw unsupported(item, 'COPY … FROM stdin', text)
    const control = item.parts.map(({ words }) => transactionControl(words)).find((found) => found !== undefined)
    if (control) throw ownTransaction(item, control, text)
    if (!item.empty) statements.push(item)
  }
  return { file, text, statements }
}

interface Placed {
  file: string
  start: Position
}

function unsupported(item: Placed, what: string, text: string): Failure {
  return new Failure('script_unsupported', `This version of pgrig cannot run ${what}.`, {
    location: placeOf(item, text),
    state: 'Nothing of the script was run.',
    hint: 'Run this file with psql.',
  })
}

function ownTransaction(item: Placed, control: string, text: string): Failure {
  return new Failure(
    'script_unsupported',
    `The script has a ${control} of its own, and pgrig runs it whole in one transaction.`,
    {
      location: placeOf(item, text),
      state: 'Nothing of the script was run.',
      hint: `Take the ${control} out: the script is all or nothing without it.`,
    },
  )
}

/** The statement that begins or ends a transaction, if it is one. Savepoints are inside of one, and welcome. */
function transactionControl(words: readonly string[]): string | undefined {
  const [first, second] = words
  if (first === 'START' && second === 'TRANSACTION') return 'START TRANSACTION'
  if (first === 'PREPARE' && second === 'TRANSACTION') return 'PREPARE TRANSACTION'
  if (first === 'ROLLBACK') return words.includes('TO') ? undefined : 'ROLLBACK'
  return ['BEGIN', 'COMMIT', 'END', 'ABORT'].find((word) => word === first)
}

function placeOf({ file, start: { line, column } }: Placed, text: string): Location {
  let from = 0
  for (let passed = 1; passed < line; passed++) from = text.indexOf('\n', from) + 1
  return { file, line, column, ...lineAt(text, from) }
}

/** Where a position is that the server reports: characters (code points) from 1. */
function placeAt(position: number, { file, text }: Script): Location {
  let [line, from, column, index] = [1, 0, 1, 0]
  // Without collecting anything: a script may be as large as memory allows.
  for (let passed = 1; passed < position && index < text.length; passed++) {
    if (text[index] === '\n') [line, from, column] = [line + 1, index + 1, 0]
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
    column++
  }
  return { file, line, column, ...lineAt(text, from) }
}

const longestShownLine = 4000

/** The line that starts there, unless it is too long for anybody to look at. */
function lineAt(text: string, from: number): { text?: string } {
  const next = text.indexOf('\n', from)
  const end = next < 0 ? text.length : next
  return end - from > longestShownLine ? {} : { text: text.slice(from, end).replace(/\r$/, '') }
}

async function readText(path: string, file: string): Promise<string> {
  let bytes: Buffer
  try {
    bytes = await readFile(path)
  } catch (cause) {
    const code = systemErrorCode(cause)
    if (code === 'ENOENT') throw new Failure('file_missing', `There is no file ${file}.`, { cause })
    if (code === 'EISDIR') throw new Failure('file_unusable', `${file} is a folder, not a script.`, { cause })
    throw new Failure('file_missing', `${file} cannot be read: ${code ?? 'unknown error'}.`, { cause })
  }
  if (bytes.includes(0)) throw new Failure('file_unusable', `${file} is not a text file: it holds a zero byte.`)
  try {
    // The decoder drops a byte order mark, which PostgreSQL would not understand.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new Failure('file_unusable', `${file} is not encoded in UTF-8.`, { cause })
  }
}

/** Runs one script on the target's database, in one transaction. */
export async function loadScript(cluster: Cluster, script: Script): Promise<LoadedScript> {
  const [loaded] = await withConnection(cluster, (connection) => runScripts(connection, [script]))
  if (!loaded) throw new Error('unreachable: one script was given')
  return loaded
}

/**
 * Runs scripts in one transaction: all of them or nothing. A failure names the file, line and column of the statement.
 * `within` runs in the same transaction before them; when it returns false they are not run.
 */
export async function runScripts(
  connection: Connection,
  scripts: Script[],
  within: () => Promise<boolean> = async () => true,
): Promise<LoadedScript[]> {
  const loaded: LoadedScript[] = []
  await connection.run('begin')
  try {
    if (await within()) {
      for (const script of scripts) {
        // A dump leaves its search_path behind; the next script must not meet it.
        if (loaded.length > 0) await connection.run('reset all')
        loaded.push(await runOne(connection, script))
      }
    }
    await commit(connection, scripts)
  } catch (error) {
    await connection.run('rollback').catch(() => {})
    throw error
  }
  return loaded
}

async function runOne(connection: Connection, script: Script): Promise<LoadedScript> {
  const started = performance.now()
  const { completed, rowsChanged, error, position } = await connection.runSimple(script.text)
  if (error) throw atStatement(error, script, completed, position)
  return {
    file: script.file,
    statements: script.statements.length,
    rowsChanged,
    seconds: (performance.now() - started) / 1000,
  }
}

async function commit(connection: Connection, scripts: Script[]): Promise<void> {
  try {
    await connection.run('commit')
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'sql_error') throw error
    const files = scripts.map((script) => script.file).join(', ')
    throw new Failure('sql_error', `${error.message} (at the end of ${files}, when it was committed)`, {
      cause: error,
      ...(error.sql && { sql: error.sql }),
      state: rolledBack,
    })
  }
}

const rolledBack = 'Nothing of it was kept: the transaction was rolled back.'

function atStatement(error: Failure, script: Script, completed: number, position: number | undefined): Failure {
  if (error.code !== 'sql_error') return error
  const statement = script.statements[completed]
  const location = position === undefined ? statement && placeOf(statement, script.text) : placeAt(position, script)
  return error.with({ ...(location && { location }), state: rolledBack })
}
