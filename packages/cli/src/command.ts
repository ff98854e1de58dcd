import type {
  Aws,
  Clock,
  Connection,
  connect,
  Consent,
  Failure,
  Losses,
  OpenTarget,
  Project,
  ScriptOutput,
  Target,
} from '@pgrig/core'
import type { CommandSource } from './discover.ts'
import { type Argument, type Arguments, type Flag, type Flags, flag } from './flag.ts'
import type { FullScreen } from './full-screen.ts'
import type { Progress } from './progress.ts'
import type { Screen } from './screen.ts'

/** What a command is given: each flag and argument under its own name, typed by how it was declared. */
type Values<F extends Flags, A extends Arguments> = {
  readonly [Key in keyof F]: F[Key] extends Flag<infer Value> ? Value : never
} & { readonly [Key in keyof A]: A[Key] extends Argument<infer Value> ? Value : never }

/** The names of `exitCodes` in core. */
export type ExitName = 'done' | 'failed' | 'connection' | 'sql' | 'refused' | 'found' | 'usage' | 'interrupted'

/** A command is data: the parser, the help, the completion and docs/reference are all made from it. */
// oxlint-disable-next-line typescript/no-explicit-any -- a list of commands forgets the data of each
export interface Command<F extends Flags = Flags, A extends Arguments = Arguments, Data = any> {
  /** What is typed, and where its file is: `schema load` is `commands/schema/load.ts`. */
  name: string
  /** One sentence, without a full stop. */
  summary: string
  /** More sentences for the help page, in paragraphs. */
  description?: string
  /** In the order in which they are typed. */
  arguments?: A
  flags?: F
  /** Two or three, without the `pgrig` in front. */
  examples: readonly string[]
  /** What it works on. All but `none` take a target as last word. */
  target: 'server' | 'database' | 'project' | 'none'
  /** It changes something: gives `--dry-run`. */
  changes?: boolean
  /** It asks before it works: gives `--yes`. */
  asks?: boolean
  /** It can lose data of a database: gives `--dry-run`, `--yes`, and `--confirm NAME` for production. */
  destructive?: boolean
  /**
   * It calls AWS: the actions of IAM that it may take, with all its flags. Gives `--region`, `--profile`, and `--iam`, which
   * prints the least policy that allows them.
   */
  aws?: readonly string[]
  /** Exit codes of its own, besides those that follow from `target` and `destructive`. */
  exitCodes?: readonly ExitName[]
  /** The heading in `pgrig help`, where the name and `target` do not say it. */
  group?: string
  /** It hands the terminal to another program: there is no result to print as JSON. */
  handsOver?: boolean
  /** Left out of help and completion. */
  hidden?: boolean
  /** The result is the user's own data, or a secret that was asked for: it is shown without masking passwords. */
  verbatim?: boolean
  /** Does the work and returns plain data: what --json prints. Never prints. */
  run(values: Values<F, A>, tools: Tools): Promise<Data> | Data
  /** Shows that data to a person. Never works. */
  show(data: Data, screen: Screen, values: Values<F, A>): void | Promise<void>
  /** The exit code where the work succeeded and the answer is not 0: `found`, or that of a program that was handed over to. */
  exit?(data: Data, values: Values<F, A>): number
}

/**
 * Returns the command as it is: all that it adds is the types inside, of values and data. They end here, since a list of
 * commands forgets them, and a file that exports one need not name them.
 */
export function defineCommand<Data, F extends Flags = Record<never, never>, A extends Arguments = Record<never, never>>(
  command: Command<F, A, Data>,
): Command {
  return command
}

/** What a command works with. */
export interface Tools {
  /** Aborted by the first Ctrl-C. Give it to whatever waits. */
  readonly signal: AbortSignal
  /** Show what would be done; do not do it. */
  readonly dryRun: boolean
  readonly json: boolean
  readonly progress: Progress
  /** Results that are printed as they come, instead of by `show`. Not with --json. */
  readonly output: ScriptOutput
  /** Aborts when nobody reads that any more. */
  readonly outputGone: AbortSignal
  /** stderr, for what a script says there. */
  readonly errorOutput: ScriptOutput
  /** Whether what a program that the terminal is lent to prints may be coloured. */
  readonly color: boolean
  /** The width of the terminal that results go to; undefined when it is none. */
  readonly columns: number | undefined
  /** What was typed with a pipe into the program; undefined when stdin is a terminal. */
  standardInput(): AsyncIterable<Uint8Array> | undefined
  /** Reports a failure that does not end the command. */
  report(failure: Failure): void
  /** A failure as a value, for --json. */
  describe(failure: Failure): unknown
  /** What was typed with every command: `--target`, `--yes` … */
  readonly common: CommonFlags
  /** The current folder: what a file name on the command line is relative to. */
  readonly folder: string
  /** The user of this machine and its name: `ann@laptop`. */
  readonly user: string
  /** The environment, for programs that are handed over to. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Every command there is: for help and completion. */
  readonly commands: CommandSource
  /** Says on stderr what is worth knowing and is not the result. */
  note(text: string): void
  /** Asks, with No as the answer to Enter. Resolves on yes and on `--yes`; throws `refused` otherwise. */
  confirm(question: string): Promise<void>
  /** Whether somebody is there who can be asked, and has not said `--yes`. */
  readonly canAsk: boolean
  /** Asks where either answer is one to go on with. No is the answer to Enter. */
  ask(question: string): Promise<boolean>
  /** Asks for an exact name. Resolves when it was typed or given by `--confirm`, never by `--yes`; throws `refused` otherwise. */
  confirmName(question: string, name: string): Promise<void>
  /** The project around the current folder. */
  project(): Promise<Project>
  /** The target of this run, without opening it. */
  resolvedTarget(): Promise<Target>
  /** The same, after its line and its warnings were printed: for a dry run. */
  plannedTarget(): Promise<Target>
  /** The one target of this run, opened at the first call, which also prints the target line. */
  target(): Promise<OpenTarget>
  /** Opens another target than that of this run: by its name or a URL, or as it is. Prints its line too. */
  otherTarget(which: { name: string } | { url: string } | Target): Promise<OpenTarget>
  /** Lists the signs that a database of the target's server is production, by any name. Default: the target's. */
  productionSigns(target: OpenTarget, options?: { database?: string; connection?: Connection }): Promise<string[]>
  /**
   * Lets a command lose data. Production needs consent: shows what would be lost, and wants the database's exact name.
   * `deed` follows "This …"; `ifNotEmpty`: a database without tables has nothing to lose; `tables: false`: it is not about what
   * the database holds. A connection that is there already spares another one. With `losses`, of scripts, those are shown; where
   * there are none, a plain yes will do. Returns the signs that it is production.
   */
  permitLoss(
    target: OpenTarget,
    deed: string,
    options?: { ifNotEmpty?: boolean; tables?: boolean; connection?: Connection; losses?: () => Promise<Losses> },
  ): Promise<string[]>
  /**
   * What `runScripts` needs to find out by itself whether `ask` has to be called: where nothing says so already, the server
   * tells in the flight of the scripts whether they would run on production.
   */
  scriptConsent(target: OpenTarget, connection: Connection, ask: () => Promise<void>): Promise<Consent>
  /**
   * Puts on record that a change begins which loses nothing, if it is of production. Returns the signs of that. `deed` follows
   * "This …". A command that changes something calls this or `permitLoss`.
   */
  noteChange(
    target: OpenTarget,
    deed: string,
    options?: { database?: string; connection?: Connection },
  ): Promise<string[]>
  /** Puts on record that an instance or cluster of RDS is changed: what is there counts as production. `deed` follows "This …". */
  noteRdsChange(name: string, deed: string): Promise<void>
  /** Opens one session, for what logs in otherwise than a target says. */
  readonly connect: typeof connect
  /** Called by the frame when the command is done, or failed: the end of what is on record. */
  ended(error?: unknown): Promise<void>
  /** Opens AWS, once, and prints the region: for commands that call it. Closed by the frame. */
  aws(): Promise<Aws>
  /** For what waits minutes. */
  readonly clock: Clock
  /** How a file is named in results and errors: relative to the current folder where that is shorter. */
  nameFile(path: string): string
  /** Whether a word names a target. */
  isTarget(word: string): Promise<boolean>
  targetNames(): Promise<readonly string[]>
  /** Takes the whole terminal, for a picture that changes in place and for single keys. Throws `usage` where there is none. */
  openFullScreen(): FullScreen
  /** Runs a program that has the terminal to itself: meanwhile Ctrl-C is for that program. */
  lendTerminal<Result>(work: () => Promise<Result>): Promise<Result>
}

/** The flags that every command has, and the words around them. */
export interface CommonFlags {
  target: string | undefined
  url: string | undefined
  folder: string | undefined
  json: boolean
  color: boolean
  quiet: boolean
  dryRun: boolean
  yes: boolean
  confirm: string | undefined
  region: string | undefined
  profile: string | undefined
  /** The command's name, for `application_name`. */
  command: string
  /** `pgrig 0.1.0`. */
  program: string
  /** What was typed, for a shell, with a flag added: for hints that say what to type. */
  commandWith(flag: string): string
}

export const globalFlags = {
  target: flag.string('The target: local, prod, or a name in pgrig.json', 'NAME'),
  url: flag.string('A connection URL, for this run only', 'URL'),
  folder: flag.string('The project folder, instead of the nearest one with a pgrig.json', 'DIR', { short: 'C' }),
  json: flag.boolean('Print the result, or the error, as one JSON value'),
  noColor: flag.boolean('Print without colours'),
  quiet: flag.boolean('Print neither target line nor progress', { short: 'q' }),
  help: flag.boolean('Show this help', { short: 'h' }),
  version: flag.boolean('Show the version', { short: 'V' }),
} satisfies Flags

const awsFlags = {
  region: flag.string('The region of AWS (default: AWS_REGION, then the profile’s)', 'REGION'),
  profile: flag.string('The profile of ~/.aws/config (default: AWS_PROFILE)', 'NAME'),
  iam: flag.boolean('Print the least policy of IAM that this command needs, and do nothing'),
} satisfies Flags

const changeFlags = {
  dryRun: flag.boolean('Print what would be done, and do nothing'),
} satisfies Flags

const askingFlags = {
  yes: flag.boolean('Do not ask', { short: 'y' }),
} satisfies Flags

const destructiveFlags = {
  yes: flag.boolean('Do not ask; this never covers production', { short: 'y' }),
  confirm: flag.string('Consent for production: the exact name of the database', 'NAME'),
} satisfies Flags

/** Every flag that a command understands: its own, then those that follow from what it is, then those of all. */
export function allFlags(command: Command): Flags {
  return {
    ...command.flags,
    ...(command.aws ? awsFlags : {}),
    ...(command.changes || command.destructive ? changeFlags : {}),
    ...(command.destructive ? destructiveFlags : command.asks ? askingFlags : {}),
    ...globalFlags,
  }
}
