import { isUtf8 } from 'node:buffer'
import type { Failure, Location } from '../errors.ts'
import type { Deed } from '../guard/deed.ts'
import { readDeeds } from '../guard/destruction.ts'
import type { Parser } from '../guard/parser.ts'
import type { CopyCommand } from '../script/copy.ts'
import { locateByte } from '../script/failure-place-body.ts'
import type { ScriptFiles, ScriptSource } from '../script/files.ts'
import type { Host } from '../script/host.ts'
import { Interpreter, placeOf, readCondition } from '../script/interpreter.ts'
import type { MetaCommand } from '../script/metacommand.ts'
import type { Recordings } from '../script/recordings.ts'
import type { Statement } from '../script/statement.ts'
import { VariableStore } from '../script/variable-store.ts'

/** What a script does at a place. */
export interface Step {
  readonly deed: Deed
  readonly location: Location
  /** Whether it is run hangs on what the database will say. */
  readonly uncertain: boolean
  /** The steps of the body of a routine that it creates. */
  readonly body: readonly Step[]
}

export interface StepOptions {
  readonly variables: Iterable<readonly [string, string]>
  readonly inTransaction: boolean
  readonly standardConformingStrings: boolean
  /** What was read before: it is what will be run. */
  readonly recordings: readonly Recordings[]
  /** Settings of one script are forgotten before the next. */
  readonly resetBetween: boolean
}

/** Reads what scripts do, with all that they include, in order. Nothing is run. Throws what is wrong with the scripts. */
export async function readSteps(
  sources: readonly ScriptSource[],
  files: ScriptFiles,
  parser: Parser,
  options: StepOptions,
): Promise<{ steps: readonly Step[]; stopsOnError: boolean }> {
  const reader = new StepReader(files, parser, options)
  for (const source of sources) {
    await reader.interpreter.read(source)
    if (options.resetBetween) reader.reset(source)
  }
  return { steps: reader.steps, stopsOnError: options.inTransaction || reader.stopsOnError }
}

/** Variables that notice when a script sets them where nobody knows whether it comes there. */
class WatchedVariables extends VariableStore {
  onSet: () => void = () => {}

  override set(name: string, value: string | undefined): void {
    super.set(name, value)
    this.onSet?.()
  }
}

class StepReader implements Host {
  readonly steps: Step[] = []
  readonly interpreter: Interpreter
  /** ON_ERROR_STOP was on all the time. */
  stopsOnError = true
  readonly #parser: Parser
  readonly #files: ScriptFiles
  readonly #variables: WatchedVariables
  readonly #calls = new Set<string>()
  /** The database has had a say in where files are looked for. */
  #folderUnknown = false
  /** The database has had a say in the variables. */
  #variablesUnknown = false
  /** `\bind_named` stands before the next statement. */
  #named = false

  constructor(files: ScriptFiles, parser: Parser, options: StepOptions) {
    this.#parser = parser
    this.#files = files
    this.#variables = new WatchedVariables(options.variables)
    this.interpreter = new Interpreter(this, this.#variables, files, {
      inTransaction: options.inTransaction,
      standardConformingStrings: options.standardConformingStrings,
      recordings: { get: (source) => options.recordings.map((each) => each.get(source)).find((items) => items) },
    })
    this.#variables.onSet = () => (this.#variablesUnknown ||= this.interpreter.uncertain)
  }

  statement(statement: Statement): void {
    this.#follow(statement)
    if (statement.empty) return
    this.stopsOnError &&= this.#variables.isOn('ON_ERROR_STOP')
    const { bytes } = statement
    const utf8 = isUtf8(bytes)
    // In another encoding a character is a byte, as far as places go.
    const text = bytes.toString(utf8 ? 'utf8' : 'latin1')
    const locate = (offset: number) =>
      locateByte(statement, utf8 ? offset : Buffer.from(text).toString('utf8', 0, offset).length)
    const first = () => locate(bytes.length - bytes.toString('latin1').trimStart().length)
    if (
      this.#variablesUnknown &&
      (statement.runs.some(({ value }) => value !== undefined) || /(?<!:):["'{]?\w/.test(text))
    )
      this.#unknown('holds a variable that the database has a say in', first())
    if (!this.interpreter.standardConformingStrings && text.includes("\\'"))
      this.#unknown('holds a backslash before a quote while standard_conforming_strings is off', first())
    // In some encodings a backslash is half of a character.
    if (!utf8 && /[\x80-\xff]\\/.test(text))
      this.#unknown('is not written in UTF-8, and holds what may be a backslash or not', first())
    for (const deed of readDeeds(this.#parser, text)) {
      if (
        !utf8 &&
        deed.kind === 'destroys' &&
        /[^\0-\x7f]/.test(`${deed.object?.schema}${deed.object?.name}${deed.column}`)
      )
        this.#unknown(`${deed.action} something whose name is not written in UTF-8`, locate(deed.offset))
      else this.#note(deed, locate)
    }
  }

  /** As between scripts that know nothing of each other. */
  reset({ name: file }: ScriptSource): void {
    const deed: Deed = { kind: 'sets search_path', path: undefined, local: false, offset: 0 }
    this.#note(deed, () => ({ file, line: 1, column: 1 }))
  }

  #note(deed: Deed, locate: (offset: number) => Location): void {
    // Where a function is called first is enough, until there is another one of its name.
    if (deed.kind === 'creates routine') this.#calls.clear()
    if (deed.kind === 'calls') {
      const key = JSON.stringify(deed.routine)
      if (this.#calls.has(key)) return
      this.#calls.add(key)
    }
    this.steps.push(this.#stepOf(deed, locate))
  }

  #stepOf(deed: Deed, locate: (offset: number) => Location): Step {
    const { file, line, column } = locate(deed.offset)
    const body = deed.kind === 'creates routine' ? deed.deeds.map((inner) => this.#stepOf(inner, locate)) : []
    return { deed, location: { file, line, column }, uncertain: this.interpreter.uncertain, body }
  }

  #unknown(why: string, where: Location | MetaCommand): void {
    const location = 'kind' in where ? placeOf(where) : where
    this.#note({ kind: 'unknown', why, offset: 0 }, () => location)
  }

  /** `\bind_named`: what is sent now is what has that name, whatever is written here. */
  #follow(where: Statement | MetaCommand): void {
    if (this.#named) this.#unknown('runs a prepared statement (\\bind_named)', placeOf(where))
    this.#named = false
  }

  sendWith(command: MetaCommand, statement: Statement | undefined): void {
    if (statement) this.statement(statement)
    else this.#follow(command)
    if (command.name === 'gexec') this.#unknown('runs statements that the database makes (\\gexec)', command)
    if (command.name === 'gset') this.#variablesUnknown = true
  }

  copyData(): void {}

  copyEnd(): void {}

  copy(command: MetaCommand, { what, direction, stream, options }: CopyCommand): void {
    const text = `copy ${what} ${direction === 'from' ? 'from stdin' : 'to stdout'} ${options}`
    for (const deed of readDeeds(this.#parser, text)) this.#note(deed, () => placeOf(command))
    if (stream === 'program') this.#unknown('runs a program of this machine', command)
  }

  describe(): void {}

  print(): void {}

  echo(): void {}

  async save(command: MetaCommand, target: string): Promise<void> {
    if (target.startsWith('|')) this.#unknown('runs a program of this machine', command)
  }

  repeatError(): void {}

  async changeFolder(path: string | undefined): Promise<void> {
    await this.#files.changeFolder(path)
    this.#folderUnknown ||= this.interpreter.uncertain || this.#variablesUnknown
  }

  set(): void {}

  async redirect(command: MetaCommand, target: string | undefined): Promise<void> {
    if (target?.startsWith('|')) this.#unknown('runs a program of this machine', command)
  }

  async connect(command: MetaCommand): Promise<void> {
    this.#unknown('goes on in another session, perhaps in another database', command)
  }

  encoding(): void {}

  timing(): void {}

  bind(_values: readonly string[], name: string | undefined): void {
    this.#named = name !== undefined
  }

  largeObject(command: MetaCommand, [oid]: readonly string[]): void {
    if (command.name !== 'lo_unlink') return
    this.#unknown(`removes the large object ${oid ?? ''}`.trimEnd(), command)
  }

  async shell(command: MetaCommand): Promise<string> {
    this.#unknown('runs a program of this machine', command)
    this.#variablesUnknown = true
    return ''
  }

  condition(command: MetaCommand, text: string): boolean | undefined {
    const unknown = command.arguments.includes('`') || (command.arguments.includes(':') && this.#variablesUnknown)
    // A variable that is left as it stands is set by an answer.
    return unknown || text.includes(':') ? undefined : readCondition(command, text)
  }

  passesOver(failure: Failure): boolean {
    const { location, message } = failure
    if (location === undefined) return false
    this.#unknown(`cannot be looked into: ${message}`, location)
    return true
  }

  enter(_source: ScriptSource, included?: MetaCommand): void {
    if (included === undefined) return
    if (this.#folderUnknown || (this.#variablesUnknown && included.arguments.includes(':')))
      this.#unknown('includes a file that the database has a say in', included)
  }

  leave(): void {}

  arrived(): void {}
}
