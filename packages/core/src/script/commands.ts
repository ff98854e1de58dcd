import { Failure } from '../errors.ts'
import { unquoteIdentifier } from './arguments.ts'
import { needed, type Run } from './command.ts'
import { bufferCommands } from './commands-buffer.ts'
import { helpCommands } from './commands-help.ts'
import { surroundingsCommands } from './commands-surroundings.ts'
import type { Interpreter } from './interpreter.ts'
import type { MetaCommand } from './metacommand.ts'
import { pipelineCommands } from './pipeline-commands.ts'
import type { Statement } from './statement.ts'
import { readBoolean } from './variables.ts'

/** What a meta-command does, by its name. `\if` and its kin, `\copy` and `\restrict` are the interpreter's own. */
export const metaCommands: ReadonlyMap<string, Run> = new Map<string, Run>([
  ['i', include(false)],
  ['include', include(false)],
  ['ir', include(true)],
  ['include_relative', include(true)],
  ['q', (interpreter) => interpreter.quit()],
  ['quit', (interpreter) => interpreter.quit()],
  ['set', set],
  ['unset', (interpreter, command, words) => interpreter.setVariable(needed(command, words, 'a name'), undefined)],
  ['echo', echo('output')],
  ['qecho', echo('results')],
  ['warn', echo('error')],
  ['g', sendWith],
  ['gx', sendWith],
  ['gset', sendWith],
  ['gexec', sendWith],
  ['gdesc', sendWith],
  ['watch', sendWith],
  ['crosstabview', sendWith],
  ['parse', sendWith],
  ['close_prepared', sendWith],
  ['sendpipeline', sendWith],
  ...[...pipelineCommands].map((name) => [name, sendWith] as const),
  ['bind', (interpreter, _command, words) => interpreter.host.bind(words, undefined)],
  ['bind_named', bindNamed],
  ...['lo_import', 'lo_export', 'lo_unlink', ...withSuffixes('lo_list'), ...withSuffixes('dl')].map(
    (name) => [name, largeObject] as const,
  ),
  ['restrict', (interpreter, command, words) => interpreter.restrict(needed(command, words, 'a key'))],
  ['connect', connect],
  ['c', connect],
  ['o', redirect],
  ['out', redirect],
  ['encoding', (interpreter, command, [name]) => interpreter.host.encoding(command, name)],
  ['timing', timing],
  ['pset', (interpreter, command, [name, value]) => interpreter.host.set(command, name, value)],
  ['x', setting('expanded')],
  ['t', setting('tuples_only')],
  ['a', (interpreter, command) => interpreter.host.set(command, 'align', undefined)],
  ['f', setting('fieldsep')],
  ['C', setting('title')],
  ['T', setting('tableattr')],
  ['H', (interpreter, command) => interpreter.host.set(command, 'html', undefined)],
  ['html', (interpreter, command) => interpreter.host.set(command, 'html', undefined)],
  ['!', shell],
  ['errverbose', (interpreter) => interpreter.host.repeatError()],
  ...bufferCommands,
  ...surroundingsCommands,
  ...helpCommands,
])

/** Commands of psql that are left out on purpose, and why. */
export const refusedCommands: ReadonlyMap<string, string> = new Map([
  ...['e', 'edit', 'ef', 'ev'].map((name) => [name, 'opens an editor, which a script has none of'] as const),
  ...['password', 'prompt'].map((name) => [name, 'asks a person, and a script runs without one'] as const),
  ...['h', 'help'].map((name) => [name, 'shows the syntax of SQL, which is in the manual of PostgreSQL'] as const),
  ['unrestrict', 'has no \\restrict before it'],
])

function withSuffixes(name: string): string[] {
  return ['', '+', 'x', 'x+', '+x'].map((suffix) => `${name}${suffix}`)
}

function largeObject(interpreter: Interpreter, command: MetaCommand, words: readonly string[]): void | Promise<void> {
  return interpreter.host.largeObject(command, words)
}

function include(relative: boolean): Run {
  return (interpreter, command, words) => interpreter.include(command, needed(command, words, 'a file'), relative)
}

function set(interpreter: Interpreter, _command: MetaCommand, [name, ...values]: readonly string[]): void {
  const { variables, host } = interpreter
  if (name !== undefined) return interpreter.setVariable(name, values.join(''))
  for (const each of variables.names().sort()) host.print('output', `${each} = '${variables.get(each) ?? ''}'\n`)
}

function echo(stream: 'output' | 'results' | 'error'): Run {
  return (interpreter, command, words) => {
    const [, ...rest] = words
    // In quotes it is a word like any other.
    const text = /^\s*-n(?![^\s\\])/.test(command.arguments) ? rest.join(' ') : `${words.join(' ')}\n`
    interpreter.host.print(stream, text)
  }
}

function sendWith(
  interpreter: Interpreter,
  command: MetaCommand,
  words: readonly string[],
  statement: Statement | undefined,
): void | Promise<void> {
  return interpreter.host.sendWith(command, statement, words)
}

function bindNamed(interpreter: Interpreter, command: MetaCommand, words: readonly string[]): void {
  const [name, ...values] = words
  interpreter.host.bind(values, name ?? needed(command, words, 'the name of a statement'))
}

function connect(interpreter: Interpreter, command: MetaCommand, words: readonly string[]): Promise<void> {
  // psql takes the quotes of an identifier off these, and leaves capitals alone.
  return interpreter.host.connect(
    command,
    words.map((word) => unquoteIdentifier(word, false)),
  )
}

function redirect(interpreter: Interpreter, command: MetaCommand, words: readonly string[]): Promise<void> {
  return interpreter.host.redirect(command, words[0])
}

function timing(interpreter: Interpreter, command: MetaCommand, [word]: readonly string[]): void {
  const on = word === undefined ? undefined : readBoolean(word)
  if (word !== undefined && on === undefined) {
    throw new Failure('script_failed', `\\${command.name} wants on or off, and "${word}" is neither.`)
  }
  interpreter.host.timing(on)
}

function setting(name: string): Run {
  return (interpreter, command, [value]) => interpreter.host.set(command, name, value)
}

async function shell(interpreter: Interpreter, command: MetaCommand): Promise<void> {
  await interpreter.host.shell(command, command.arguments.trim(), false)
}
