import { resolveMigration } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'

export const resolve = defineCommand({
  name: 'migration resolve',
  summary: 'Put a migration on record as applied or pending, without running it',
  description:
    'For whoever has put the database in order by hand: after a migration that was interrupted, or when a tool is changed.',
  target: 'database',
  destructive: true,
  arguments: { migration: argument.required('Its version') },
  flags: { as: flag.choice('What it is to be', ['applied', 'pending'], { default: 'applied' }) },
  examples: ['migration resolve 20261124093000', 'migration resolve 20261124093000 --as pending'],

  async run({ migration: version, as }, tools) {
    const target = await tools.target()
    if (!tools.dryRun) await tools.permitLoss(target, `puts the migration ${version} on record as ${as}`)
    const options = { folder: target.target.migrationsFolder, as, user: tools.user, program: tools.common.program }
    return {
      version,
      as,
      changed: await resolveMigration(target, version, { ...options, dryRun: tools.dryRun }),
      dryRun: tools.dryRun,
    }
  },

  show({ version, as, changed, dryRun }, screen) {
    if (!changed) return screen.line(`${version} is on record as ${as} already.`)
    screen.line(dryRun ? `Would put ${version} on record as ${as}.` : `${version} is on record as ${as}.`)
  },
})
