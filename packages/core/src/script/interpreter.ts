import { Failure, type Location } from '../errors.ts'
import { type Argument, readArguments } from './arguments.ts'
import { isBranch } from './conditional.ts'
import { copy, findCommand, unknownCommand } from './find-command.ts'
import type { ScriptFiles, ScriptSource } from './files.ts'
import type { Host } from './host.ts'
import type { ScriptItem } from './items.ts'
import type { MetaCommand } from './metacommand.ts'
import { isSmall, type Recordings } from './recordings.ts'
import { Scanner } from './scan.ts'
import type { Statement } from './statement.ts'
import type { VariableStore } from './variable-store.ts'
import { readBoolean } from './variables.ts'

const noRecordings = { get: () => undefined }

/** How deep includes may be nested: more is a script that includes itself. */
const includeLimit = 64

/** An open `\if`. */
interface Block {
  readonly command: MetaCommand
  /** Both ways are followed, because nobody knows which one is taken. */
  readonly unknown: boolean
}

interface Reading {
  readonly source: ScriptSource
  readonly scanner: Scanner
  readonly blocks: Block[]
}

/** Reads scripts, does what is not the server's business, and gives the rest to its host. */
export class Interpreter {
  readonly variables: VariableStore
  readonly files: ScriptFiles
  readonly host: Host
  readonly #inTransaction: boolean
  readonly #countsData: boolean
  readonly #recorder: Recordings | undefined
  readonly #recordings: Pick<Recordings, 'get'>
  readonly #open: (source: ScriptSource) => AsyncIterable<Uint8Array>
  readonly #readings: Reading[] = []
  #standardStrings: boolean
  /** The key of `\restrict`, while it is in force. */
  #restriction: string | undefined
  #quits = false

  constructor(
    host: Host,
    variables: VariableStore,
    files: ScriptFiles,
    options: {
      inTransaction: boolean
      standardConformingStrings?: boolean
      /** Whether places behind COPY data matter. */
      countsData?: boolean
      /** Takes down what is read. */
      recorder?: Recordings
      /** Scripts that were taken down before, and need not be read again. */
      recordings?: Pick<Recordings, 'get'>
      /** How the bytes of a script are read. Default: as its source says. */
      open?: (source: ScriptSource) => AsyncIterable<Uint8Array>
    },
  ) {
    this.host = host
    this.variables = variables
    this.files = files
    this.#inTransaction = options.inTransaction
    this.#countsData = options.countsData ?? true
    this.#recorder = options.recorder
    this.#recordings = options.recordings ?? noRecordings
    this.#open = options.open ?? ((source) => source.open())
    this.#standardStrings = options.standardConformingStrings ?? true
  }

  /** Whether what comes is only run if a condition holds that is not known yet. */
  get uncertain(): boolean {
    return this.#readings.some(({ blocks }) => blocks.some(({ unknown }) => unknown))
  }

  /** `standard_conforming_strings` as the script has left it so far. */
  get standardConformingStrings(): boolean {
    return this.#readings.at(-1)?.scanner.standardConformingStrings ?? this.#standardStrings
  }

  /** Reads a script to its end, with all that it includes. Throws what the host throws, and failures of the script itself. */
  async read(source: ScriptSource, included?: MetaCommand): Promise<void> {
    if (this.#readings.length >= includeLimit) {
      throw new Failure('script_failed', `${source.name} is included more than ${includeLimit} levels deep.`, {
        ...(included && { location: placeOf(included) }),
        hint: 'Does it include itself?',
      })
    }
    const outer = this.#readings.at(-1)?.scanner
    const scanner = new Scanner({
      file: source.name,
      variables: this.variables,
      standardConformingStrings: outer?.standardConformingStrings ?? this.#standardStrings,
      inTransaction: this.#inTransaction,
      // What is taken down is run with its places.
      countsData: this.#countsData || isSmall(source),
    })
    const reading: Reading = { source, scanner, blocks: [] }
    this.#readings.push(reading)
    this.host.enter(source, included)
    try {
      await this.#readAll(reading)
    } finally {
      this.#readings.pop()
      if (outer) outer.standardConformingStrings = scanner.standardConformingStrings
      this.#standardStrings = scanner.standardConformingStrings
      this.host.leave(source)
    }
  }

  async #readAll(reading: Reading): Promise<void> {
    const { scanner, source } = reading
    const recording = this.#recordings.get(source)
    if (recording) {
      for (const item of recording) {
        const pause = this.#handle(reading, item)
        if (pause) await pause
      }
      return
    }
    for await (const chunk of this.#open(source)) {
      // Data is given on, and only data; what is taken down is kept.
      const passes = scanner.awaitsData && !isSmall(source)
      scanner.push(chunk)
      this.host.arrived(chunk.length)
      const onlyData = await this.#drain(reading)
      if (passes && onlyData && scanner.awaitsData) source.recycle?.(chunk)
      if (this.#quits) break
    }
    if (!this.#quits) {
      scanner.end()
      await this.#drain(reading)
      if (scanner.echoes && !this.#quits) this.host.echo(scanner.takeLines())
    }
    const open = this.#quits ? undefined : reading.blocks.at(-1)
    this.#quits = false
    if (open === undefined) return
    const failure = new Failure('script_failed', 'There is no \\endif for this \\if.', {
      location: placeOf(open.command),
    })
    if (!this.host.passesOver(failure)) throw failure
  }

  /** Handles what there is. Returns whether all of it was data of a COPY. */
  async #drain(reading: Reading): Promise<boolean> {
    const { scanner } = reading
    const { variables } = this
    let onlyData = true
    for (;;) {
      scanner.singleLine = variables.singleLine
      scanner.echoes = variables.echoesLines
      const item = scanner.next()
      if (item === undefined || this.#quits) break
      this.#recorder?.note(reading.source, item)
      if (scanner.echoes) this.host.echo(scanner.takeLines())
      onlyData &&= item.kind === 'copy-data' && !scanner.echoes
      const pause = this.#handle(reading, item)
      // Waiting costs time even where there is nothing to wait for.
      if (pause) await pause
    }
    return onlyData
  }

  #handle(reading: Reading, item: ScriptItem): void | Promise<void> {
    const { host } = this
    switch (item.kind) {
      case 'statement':
        return item.command === undefined ? host.statement(item) : this.#command(reading, item.command, item)
      case 'copy-data':
        return host.copyData(item)
      case 'copy-end':
        return host.copyEnd(item)
      case 'meta':
        return this.#command(reading, item, undefined)
    }
  }

  async #command(reading: Reading, command: MetaCommand, statement: Statement | undefined): Promise<void> {
    try {
      await this.#follow(reading, command, statement)
    } catch (error) {
      // Data that follows would be taken for statements.
      if (!(error instanceof Failure) || statement?.copyFromStdin || !this.host.passesOver(error)) throw error
      // Whether it is refused nobody knows there.
      if (this.uncertain) return
      reading.scanner.discardLine()
      if (statement !== undefined && command.name !== 'watch') reading.scanner.keepPending()
    }
  }

  /** Reads nothing more on this line, as psql does when a command has failed. */
  discardLine(): void {
    this.#readings.at(-1)?.scanner.discardLine()
  }

  async #follow(reading: Reading, command: MetaCommand, statement: Statement | undefined): Promise<void> {
    if (this.#restriction !== undefined) return this.#unrestrict(command)
    if (isBranch(command)) return this.#branch(reading, command)
    if (!command.active) return
    const run = findCommand(command.name)
    if (run === undefined) throw unknownCommand(command)
    const words = run === copy ? [] : await this.#words(command)
    try {
      await run(this, command, words, statement)
    } catch (error) {
      throw error instanceof Failure && error.location === undefined && error.sql === undefined
        ? error.with({ location: placeOf(command) })
        : error
    }
  }

  /** The arguments of a command, with what the shell says in the place of backquotes. */
  async #words(command: MetaCommand): Promise<string[]> {
    const words = []
    for (const argument of readArguments(command, this.variables)) words.push(await this.#word(command, argument))
    return words
  }

  async #word(command: MetaCommand, { text, shell }: Argument): Promise<string> {
    let result = text
    for (const { command: line, at } of [...shell].reverse()) {
      const output = await this.host.shell(command, line, true)
      result = result.slice(0, at) + output.replace(/\r?\n$/, '') + result.slice(at)
    }
    return result
  }

  async #branch({ scanner, blocks }: Reading, command: MetaCommand): Promise<void> {
    const { name } = command
    if (name === 'if' && scanner.active) {
      const condition = await this.#condition(command)
      blocks.push({ command, unknown: condition === undefined })
      if (condition !== undefined) scanner.branch(command, () => condition)
      return
    }
    const unknown = blocks.at(-1)?.unknown ?? false
    if (name === 'if') blocks.push({ command, unknown: false })
    else if (name === 'endif') blocks.pop()
    if (name !== 'if' && unknown) return
    const asksShell = name === 'elif' && command.arguments.includes('`') && !scanner.active
    const answered = asksShell ? await this.#condition(command) : undefined
    // Called where psql looks at it, too: what is wrong in it does not matter elsewhere.
    scanner.branch(command, () => answered ?? this.#conditionNow(command) ?? false)
  }

  #conditionNow(command: MetaCommand): boolean | undefined {
    const words = readArguments(command, this.variables).map(({ text }) => text)
    return this.host.condition(command, words.join(' '))
  }

  async #condition(command: MetaCommand): Promise<boolean | undefined> {
    const text = (await this.#words(command)).join(' ')
    return this.host.condition(command, text)
  }

  /** `\set` and `\unset`. Throws `script_failed` and `script_unsupported` for what cannot be. */
  setVariable(name: string, value: string | undefined): void {
    this.variables.set(name, value)
    this.checkVariables()
  }

  /** Throws `script_unsupported` for variables that mean nothing in one transaction. */
  checkVariables(): void {
    if (!this.#inTransaction) return
    const { commits, rollsBackErrors } = this.variables
    // Many scripts set it, and stop at an error all the same.
    if (commits && (!rollsBackErrors || this.variables.isOn('ON_ERROR_STOP'))) return
    const what = commits
      ? 'ON_ERROR_ROLLBACK goes on after an error'
      : 'AUTOCOMMIT off leaves it to the script to commit'
    throw new Failure('script_unsupported', `${what}, and the script runs in one transaction, all or nothing.`, {
      hint: 'Run it with --no-transaction.',
    })
  }

  restrict(key: string): void {
    this.#restriction = key
  }

  #unrestrict(command: MetaCommand): void {
    // Without variables or backquotes: what stands there is compared as it is.
    if (command.name === 'unrestrict' && command.arguments.trim() === this.#restriction) {
      this.#restriction = undefined
      return
    }
    const what =
      command.name === 'unrestrict'
        ? 'the key of \\unrestrict is not that of \\restrict'
        : `\\${command.name} is not allowed between \\restrict and \\unrestrict`
    throw new Failure('script_unsupported', `Backslash commands are restricted here: ${what}.`, {
      location: placeOf(command),
      hint: 'Somebody may have smuggled a command into the names or data of a dump.',
    })
  }

  /** `\i` and `\ir`. */
  async include(command: MetaCommand, path: string, relative: boolean): Promise<void> {
    const folder = relative ? this.#readings.at(-1)?.source.folder : undefined
    await this.read(await this.files.include(path, folder), command)
  }

  /** Ends the script that is being read, not those that include it. */
  async quit(): Promise<void> {
    // The inspection goes on: it may not come to this.
    if (this.uncertain) return
    const pending = this.#readings.at(-1)?.scanner.takePending()
    if (pending) await this.host.statement(pending)
    this.#quits = true
  }
}

/** Where a command stands. */
export function placeOf(where: MetaCommand | Statement): Location {
  return { file: where.file, line: where.start.line, column: where.start.column }
}

/** What `\if` takes an expression for. Throws `script_failed` where psql warns and goes on as if it were false. */
export function readCondition(command: MetaCommand, text: string): boolean {
  const value = readBoolean(text)
  if (value === undefined) {
    throw new Failure('script_failed', `\\${command.name} wants true or false, and "${text}" is neither.`, {
      location: placeOf(command),
    })
  }
  return value
}
