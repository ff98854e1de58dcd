export * from './errors.ts'
export { readEnvironment, type Environment } from './config/environment.ts'
export { findProject, type Project } from './config/project.ts'
export { listTargets, resolveTarget, type ConfigValue, type Target } from './config/target.ts'
export { makeSettingsJsonSchema } from './config/settings.ts'
export { redactSecrets } from './config/url.ts'
export { inspectHoldings, type Holdings } from './guard/guard.ts'
export { describeTarget, openTarget, type OpenTarget } from './open.ts'
export { withMaintenance } from './operations/connections.ts'
export { createDatabase, createStatement } from './operations/create.ts'
export { dropDatabase, dropStatement, type Dropped } from './operations/drop.ts'
export { loadScript, readScript, type LoadedScript, type Script } from './operations/load.ts'
export { freeBytes, isIgnoredByGit } from './operations/doctor.ts'
export { listSessions, type Session } from './operations/sessions.ts'
export { prepareDatabase, setupDatabase } from './operations/setup.ts'
export { waitForServer, type Waited } from './operations/wait.ts'
export type { Address, Tls } from './postgres/address.ts'
export { connect, type Cluster, type Connection, type SessionOptions } from './postgres/connection.ts'
export { followServerLog, readServerLog } from './postgres/embedded/log.ts'
export {
  checkPrograms,
  inspectServer,
  removeServer,
  startServer,
  stopServer,
  type Server,
  type ServerState,
} from './postgres/embedded/server.ts'
export { findPsql, runPsql } from './postgres/psql.ts'
export type { Statement } from './script/statement.ts'
