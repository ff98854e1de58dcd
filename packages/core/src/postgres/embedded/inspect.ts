import { dataMajor } from './initialize.ts'
import { findPlace } from './place.ts'
import { findPackage, preparePrograms } from './platform.ts'
import { findServer, type Server } from './server.ts'
import { chooseServerUser } from './user.ts'

/** What is known of a project's server that does not run. */
export interface ServerState {
  running: Server | undefined
  dataFolder: string
  /** Major version of the data; undefined: there is none yet. */
  dataMajor: number | undefined
  logFile: string
  /** Version that the installed programs have. */
  version: string
  major: number
}

/** Describes the project's server, running or not. */
export async function inspectServer(projectFolder: string): Promise<ServerState> {
  const place = await findPlace(projectFolder)
  const { version, major } = await findPackage()
  return {
    running: await findServer(projectFolder),
    dataFolder: place.data,
    dataMajor: await dataMajor(place),
    logFile: place.log,
    version,
    major,
  }
}

/** Finds the programs and the user that the project's server would run with. Starts nothing. */
export async function checkPrograms(
  projectFolder: string,
): Promise<{ postgres: string; version: string; user: string }> {
  const place = await findPlace(projectFolder)
  const user = await chooseServerUser(place.data, place.projectFolder)
  const { postgres, version } = await preparePrograms(user)
  return { postgres, version, user: user.name }
}
