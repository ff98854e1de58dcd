import { Failure, type Location } from '../errors.ts'
import { placeOfStatement } from './failure-place.ts'
import type { ScriptFiles, ScriptSource } from './files.ts'
import type { Host } from './host.ts'
import { Interpreter, placeOf, readCondition } from './interpreter.ts'
import { LargeObjectBlocks } from './large-object-blocks.ts'
import { type MetaCommand, runsNothing } from './metacommand.ts'
import { Recordings } from './recordings.ts'
import { SourceLines } from './source-lines.ts'
import type { Statement } from './statement.ts'
import { forbiddenInTransaction, onlyReads, transactionControl } from './transaction-rules.ts'
import { VariableStore } from './variable-store.ts'
import { refuseToWatch } from './watching.ts'

/** Something that cannot be in the one transaction in which a script is run. */
export interface TransactionProblem {
  /** As in `VACUUM`, or `COMMIT`. */
  readonly what: string
  /** `forbidden`: PostgreSQL refuses it there; `control`: the script has transactions of its own; `connect`: it leaves. */
  readonly kind: 'forbidden' | 'control' | 'connect'
  readonly location: Location
}

/** What is known of scripts before they run. */
export interface Inspection {
  readonly statements: number
  /** Of all files, each as often as it is read. */
  readonly bytes: number
  readonly transactionProblems: readonly TransactionProblem[]
  /** No statement changes anything, as far as can be seen from outside: functions are not looked into. */
  readonly onlyReads: boolean
  /** It asks what the statement before has said, so that each must be waited for. */
  readonly usesResults: boolean
  /** What was read, where it need not be read again. */
  readonly recordings: readonly Recordings[]
  /** Statements are made while it runs, by `\gexec`. */
  readonly generates: boolean
  /** A command of psql may fail beside the statements, or leave something behind: a single one is then not all there is. */
  readonly commands: boolean
  /** It works with other files, programs or standard input: what it does there is done only once. */
  readonly reachesOut: boolean
}

export interface InspectOptions {
  readonly variables?: Iterable<readonly [string, string]>
  readonly allowShell: boolean
  readonly inTransaction: boolean
  /** Reads one of the scripts that are given. Default: as it says itself. */
  readonly open?: (source: ScriptSource) => AsyncIterable<Uint8Array>
}

/**
 * Reads scripts from end to end without running anything: finds unknown and refused commands, missing files, and what cannot
 * run in a transaction. Where a condition hangs on what the database will say, both ways are looked at, and what is wrong in
 * them is left to be found when they are taken. Throws what is wrong with the scripts. `files` are made afresh for each time
 * that the scripts are read, since they change their folder and environment.
 */
export async function inspectScripts(
  sources: readonly ScriptSource[],
  files: () => ScriptFiles,
  options: InspectOptions,
): Promise<Inspection> {
  // Nearly every script is right, and then nobody asks for a place behind its data.
  const quick = new Inspector(files(), options, false)
  const inspection = await quick.read(sources).catch(() => undefined)
  if (inspection && (inspection.transactionProblems.length === 0 || !quick.hasData)) return inspection
  return new Inspector(files(), options, true).read(sources)
}

const nothingRun = 'Nothing of the script was run.'

/** How many problems are told: after some it is clear that the script is meant to run without a transaction. */
const problemLimit = 100

class Inspector implements Host {
  /** There was COPY data: places behind it are only right where its lines are counted. */
  hasData = false
  readonly #lines: SourceLines
  readonly #interpreter: Interpreter
  readonly #variables: VariableStore
  readonly #files: ScriptFiles
  readonly #allowShell: boolean
  readonly #inTransaction: boolean
  readonly #recordings: Recordings
  readonly #problems: TransactionProblem[] = []
  readonly #blocks = new LargeObjectBlocks()
  /** Which of the problems its BEGIN is. */
  #blockAt = 0
  #statements = 0
  #bytes = 0
  #onlyReads = true
  #generates = false
  #commands = false
  /** Files that the script writes before it reads them. */
  readonly #written = new Set<string>()
  #reachesOut = false
  /** The database has had a say in the variables. */
  #variablesUnknown = false

  constructor(files: ScriptFiles, options: InspectOptions, countsData: boolean) {
    this.#files = files
    this.#lines = new SourceLines(files)
    this.#allowShell = options.allowShell
    this.#inTransaction = options.inTransaction
    this.#variables = new VariableStore(options.variables)
    this.#recordings = new Recordings(this.#variables)
    this.#interpreter = new Interpreter(this, this.#variables, files, {
      inTransaction: options.inTransaction,
      recorder: this.#recordings,
      countsData,
      ...(options.open && { open: options.open }),
    })
  }

  /** Reads scripts to their end. Throws what is wrong with them, with the line that it is about. */
  async read(sources: readonly ScriptSource[]): Promise<Inspection> {
    try {
      this.#interpreter.checkVariables()
      for (const source of sources) await this.#interpreter.read(source)
      await this.#showProblem()
      return this.#inspection()
    } catch (error) {
      const shown = await this.#lines.show(error)
      throw shown instanceof Failure && shown.state === undefined ? shown.with({ state: nothingRun }) : shown
    }
  }

  /** Adds its line to the problem that somebody will see. */
  async #showProblem(): Promise<void> {
    const [first] = this.#problems
    if (first === undefined || first.location.text !== undefined) return
    const text = await this.#lines.read(first.location.file, first.location.line)
    if (text !== undefined) this.#problems[0] = { ...first, location: { ...first.location, text } }
  }

  arrived(bytes: number): void {
    this.#bytes += bytes
  }

  #inspection(): Inspection {
    return {
      statements: this.#statements,
      bytes: this.#bytes,
      transactionProblems: this.#problems,
      onlyReads: this.#onlyReads && !this.#generates,
      usesResults: this.#variables.resultsUsed,
      recordings: [this.#recordings],
      generates: this.#generates,
      commands: this.#commands,
      reachesOut: this.#reachesOut || this.#commands,
    }
  }

  statement(statement: Statement): void {
    if (statement.empty) return
    this.#statements++
    if (this.#onlyReads) this.#onlyReads = onlyReads(statement)
    if (this.#interpreter.uncertain || this.#problems.length >= problemLimit) return
    const block = this.#blocks.follow(statement)
    if (block === 'inside') return
    if (block === 'begin') this.#blockAt = this.#problems.length
    if (block === 'commit') {
      // Its BEGIN is no problem.
      this.#problems.splice(this.#blockAt, 1)
      return
    }
    for (const part of statement.parts) {
      const control = transactionControl(part.words)
      if (control) this.#note('control', control.what, statement)
      else {
        const forbidden = forbiddenInTransaction(part, statement)
        // What hangs on the database is left to the server.
        if (forbidden?.certain) this.#note('forbidden', forbidden.what, statement)
      }
    }
  }

  #note(kind: TransactionProblem['kind'], what: string, where: Statement | MetaCommand): void {
    const location = where.kind === 'statement' ? placeOfStatement(where) : placeOf(where)
    this.#problems.push({ kind, what, location })
  }

  sendWith(command: MetaCommand, statement: Statement | undefined, words: readonly string[]): void {
    // What is prepared is run later.
    if (statement && (command.name === 'parse' || !runsNothing(command))) this.statement(statement)
    else if (command.name === 'gdesc') this.#statements++
    if (command.name === 'watch' && statement) refuseToWatch(statement)
    if (command.name === 'gexec') this.#generates = true
    if (command.name !== 'g' || words.length > 0) this.#commands = true
    if (command.name === 'gset') this.#variablesUnknown = true
    if (words.some((word) => word.startsWith('|'))) this.#refuseShell(command, `\\${command.name} |…`)
  }

  copyData(): void {
    this.hasData = true
  }

  copyEnd(): void {}

  async copy(
    command: MetaCommand,
    copy: { stream: string; direction: 'from' | 'to'; path: string | undefined },
  ): Promise<void> {
    this.#statements++
    if (copy.stream !== 'script') this.#reachesOut = true
    if (copy.direction === 'from') this.#onlyReads = false
    if (copy.stream === 'program') this.#refuseShell(command, '\\copy … program')
    if (copy.stream !== 'file' || copy.path === undefined) return
    if (copy.direction === 'to') this.#written.add(copy.path)
    else await this.#findData(copy.path)
  }

  async #findData(path: string): Promise<void> {
    if (this.#written.has(path)) return
    const data = await this.#files.read(path)
    this.#bytes += data.sizeBytes ?? 0
    // Only to see that it is there.
    await data[Symbol.asyncIterator]().return?.()
  }

  async largeObject({ name }: MetaCommand, [path, target]: readonly string[]): Promise<void> {
    this.#statements++
    if (!name.startsWith('lo_') || name.startsWith('lo_list')) return
    this.#commands = true
    if (name === 'lo_export' && target !== undefined) this.#written.add(target)
    if (name === 'lo_export') return
    this.#onlyReads = false
    if (name !== 'lo_import' || path === undefined) return
    await this.#findData(path)
    // LASTOID.
    this.#variablesUnknown = true
  }

  describe(): void {
    this.#statements++
  }

  print(): void {}

  echo(): void {}

  repeatError(): void {}

  async save(command: MetaCommand, target: string): Promise<void> {
    this.#commands = true
    if (target.startsWith('|')) this.#refuseShell(command, `\\${command.name} |…`)
  }

  async changeFolder(path: string | undefined): Promise<void> {
    await this.#files.changeFolder(path)
    // What is read behind it may be sought in the wrong folder.
    if (this.#interpreter.uncertain) this.#variablesUnknown = true
  }

  set(): void {}

  async redirect(command: MetaCommand, target: string | undefined): Promise<void> {
    this.#commands = true
    if (target?.startsWith('|')) this.#refuseShell(command, '\\o |…')
  }

  async connect(command: MetaCommand): Promise<void> {
    if (!this.#interpreter.uncertain && this.#problems.length < problemLimit)
      this.#note('connect', `\\${command.name}`, command)
    this.#onlyReads = false
  }

  encoding(): void {}

  timing(): void {}

  bind(): void {}

  async shell(command: MetaCommand, _line: string, capture: boolean): Promise<string> {
    this.#commands = true
    this.#refuseShell(command, capture ? 'What stands in backquotes' : '\\!')
    this.#variablesUnknown = true
    return ''
  }

  #refuseShell(command: MetaCommand, what: string): void {
    if (!this.#allowShell) throw shellRefused(command, what)
  }

  condition(command: MetaCommand, text: string): boolean | undefined {
    const unknown = /`/.test(command.arguments) || (command.arguments.includes(':') && this.#variablesUnknown)
    // A variable that is left as it stands is one of those that only a connection sets.
    if (unknown || text.includes(':')) return undefined
    try {
      return readCondition(command, text)
    } catch (error) {
      // Whether it is reached nobody knows; its block has to be followed all the same.
      if (error instanceof Failure && this.passesOver(error)) return undefined
      throw error
    }
  }

  /** After an error, the script goes on. */
  get #goesOn(): boolean {
    return !this.#inTransaction && !this.#variables.isOn('ON_ERROR_STOP')
  }

  passesOver({ code }: Failure): boolean {
    if (this.#interpreter.uncertain || (this.#goesOn && code === 'script_failed')) return true
    // A file may be named by what the database says; a command that is unknown stays so.
    return this.#variablesUnknown && code !== 'script_unsupported' && code !== 'refused'
  }

  enter(source: ScriptSource): void {
    this.#lines.note(source)
  }

  leave(): void {}
}

/** Says that a script wants to run a program, and how to let it. */
export function shellRefused(command: MetaCommand, what: string): Failure {
  return new Failure('refused', `${what} would run a program of this machine.`, {
    location: placeOf(command),
    hint: 'If you trust the script: --allow-shell',
  })
}
