import { Failure } from '../errors.ts'
import { needed, type Run } from './command.ts'

const print: Run = ({ host, variables }, { buffer = '' }) => {
  if (buffer !== '') host.print('output', `${buffer}\n`)
  else if (!variables.quiet) host.print('output', 'Query buffer is empty.\n')
}

const write: Run = ({ host }, command, words) => {
  const { buffer = '' } = command
  return host.save(command, needed(command, words, 'a file'), buffer === '' ? '' : `${buffer}\n`)
}

/** The scanner has emptied it. */
const reset: Run = ({ host, variables }) => {
  if (!variables.quiet) host.print('output', 'Query buffer reset (cleared).\n')
}

/** psql keeps a history only of what a person types: in a script it prints a blank line, and writes no file. */
const showHistory: Run = ({ host }, command, [file]) => {
  if (file === undefined) return host.print('output', '\n')
  throw new Failure('script_failed', `\\${command.name}: a script has no history that could be written to ${file}.`)
}

/** Commands about the query buffer, that is, the text of the statement under way. */
export const bufferCommands: readonly (readonly [string, Run])[] = [
  ['p', print],
  ['print', print],
  ['w', write],
  ['write', write],
  ['r', reset],
  ['reset', reset],
  ['s', showHistory],
]
