import { resolveMigration } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'

export const resolve = defineCommand({
  name: 'migration resolve',
  summary: 'Put a migration on record as applied or pending, without running it',
  description: `For whoever has put the database in order by hand: after a migration that was interrupted, or when a tool is changed.

A migration without a transaction that was interrupted in a statement that commits by itself does not go on before it is said whether
that one is done: --statement done goes on behind it, --statement again with it.`,
  target: 'database',
  destructive: true,
  arguments: { migration: argument.required('Its version') },
  flags: {
    as: flag.choice('What it is to be', ['applied', 'pending'], { default: 'applied' }),
    statement: flag.choice('What the statement is to be in which it was interrupted', ['done', 'again']),
  },
  examples: [
    'migration resolve 20261124093000',
    'migration resolve 20261124093000 --as pending',
    'migration resolve 20261124093000 --statement again',
  ],

  async run({ migration: version, as: whole, statement }, tools) {
    const target = await tools.target()
    const what = statement === undefined ? version : `the interrupted statement of ${version}`
    const as = statement === undefined ? whole : statement === 'done' ? 'done' : 'to be run again'
    if (!tools.dryRun) await tools.permitLoss(target, `puts ${what} on record as ${as}`)
    const options = {
      folder: target.target.migrationsFolder,
      as: statement === undefined ? whole : statement === 'done' ? 'statementDone' : 'statementPending',
      user: tools.user,
      program: tools.common.program,
    } as const
    return {
      version,
      what,
      as,
      changed: await resolveMigration(target, version, { ...options, dryRun: tools.dryRun }),
      dryRun: tools.dryRun,
    }
  },

  show({ what, as, changed, dryRun }, screen) {
    if (!changed) return screen.line(`${what} is on record as ${as} already.`)
    const sentence = `${what} is on record as ${as}.`
    screen.line(dryRun ? `Would put ${what} on record as ${as}.` : sentence.replace(/^t/, 'T'))
  },
})
