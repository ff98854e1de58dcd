import { basename, dirname, resolve } from 'node:path'
import {
  commandKeeper,
  Failure,
  fileKeeper,
  isIgnoredByGit,
  noKeeper,
  passwordFileKeeper,
  type PasswordKeeper,
  type Proof,
  readEnvironment,
  type Target,
} from '@pgrig/core'
import type { Tools } from './command.ts'
import { flag } from './flag.ts'
import type { Screen } from './screen.ts'

/** Where a new password goes. */
export const passwordFlags = {
  to: flag.string('Write the password to this new file, which nobody else can read', 'FILE'),
  pgpass: flag.boolean('Put it into the password file that psql and pgrig read: PGPASSFILE, or ~/.pgpass'),
  store: flag.string('Give it to this command, on its standard input: the door of a secret store', 'COMMAND'),
  print: flag.boolean('Print it, once, as all that there is on stdout'),
  force: flag.boolean('Overwrite the file of --to', { short: 'f' }),
}

interface PasswordValues {
  to: string | undefined
  pgpass: boolean
  store: string | undefined
  print: boolean
  force: boolean
}

/** Finds out where the new password of a role is to go. Throws `usage` unless exactly one place is named. */
export async function choosePlace(
  { to, pgpass, store, print, force }: PasswordValues,
  tools: Tools,
  target: Target,
  address: { host: string; port: number; database: string },
): Promise<(role: string) => PasswordKeeper> {
  const given = [
    to !== undefined && '--to',
    pgpass && '--pgpass',
    store !== undefined && '--store',
    print && '--print',
  ].filter((name) => name !== false)
  if (given.length > 1) throw new Failure('usage', `${given.join(' and ')} exclude each other.`)
  if (force && to === undefined) throw new Failure('usage', '--force is about the file of --to.')
  if (to !== undefined) return () => fileKeeper(resolve(tools.folder, to), { overwrite: force })
  if (store !== undefined) return () => commandKeeper(store, tools.folder)
  if (print) return () => noKeeper
  if (!pgpass) {
    throw new Failure('usage', 'Nothing says where the new password goes.', {
      hint: 'Add --to FILE, --pgpass, --store COMMAND or --print.',
    })
  }
  const { folder } = await tools.project()
  return passwordFileKeeper(readEnvironment(tools.folder), folder, { ...address, database: target.database })
}

/** Says so when the next commit would take a password along. */
export async function warnOfGit(place: string | null, tools: Tools): Promise<void> {
  if (place === null || (await isIgnoredByGit(dirname(place), basename(place))) !== false) return
  tools.note(`git does not ignore ${tools.nameFile(place)}: add it to .gitignore, or move it out of the project.`)
}

/** What a person is told of a password that was set. With --print it alone is on stdout. */
export function showPassword(
  { role, password, place, proof }: { role: string; password?: string; place: string | null; proof: Proof },
  screen: Screen,
  store?: string,
): void {
  const proven = proof.proven
    ? 'Logging in with it works.'
    : `Whether it works could not be seen: ${proof.why ?? 'nobody asked'}.`
  if (password !== undefined) {
    screen.note(proven)
    screen.line(password)
    return
  }
  const where = store === undefined ? `is in ${place ?? 'no file'}` : `was given to ${store}`
  screen.line(`The password of ${role} ${where}. ${proven}`)
}
