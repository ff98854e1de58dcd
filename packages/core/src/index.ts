export * from './errors.ts'
export { rdsAuthToken, type RdsLogin } from './aws/auth-token.ts'
export { rdsClientConfig, type RdsAddress, type RdsClientConfig } from './aws/client-config.ts'
export { readDatabaseSecret, type DatabaseSecret, type SecretOptions } from './aws/secret.ts'
export { readDotenv } from './config/dotenv.ts'
export { readEnvironment, type Environment } from './config/environment.ts'
export { findProject, type Project } from './config/project.ts'
export { passwordFileKeeper } from './config/password-file-entry.ts'
export { embeddedTarget, listTargets, resolveTarget, type ConfigValue, type Target } from './config/target.ts'
export type { RdsWish } from './config/rds-target.ts'
export { makeSettingsJsonSchema } from './config/settings.ts'
export { redactSecrets } from './config/redact.ts'
export { isEmptyDatabase } from './catalog/objects.ts'
export { inspectHoldings, type Holdings } from './guard/guard.ts'
export { describeTarget, openTarget, type OpenTarget } from './open.ts'
export {
  connectMaintenance,
  connectTargetOrMaintenance,
  withConnection,
  withMaintenance,
  withTargetOrMaintenance,
} from './operations/connections.ts'
export { logChange, type LoggedChange } from './change-log.ts'
export { createDatabase, createStatement } from './operations/create.ts'
export { defaultLimits, expiryOf, listCopies, type Copy, type CopyLimits } from './operations/copies.ts'
export { readDatabaseSize } from './operations/database-state.ts'
export { dropDatabase, dropStatements, type Dropped } from './operations/drop.ts'
export {
  inspectScript,
  loadScript,
  readScript,
  type LoadedScript,
  type LoadOptions,
  type Script,
} from './operations/load.ts'
export { findLosses, type Loss, type Losses } from './operations/losses.ts'
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
export {
  allEnded,
  chooseSessions,
  endSessions,
  endStatement,
  type EndedSession,
  type SessionChoice,
  type SessionVerb,
} from './operations/end-sessions.ts'
export { readLocks, type LockNode } from './operations/locks.ts'
export {
  listSessions,
  nameProcesses,
  readActivity,
  sessionStates,
  type Activity,
  type PreparedTransaction,
  type Session,
  type SessionFilter,
} from './operations/sessions.ts'
export { applyRoles, runChanges, type NewPassword } from './operations/roles/apply.ts'
export type { Change } from './operations/roles/change.ts'
export { planExpiry, planRevocation } from './operations/roles/change-role.ts'
export { describeHolding } from './operations/roles/dependencies.ts'
export { dropRole, planDropRole } from './operations/roles/drop.ts'
export { fileKeeper } from './operations/roles/keep-file.ts'
export { levels, type Level } from './operations/roles/levels.ts'
export { listRoles, type ListedRole } from './operations/roles/list.ts'
export { commandKeeper } from './operations/roles/keep-command.ts'
export { noKeeper, type PasswordKeeper } from './operations/roles/password.ts'
export { planRoles, type RolesPlan, type RolesRequest } from './operations/roles/plan.ts'
export type { Proof } from './operations/roles/prove.ts'
export type { WantedRole } from './operations/roles/role-plan.ts'
export { wantRoles } from './operations/roles/wanted.ts'
export { planRotation, proveNew, rotatePassword } from './operations/roles/rotate.ts'
export {
  dumpSchema,
  isDump,
  type DumpDestination,
  type DumpedSchema,
  type DumpSchemaOptions,
} from './operations/schema-dump.ts'
export { diffSchemas, diffScript, type DiffSide, type SchemaDifference } from './operations/schema-diff.ts'
export { openAws, type AwsOptions, type OpenAws } from './aws/client.ts'
export { readNetworkFacts } from './aws/access/network-facts.ts'
export { findPublicAddress } from './aws/access/public-address.ts'
export { judgeReachability, type Reachability } from './aws/access/reachability.ts'
export {
  allowAccess,
  findAccessGroup,
  findExpired,
  findSharers,
  listAccess,
  removeExpired,
  revokeAccess,
  type AccessRule,
} from './aws/access/rules.ts'
export { applyCreation, waitForCreation } from './aws/create/apply.ts'
export { planCreation, type CreationPlan } from './aws/create/plan.ts'
export type { CreationRequest } from './aws/create/request.ts'
export { addTarget } from './config/add-target.ts'
export { listRdsInstances, readRdsInstance, type RdsInstance } from './aws/instances.ts'
export {
  deleteInstance,
  findStopHindrances,
  finishDeletion,
  planDeletion,
  startInstance,
  stopInstance,
  waitForStatus,
} from './aws/life.ts'
export { readMasterSecretArn, rotateMasterPassword, type MasterLogin } from './aws/rotate.ts'
export { readEvents, watchInstance, type WatchOptions } from './aws/watch.ts'
export { findLogin, type LoginWish } from './aws/login.ts'
export { leastPolicy, type Policy } from './aws/policy.ts'
export type { Aws, Clock } from './aws/port.ts'
export { findMigrationTable, type RowsToInsert } from './catalog/rows.ts'
export type { Schema, SchemaObject } from './catalog/model.ts'
export { protectDatabase } from './operations/protect.ts'
export { createMigration } from './operations/migrations/create.ts'
export { readMigrations, sourcesOf, type Migration } from './operations/migrations/files.ts'
export { breakLock, describeHolder, findLockHolder } from './operations/migrations/lock.ts'
export {
  migrate,
  rollback,
  type Migrated,
  type MigrateOptions,
  type MigrationsOptions,
  type RolledBack,
} from './operations/migrations/migrate.ts'
export type { AppliedResult } from './operations/migrations/apply.ts'
export { resolveMigration } from './operations/migrations/resolve.ts'
export { readMigrationStatus, type MigrationState } from './operations/migrations/status.ts'
export { readSeeds, seedsFolderOf, type Seed } from './operations/seeds/files.ts'
export { proveIdempotent, type ChangedTable } from './operations/seeds/prove.ts'
export { planSeeds, runSeeds } from './operations/seeds/run.ts'
export { missingAll, prepareDatabase } from './operations/prepare.ts'
export { findProjectFiles } from './operations/project-scripts.ts'
export { pickPrunable, pruneCopies } from './operations/prune.ts'
export { setupDatabase } from './operations/setup.ts'
export { planUndo, undoDrop, type UndoPlan } from './operations/undo.ts'
export { waitForServer, type Waited } from './operations/wait.ts'
export type { Address, Tls } from './postgres/address.ts'
export { connect, type Cluster, type Connection, type SessionOptions } from './postgres/connection.ts'
export { checkPrograms, inspectServer, type ServerState } from './postgres/embedded/inspect.ts'
export { followServerLog, readServerLog } from './postgres/embedded/log.ts'
export { removeServer, startServer, stopServer, type Server } from './postgres/embedded/server.ts'
export { processFinder } from './postgres/client-processes.ts'
export { runWithVariables, verifiedUrl } from './postgres/client-environment.ts'
export { findPsql, runPsql } from './postgres/psql.ts'
export type { Consent } from './operations/consent.ts'
export { readPrintSettings } from './operations/script-printing.ts'
export type { PrintSettings } from './print/settings.ts'
export type { ResultSet, ScriptTally } from './script/answers.ts'
export type { ScriptEvents, ScriptNotice, StatementEvent } from './script/events.ts'
export type { ScriptOutput, ScriptSource } from './script/files.ts'
export type { Inspection } from './script/inspect.ts'
