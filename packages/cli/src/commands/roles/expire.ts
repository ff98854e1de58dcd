import { Failure, planExpiry, runChanges, withConnection } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { permitRoleChange, showStatements, statementsOf } from '../../roles-view.ts'

export const expire = defineCommand({
  name: 'roles expire',
  summary: 'Say until when the password of a role is valid',
  description: `It is about new logins by password: sessions that are open go on, and other ways to log in, such as a token of IAM, do
not expire.`,
  target: 'database',
  destructive: true,
  arguments: { name: argument.required('The name of the role') },
  flags: {
    in: flag.duration('In this time, as 30d'),
    at: flag.string(
      'At this time, as 2027-01-31 or 2027-01-31T12:00Z; without a time of day, when that day begins in UTC',
      'DATE',
    ),
    never: flag.boolean('Never'),
  },
  examples: [
    'roles expire reporting --in 30d',
    'roles expire reporting --at 2027-01-31',
    'roles expire reporting --never',
  ],

  async run({ name, in: seconds, at, never }, tools) {
    const until = readTime(seconds, at, never)
    const target = await tools.target()
    return withConnection(target, async (connection) => {
      const { changes } = await planExpiry(connection, name, until)
      const result = { name, validUntil: until, changes, dryRun: tools.dryRun }
      if (tools.dryRun || changes.length === 0) return result
      await permitRoleChange(tools, target, `changes until when the password of ${name} is valid`, connection)
      await runChanges(connection, changes)
      return result
    })
  },

  show({ name, validUntil, changes, dryRun }, screen) {
    if (dryRun) return showStatements(statementsOf(changes), screen)
    const already = changes.length === 0 ? ' That was so already.' : ''
    if (validUntil === null) return screen.line(`The password of ${name} never expires.${already}`)
    const verb = validUntil <= new Date() ? 'expired' : 'expires'
    screen.line(`The password of ${name} ${verb} at ${validUntil.toISOString()}.${already}`)
  },
})

function readTime(seconds: number | undefined, at: string | undefined, never: boolean): Date | null {
  if ([seconds !== undefined, at !== undefined, never].filter(Boolean).length !== 1) {
    throw new Failure('usage', 'One of --in, --at and --never says when.')
  }
  if (seconds !== undefined) return new Date(Math.floor(Date.now() / 1000 + seconds) * 1000)
  if (at === undefined) return null
  // What Date makes of other texts depends on the time zone of this machine.
  const time = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(at) ? new Date(at) : undefined
  if (time && !Number.isNaN(time.getTime())) return time
  throw new Failure('usage', `--at takes a date such as 2027-01-31 or 2027-01-31T12:00Z, not ${JSON.stringify(at)}.`)
}
