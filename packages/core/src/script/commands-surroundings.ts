import { Failure } from '../errors.ts'
import { needed, type Run } from './command.ts'

const changeFolder: Run = ({ host }, _command, [path]) => host.changeFolder(path)

const setVariable: Run = ({ files }, command, words) => {
  const name = needed(command, words, 'the name of a variable of the environment')
  if (name.includes('=')) throw new Failure('script_failed', `\\${command.name}: the name "${name}" has "=" in it.`)
  files.setEnvironmentVariable(name, words[1])
}

const getVariable: Run = ({ files, variables }, command, [name, variable]) => {
  if (name === undefined || variable === undefined) {
    throw new Failure('script_failed', `\\${command.name} needs a name and a variable of the environment.`)
  }
  const value = files.environmentVariable(variable)
  if (value !== undefined) variables.set(name, value)
}

/** Commands about the folder and the environment of the script. */
export const surroundingsCommands: readonly (readonly [string, Run])[] = [
  ['cd', changeFolder],
  ['setenv', setVariable],
  ['getenv', getVariable],
]
