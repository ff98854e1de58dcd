import type { Failure } from '../errors.ts'
import type { CopyCommand } from './copy.ts'
import type { ScriptSource } from './files.ts'
import type { CopyData, CopyEnd } from './items.ts'
import type { MetaCommand } from './metacommand.ts'
import type { Statement } from './statement.ts'

/** Where a script's output goes: the results, our own standard output, or standard error. */
export type Stream = 'results' | 'output' | 'error'

/** What follows a script: it is looked through before the start, and then run. */
export interface Host {
  statement(statement: Statement): void | Promise<void>
  /** `\g` and its kin. Without a statement the last one is sent again. */
  sendWith(command: MetaCommand, statement: Statement | undefined, words: readonly string[]): void | Promise<void>
  /** When it returns, or what it returns resolves, the data may be written over. */
  copyData(data: CopyData): void | Promise<void>
  copyEnd(end: CopyEnd): void | Promise<void>
  /** `\copy`. Data in the script follows as `copyData`. */
  copy(command: MetaCommand, copy: CopyCommand): void | Promise<void>
  /** `\d` and its kin, `\l`, `\sf`, `\sv`, `\conninfo`: with the arguments, their variables put in. */
  describe(command: MetaCommand, words: readonly string[]): void | Promise<void>
  /** `\lo_import` and its kin. */
  largeObject(command: MetaCommand, words: readonly string[]): void | Promise<void>
  print(stream: Stream, text: string): void
  /** `\set ECHO all`: lines of the script, before anything of them is done. */
  echo(lines: string): void
  /** `\w`: writes the query buffer to a file or a program. */
  save(command: MetaCommand, target: string, text: string): Promise<void>
  /** `\errverbose`. */
  repeatError(): void
  /** `\cd`; undefined is the user's home. */
  changeFolder(path: string | undefined): Promise<void>
  /** `\pset` and its shorter forms. */
  set(command: MetaCommand, name: string | undefined, value: string | undefined): void
  /** `\o`: undefined is back to standard output. */
  redirect(command: MetaCommand, target: string | undefined): Promise<void>
  connect(command: MetaCommand, words: readonly string[]): Promise<void>
  /** `\encoding`. */
  encoding(command: MetaCommand, name: string | undefined): void | Promise<void>
  timing(on: boolean | undefined): void
  /** `\bind`: values for the next statement. `\bind_named`: for the prepared one of that name. */
  bind(values: readonly string[], name: string | undefined): void
  /** `\!`, and what stands in backquotes. Returns what the command wrote. */
  shell(command: MetaCommand, line: string, capture: boolean): Promise<string>
  /** What an expression of `\if` says; undefined: that is not known before the script runs. */
  condition(command: MetaCommand, text: string): boolean | undefined
  /** Whether a failure of a command is passed over, since it may never be reached. */
  passesOver(failure: Failure): boolean
  /** A script begins, the first one or one that a command includes. */
  enter(source: ScriptSource, included?: MetaCommand): void
  leave(source: ScriptSource): void
  /** So many more bytes of the script have come. */
  arrived(bytes: number): void
}
