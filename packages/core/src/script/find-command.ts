import { Failure } from '../errors.ts'
import type { Run } from './command.ts'
import { metaCommands, refusedCommands } from './commands.ts'
import { parseCopy } from './copy.ts'
import type { Interpreter } from './interpreter.ts'
import { commandSyntax, type MetaCommand } from './metacommand.ts'

/** What runs a command; undefined for what is unknown or refused. */
export function findCommand(name: string): Run | undefined {
  return metaCommands.get(name) ?? (name.toLowerCase() === 'copy' ? copy : isDescribe(name) ? describe : undefined)
}

/** The commands that only look at what is there. */
function isDescribe(name: string): boolean {
  return commandSyntax(name) !== undefined && /^(?:d|l(?!o_)|z|s[fv]\+?$|conninfo$)/.test(name)
}

async function describe(interpreter: Interpreter, command: MetaCommand, words: readonly string[]): Promise<void> {
  await interpreter.host.describe(command, words)
}

/** `\copy`, which reads its arguments itself. */
export async function copy(interpreter: Interpreter, command: MetaCommand): Promise<void> {
  await interpreter.host.copy(command, parseCopy(command))
}

/** Says why a command is not run. */
export function unknownCommand(command: MetaCommand): Failure {
  const { name } = command
  const known = commandSyntax(name) !== undefined
  const why = refusedCommands.get(name)
  const message =
    why !== undefined
      ? `\\${name} ${why}.`
      : known
        ? `\\${name} is a command of psql that pgrig cannot run.`
        : `There is no command \\${name}.`
  return new Failure('script_unsupported', message, {
    location: { file: command.file, line: command.start.line, column: command.start.column },
    ...(known && { hint: 'Run this script with psql, or take the command out.' }),
  })
}
