/** How a failure ends the program. The numbers are part of the command contract. */
export const exitCodes = {
  done: 0,
  failed: 1,
  connection: 2,
  sql: 3,
  refused: 4,
  found: 5,
  usage: 64,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

interface CatalogueEntry {
  exit: ExitCode
  /** What the code means, for the reference page. */
  meaning: string
  /** What to do, where the place that throws knows nothing better. */
  hint?: string
}

/** Every code a failure can have. The reference page of errors is made from it. */
export const catalogue = {
  usage: {
    exit: exitCodes.usage,
    meaning: 'The command line was not understood; nothing was done.',
    hint: 'Run the command with --help to see its flags.',
  },
  interrupted: { exit: exitCodes.interrupted, meaning: 'You stopped it.' },
  config_invalid: {
    exit: exitCodes.failed,
    meaning: 'pgrig.json, .env, a service file or a variable cannot be used as it is.',
  },
  target_unknown: { exit: exitCodes.usage, meaning: 'The target is neither built in nor in pgrig.json.' },
  target_unset: {
    exit: exitCodes.failed,
    meaning: 'The target exists, but nothing says where it is: no URL in a flag, the environment, .env or pgrig.json.',
  },
  url_invalid: { exit: exitCodes.failed, meaning: 'A connection URL cannot be read.' },
  file_missing: { exit: exitCodes.failed, meaning: 'A file that was named does not exist or cannot be read.' },
  file_unusable: {
    exit: exitCodes.failed,
    meaning: 'A file exists but cannot be used: wrong kind, wrong encoding, empty.',
  },
  platform_unsupported: {
    exit: exitCodes.failed,
    meaning: 'There is no embedded PostgreSQL for this operating system and processor.',
    hint: 'Set DATABASE_URL to a PostgreSQL server that runs elsewhere, or use the compose.yaml of the project.',
  },
  server_user: {
    exit: exitCodes.failed,
    meaning: 'You are root, PostgreSQL refuses to run as root, and no other user could be found to run it as.',
  },
  server_start: { exit: exitCodes.failed, meaning: 'The embedded server did not start.' },
  server_stop: { exit: exitCodes.failed, meaning: 'The embedded server did not stop.' },
  server_version: {
    exit: exitCodes.failed,
    meaning: 'The data folder belongs to another major version of PostgreSQL. It was not touched.',
  },
  disk_full: { exit: exitCodes.failed, meaning: 'There is no space left on the disk.' },
  permission: { exit: exitCodes.failed, meaning: 'The operating system did not allow it.' },
  program_missing: { exit: exitCodes.failed, meaning: 'A program that the command hands over to is not installed.' },
  connection_refused: { exit: exitCodes.connection, meaning: 'Nothing answers at the address.' },
  connection_host: { exit: exitCodes.connection, meaning: 'The host name is unknown or the host cannot be reached.' },
  connection_timeout: { exit: exitCodes.connection, meaning: 'The server did not answer in time.' },
  connection_tls: { exit: exitCodes.connection, meaning: 'The encrypted connection could not be set up or trusted.' },
  connection_denied: {
    exit: exitCodes.connection,
    meaning: 'The server does not let this user in: password, role, or pg_hba.conf.',
  },
  connection_full: { exit: exitCodes.connection, meaning: 'The server has no free connection.' },
  connection_starting: { exit: exitCodes.connection, meaning: 'The server is starting, stopping or recovering.' },
  connection_lost: {
    exit: exitCodes.connection,
    meaning: 'The connection broke, or was ended from outside, after it was made.',
  },
  database_missing: { exit: exitCodes.connection, meaning: 'The server answers, but the database does not exist.' },
  database_invalid: {
    exit: exitCodes.connection,
    meaning:
      'A drop of the database was interrupted: PostgreSQL lets nobody in, and all that can be done is to drop it again.',
    hint: 'Finish the drop: pgrig drop, with the same target.',
  },
  database_unfinished: {
    exit: exitCodes.connection,
    meaning: 'A drop, setup or undo of the database is under way or was interrupted. Nothing was lost.',
  },
  role_differs: { exit: exitCodes.failed, meaning: 'The role is there already, and is not as it was asked for.' },
  role_in_use: {
    exit: exitCodes.failed,
    meaning: 'The role owns objects or has sessions, so it cannot be dropped; or it cannot be changed by itself.',
  },
  database_busy: {
    exit: exitCodes.failed,
    meaning: 'Others are connected to the database, or something is open in it, so it cannot be dropped.',
  },
  not_found: { exit: exitCodes.failed, meaning: 'What was named does not exist.' },
  refused: { exit: exitCodes.refused, meaning: 'Refused: it would lose data or run a program, and nobody allowed it.' },
  sql_error: { exit: exitCodes.sql, meaning: 'PostgreSQL reported an error in a statement.' },
  script_failed: {
    exit: exitCodes.sql,
    meaning: 'A script could not go on, though PostgreSQL reported no error: a command of psql in it failed.',
  },
  script_unsupported: {
    exit: exitCodes.sql,
    meaning: 'The script holds something that cannot be run this way. As a rule that is found before anything runs.',
  },
  schema_changing: {
    exit: exitCodes.failed,
    meaning: 'Others changed the schema, or held its tables locked, each time that it was read.',
  },
  migration_invalid: {
    exit: exitCodes.failed,
    meaning: 'A migration cannot be used as it is: its markers, its version, or what stands in it.',
  },
  migration_late: {
    exit: exitCodes.failed,
    meaning: 'A migration is older than one that was applied, and --strict forbids that.',
  },
  migration_pending: {
    exit: exitCodes.failed,
    meaning: 'A program needs migrations that were not applied, and may not apply them itself.',
    hint: 'Apply them with the role that owns the tables: pgrig prepare, with the same target.',
  },
  migration_locked: {
    exit: exitCodes.failed,
    meaning: 'Another run of the migrations is under way, and did not end in time.',
  },
  migration_pooler: {
    exit: exitCodes.failed,
    meaning: 'Migrations need a session of their own, and a pooler between pgrig and the server may take it away.',
  },
  aws_credentials: {
    exit: exitCodes.failed,
    meaning: 'There are no credentials for AWS, or AWS does not accept them: expired, unknown, of another account.',
  },
  aws_denied: { exit: exitCodes.failed, meaning: 'AWS does not allow the action that the message names.' },
  aws_region: { exit: exitCodes.failed, meaning: 'The region is not said, does not exist, or is not one to be used.' },
  aws_not_found: { exit: exitCodes.failed, meaning: 'What was named does not exist in this account and region.' },
  aws_exists: { exit: exitCodes.failed, meaning: 'AWS has one of this name already.' },
  aws_differs: {
    exit: exitCodes.failed,
    meaning: 'What was asked for is there already, and is not as it was asked for.',
  },
  aws_state: { exit: exitCodes.failed, meaning: 'The instance is in a state that does not allow it.' },
  aws_quota: { exit: exitCodes.failed, meaning: 'The account may not have more of these, or AWS has none left.' },
  aws_throttled: { exit: exitCodes.failed, meaning: 'AWS was asked too often.' },
  aws_unreachable: { exit: exitCodes.connection, meaning: 'AWS did not answer.' },
  aws_failed: { exit: exitCodes.failed, meaning: 'AWS refused a call for another reason, which the message gives.' },
} as const satisfies Record<string, CatalogueEntry>

export type FailureCode = keyof typeof catalogue

/** What PostgreSQL says about an error: fields of its ErrorResponse message. */
export interface SqlDetails {
  /** Five characters, for example `42P01`. */
  sqlstate: string
  /** ERROR, FATAL or PANIC. */
  severity: string
  detail?: string
  /** The server's own hint. */
  hint?: string
  /** The CONTEXT lines. */
  where?: string
  schema?: string
  table?: string
  column?: string
  constraint?: string
}

/** A place in a script. Lines and columns count from 1, columns in characters (code points). */
export interface Location {
  file: string
  line: number
  column: number
  /** The text of that line, without its line end. */
  text?: string
}

export interface FailureOptions {
  cause?: unknown
  hint?: string
  sql?: SqlDetails
  location?: Location
  /** What state things are in now: what was rolled back, what stays. */
  state?: string
}

/** A failure that a user can understand and act on. Anything else that is thrown is a bug of ours. */
export class Failure extends Error {
  readonly code: FailureCode
  readonly hint: string | undefined
  readonly sql: SqlDetails | undefined
  readonly location: Location | undefined
  readonly state: string | undefined

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Failure'
    this.code = code
    const entry: CatalogueEntry = catalogue[code]
    this.hint = options.hint ?? entry.hint
    this.sql = options.sql
    this.location = options.location
    this.state = options.state
  }

  /** The same failure, where more is known of it. */
  with(more: Omit<FailureOptions, 'cause'>): Failure {
    const { hint, sql, location, state } = this
    return new Failure(this.code, this.message, {
      cause: this,
      ...(hint !== undefined && { hint }),
      ...(sql && { sql }),
      ...(location && { location }),
      ...(state !== undefined && { state }),
      ...more,
    })
  }

  get exitCode(): ExitCode {
    return catalogue[this.code].exit
  }
}

/** Reads the code of a Node system error (`ENOENT`, `EACCES` …), if it is one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
