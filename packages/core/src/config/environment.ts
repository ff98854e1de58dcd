import { networkInterfaces, homedir, userInfo } from 'node:os'
import { Failure } from '../errors.ts'

/** All that is read from outside the project's files. Tests make their own. */
export interface Environment {
  variables: Record<string, string | undefined>
  /** The user's home folder. */
  home: string
  /** The current folder. */
  folder: string
  /** The IP addresses of this machine. */
  readonly hostAddresses: string[]
  /** What the operating system calls the user; it need not know a name. */
  readonly userName?: string | undefined
}

/** Reads the environment of this process; `folder` takes the place of the current one. */
export function readEnvironment(folder = readFolder()): Environment {
  return {
    variables: process.env,
    home: readHome(),
    folder,
    // Asked only where they matter: looking the user up can take longer than all else.
    get hostAddresses() {
      return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))
    },
    get userName() {
      return readUserName()
    },
  }
}

function readHome(): string {
  try {
    return homedir()
  } catch {
    // In containers a user can be a number without a home.
    return '/'
  }
}

function readFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new Failure('file_missing', 'The current folder does not exist any more.', {
      cause,
      hint: 'Go to another folder.',
    })
  }
}

function readUserName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    // In containers a user can be a number that /etc/passwd does not have.
    return undefined
  }
}
