import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../errors.ts'
import { systemShell } from '../script-shell.ts'
import { Surroundings } from '../surroundings.ts'
import { fileKeeper } from './keep-file.ts'
import type { PasswordKeeper } from './password.ts'

/**
 * Gives a password to a command of this machine, on its standard input: the door of a secret store. It is given only when the server
 * has it, so that a store never holds one that does not work; until then, and if the command fails, it is in a file that nobody else can
 * read. Throws `script_failed` when the command fails, and then says where that file is.
 */
export function commandKeeper(command: string, folder: string): PasswordKeeper {
  return {
    async keep(password) {
      const aside = await mkdtemp(join(tmpdir(), 'pgrig-password-'))
      const file = join(aside, 'password')
      const clear = () => rm(aside, { recursive: true, force: true })
      await fileKeeper(file)
        .keep(password)
        .catch(async (error: unknown) => {
          await clear()
          throw error
        })
      return {
        place: null,
        undo: clear,
        async settle() {
          try {
            const store = await systemShell(new Surroundings(folder)).write(command)
            store.write(password)
            await store.close()
          } catch (error) {
            if (!(error instanceof Failure)) throw error
            throw error.with({
              state: `The role has its new password. The store has not: it is in ${file}.`,
              hint: `Store it by hand, then delete ${aside}.`,
            })
          }
          await clear()
        },
      }
    },
  }
}
