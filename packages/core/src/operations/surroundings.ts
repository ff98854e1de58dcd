import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Failure, systemErrorCode } from '../errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The folder and the environment of a running script, which `\cd` and `\setenv` change. Those of this process stay. */
export class Surroundings {
  /** What names of files are relative to. */
  folder: string
  #environment: Environment
  #changed = false

  constructor(folder = '.', environment: Environment = {}) {
    this.folder = folder
    this.#environment = environment
  }

  /** The environment for programs, when the script has changed it. */
  get programEnvironment(): Environment | undefined {
    return this.#changed ? this.#environment : undefined
  }

  variable(name: string): string | undefined {
    return this.#environment[name]
  }

  setVariable(name: string, value: string | undefined): void {
    this.#environment = { ...this.#environment, [name]: value }
    this.#changed = true
  }

  /** Throws `file_missing` or `permission`, and then stays where it is. */
  async changeFolder(path = this.variable('HOME')): Promise<void> {
    if (path === undefined) throw new Failure('file_missing', 'There is no home folder: HOME is not set.')
    const folder = resolve(this.folder, path)
    try {
      if (!(await stat(folder)).isDirectory()) throw new Failure('file_missing', `${path} is not a folder.`)
      await access(folder, constants.X_OK)
    } catch (cause) {
      const code = systemErrorCode(cause)
      if (code === 'EACCES') throw new Failure('permission', `The folder ${path} may not be entered.`, { cause })
      if (code !== undefined && !(cause instanceof Failure)) {
        throw new Failure('file_missing', `There is no folder ${path}.`, { cause })
      }
      throw cause
    }
    this.folder = folder
  }
}
