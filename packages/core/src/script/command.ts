import { Failure } from '../errors.ts'
import type { Interpreter } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import type { Statement } from './statement.ts'

/** Runs a meta-command with its arguments, and the statement that it sends. */
export type Run = (
  interpreter: Interpreter,
  command: MetaCommand,
  words: readonly string[],
  statement: Statement | undefined,
) => void | Promise<void>

/** The first argument of a command. Throws `script_failed` when there is none. */
export function needed(command: MetaCommand, [word]: readonly string[], what: string): string {
  if (word === undefined) throw new Failure('script_failed', `\\${command.name} needs ${what}.`)
  return word
}
