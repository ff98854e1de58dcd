import {
  allEnded,
  chooseSessions,
  endSessions,
  endStatement,
  Failure,
  nameProcesses,
  processFinder,
  withMaintenance,
  type OpenTarget,
  type Session,
  type SessionChoice,
  type SessionVerb,
} from '@pgrig/core'
import { type Command, defineCommand, type ExitName, type Tools } from './command.ts'
import { argument, type Flag, type Flags } from './flag.ts'
import { cellText } from './layout.ts'
import { counted } from './loaded-view.ts'
import { filterOf, type sessionFlags } from './session-flags.ts'
import { describeSession, laySessions, outcomeText } from './sessions-view.ts'

interface StopCommand<F extends Flags> extends Pick<
  Command,
  'summary' | 'description' | 'examples' | 'destructive' | 'changes' | 'asks'
> {
  flags: F & typeof sessionFlags
}

type Values<F extends Flags> = { readonly [Key in keyof F]: F[Key] extends Flag<infer Value> ? Value : never }

/** `sessions cancel` and `sessions end`: by pid, or by what the sessions are; shown first, then asked. */
export function stopCommand<F extends Flags>(verb: SessionVerb, { flags, ...command }: StopCommand<F>) {
  const exitCodes: ExitName[] = ['failed', 'refused']
  return defineCommand({
    name: `sessions ${verb}`,
    target: 'server',
    arguments: { pid: argument.rest('The pid of a session, from the list', 'number') },
    flags,
    exitCodes,
    ...command,

    async run(values, tools) {
      const choice = readChoice(verb, values as Values<typeof sessionFlags> & ChoiceValues)
      const target = await tools.target()
      return withMaintenance(target, async (connection) => {
        const { sessions, others, hidden } = await chooseSessions(connection, verb, choice)
        if (hidden > 0)
          tools.note(`${counted(hidden, 'session')} of other roles cannot be judged: they are hidden from us.`)
        const { user: role } = target.address
        if (tools.dryRun) {
          const statements = sessions.map((session) => ({ sql: endStatement(verb, session.pid), session }))
          return { dryRun: true, role, statements, results: others }
        }
        if (sessions.length > 0)
          await askFor(verb, await nameProcesses(connection, sessions, processFinder()), target, tools)
        const ended = await endSessions(connection, verb, sessions, { signal: tools.signal })
        return { dryRun: false, role, statements: [], results: [...ended, ...others] }
      })
    },

    show({ dryRun, role, statements, results }, screen) {
      for (const { sql, session } of statements) screen.line(`${sql};  -- ${cellText(describeSession(session))}`)
      if (statements.length === 0 && results.length === 0) return screen.line('There is no such session.')
      if (results.length > 0) {
        screen.table(results, {
          pid: ({ pid }) => pid,
          user: ({ session }) => session?.user,
          database: ({ session }) => session?.database,
          application: ({ session }) => session?.application,
          result: (result) => outcomeText(result, verb, role),
        })
      }
      if (dryRun && statements.length > 0) screen.note('Nothing was done.')
    },

    exit: ({ results, dryRun }) => (dryRun || allEnded(results) ? 0 : 1),
  })
}

interface ChoiceValues {
  pid: readonly number[]
  running?: number | undefined
}

function readChoice(verb: SessionVerb, values: Values<typeof sessionFlags> & ChoiceValues): SessionChoice {
  const filter = { ...filterOf(values), runningSeconds: values.running }
  const filtered = Object.values(filter).some((value) => value !== undefined)
  const hint = `pgrig sessions --all lists them; pgrig sessions ${verb} --help`
  if (values.pid.length === 0 && !filtered)
    throw new Failure(
      'usage',
      `Which sessions? Name their pids, or what they are: --user, --database, --application …`,
      { hint },
    )
  if (values.pid.length > 0 && filtered)
    throw new Failure('usage', 'Either pids or what the sessions are, not both: they could contradict each other.', {
      hint,
    })
  if (verb === 'cancel' && values.idle !== undefined)
    throw new Failure('usage', 'An idle session runs no statement that could be cancelled.', {
      hint: 'To close idle sessions: pgrig sessions end --idle …; for statements that run long: pgrig sessions cancel --running …',
    })
  return { pids: values.pid, ...filter }
}

async function askFor(
  verb: SessionVerb,
  sessions: readonly Session[],
  target: OpenTarget,
  tools: Tools,
): Promise<void> {
  const { heading, rows } = laySessions(sessions, tools.columns)
  for (const line of [heading, ...rows]) tools.note(line)
  const these = sessions.length === 1 ? 'this session' : `these ${sessions.length} sessions`
  if (verb === 'cancel') {
    await tools.confirm(`Cancel what ${these} ${sessions.length === 1 ? 'runs' : 'run'}?`)
    await tools.noteChange(target, `cancels the statements of ${counted(sessions.length, 'session')}`)
    return
  }
  await tools.permitLoss(target, `ends ${counted(sessions.length, 'session')}, whose transactions are rolled back,`)
  const consented = tools.common.confirm !== undefined || (await tools.productionSigns(target)).length > 0
  if (!consented) await tools.confirm(`End ${these}?`)
}
