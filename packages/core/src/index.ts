export * from './errors.ts'
export { readEnvironment, type Environment } from './config/environment.ts'
export { findProject, type Project } from './config/project.ts'
export { embeddedTarget, listTargets, resolveTarget, type ConfigValue, type Target } from './config/target.ts'
export { makeSettingsJsonSchema } from './config/settings.ts'
export { redactSecrets } from './config/redact.ts'
export { inspectHoldings, type Holdings } from './guard/guard.ts'
export { describeTarget, openTarget, type OpenTarget } from './open.ts'
export { withMaintenance } from './operations/connections.ts'
export { logChange, type LoggedChange } from './change-log.ts'
export { createDatabase, createStatement } from './operations/create.ts'
export { dropDatabase, dropStatement, type Dropped } from './operations/drop.ts'
export {
  inspectScript,
  loadScript,
  readScript,
  type LoadedScript,
  type LoadOptions,
  type Script,
} from './operations/load.ts'
export {
  inspect,
  refuseProblems,
  runScript,
  runScripts,
  type RanScripts,
  type RunScriptOptions,
} from './operations/run-script.ts'
export { fileSource, spoolSource, textSource } from './operations/script-files.ts'
export { streamOutput } from './operations/script-output.ts'
export { freeBytes, isIgnoredByGit } from './operations/doctor.ts'
export { listSessions, type Session } from './operations/sessions.ts'
export {
  dumpSchema,
  type DumpDestination,
  type DumpedSchema,
  type DumpSchemaOptions,
} from './operations/schema-dump.ts'
export { diffSchemas, diffScript, type DiffSide, type SchemaDifference } from './operations/schema-diff.ts'
export { findMigrationTable, type RowsToInsert } from './catalog/rows.ts'
export type { Schema, SchemaObject } from './catalog/model.ts'
export { protectDatabase } from './operations/protect.ts'
export { prepareDatabase, setupDatabase } from './operations/setup.ts'
export { waitForServer, type Waited } from './operations/wait.ts'
export type { Address, Tls } from './postgres/address.ts'
export { connect, type Cluster, type Connection, type SessionOptions } from './postgres/connection.ts'
export { checkPrograms, inspectServer, type ServerState } from './postgres/embedded/inspect.ts'
export { followServerLog, readServerLog } from './postgres/embedded/log.ts'
export { removeServer, startServer, stopServer, type Server } from './postgres/embedded/server.ts'
export { findPsql, runPsql } from './postgres/psql.ts'
export { readPrintSettings } from './operations/run-script.ts'
export type { PrintSettings } from './print/settings.ts'
export type { ResultSet, ScriptTally } from './script/answers.ts'
export type { ScriptEvents, ScriptNotice, StatementEvent } from './script/events.ts'
export type { ScriptOutput, ScriptSource } from './script/files.ts'
export type { Inspection } from './script/inspect.ts'
