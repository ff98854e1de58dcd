import { Failure, type Change, type Connection, type Level, type OpenTarget, type RolesPlan } from '@pgrig/core'
import type { Tools } from './command.ts'
import type { Screen } from './screen.ts'

const marks: Readonly<Record<Change['kind'], string>> = { create: '+', alter: '~', grant: '+', revoke: '-' }

/** Changes, one in a line, each with the role that it is about. */
export function showChanges(changes: readonly Change[], screen: Screen): void {
  for (const { role, kind, text } of changes) screen.line(`${marks[kind]} ${role}: ${text}`)
}

/** The statements of a dry run. */
export function showStatements(statements: readonly string[], screen: Screen): void {
  if (statements.length === 0) screen.line('-- There is nothing to do.')
  for (const sql of statements) screen.line(`${sql};`)
}

/** The statements that changes are made of. */
export function statementsOf(changes: readonly Change[]): string[] {
  return changes.map(({ sql }) => sql)
}

/** Says what a plan cannot do, and which schemas it leaves out. */
export function noteLimits({ limits, otherSchemas = [] }: Partial<RolesPlan>, tools: Tools): void {
  for (const limit of limits ?? []) tools.note(limit)
  if (otherSchemas.length === 0) return
  tools.note(`Not covered, as no role was asked to see them: the schemas ${otherSchemas.join(', ')} (--schema).`)
}

/** Wants the exact name of the database before roles are changed on production. `deed` follows "This …". */
export function permitRoleChange(
  tools: Tools,
  target: OpenTarget,
  deed: string,
  connection?: Connection,
): Promise<void> {
  return tools.permitLoss(target, deed, { tables: false, ...(connection && { connection }) })
}

/** Asks, on production, before something is given to a role, and an administrator is made anywhere. `deed` follows "This …". */
export async function permitGrant(
  tools: Tools,
  target: OpenTarget,
  { name, level, deed }: { name: string; level: Level; deed: string },
  connection: Connection,
): Promise<void> {
  const production = (await tools.productionSigns(target, { connection })).length > 0
  if (level === 'admin') await tools.confirm(`Make ${name} an administrator (${target.description})?`)
  else if (production) await tools.confirm(`Let ${name} be ${level} (${target.description})?`)
  await tools.noteChange(target, deed, { connection })
}

/** How a role that is there differs from what was asked for. */
export function differs(name: string, { changes }: Pick<RolesPlan, 'changes'>): Failure {
  const own = changes.filter(({ role }) => role === name)
  // What its groups need follows from what it needs, where it needs something.
  const lines = (own.length > 0 ? own : changes).map(({ role, text }) => `  ${role}: ${text}`)
  return new Failure(
    'role_differs',
    `"${name}" is there already, and is not as asked. What would make it so:\n${lines.join('\n')}`,
    {
      state: 'Nothing was changed.',
      hint: 'Change it with pgrig roles grant, revoke and expire, or describe it in pgrig.json: pgrig roles apply',
    },
  )
}
