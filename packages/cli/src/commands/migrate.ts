import { migrate as applyMigrations } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'
import { counted } from '../loaded-view.ts'
import { describePlanned, migrationFlags, migrationOptions, showApplied } from '../migration-flags.ts'
import { showLosses } from '../script-losses.ts'

export const migrate = defineCommand({
  name: 'migrate',
  summary: 'Apply the migrations that are pending',
  description: `Migrations are files db/migrations/<version>_name.sql with "-- migrate:up" and "-- migrate:down", as dbmate has them; what was
applied stands in the table schema_migrations. Each runs in a transaction of its own, on record in the same one. With "-- migrate:up
transaction:false" its statements run each for itself, and an interrupted one goes on where it was.

Of several that run at once one works and the others wait. A migration that waits for a lock is given up after --lock-timeout, so that
it does not stop the traffic behind it, and tried again.

A migration that comes late, with a number before one that was applied, is applied and said; --strict refuses it.`,
  target: 'database',
  destructive: true,
  exitCodes: ['sql'],
  flags: {
    to: flag.string('Go no further than this version', 'VERSION'),
    strict: flag.boolean('Refuse a migration that is older than one that was applied'),
    ...migrationFlags,
  },
  examples: ['migrate', 'migrate prod --confirm cruddur', 'migrate --dry-run'],

  async run({ to, strict, ...values }, tools) {
    const target = await tools.target()
    const { database } = target
    const { options, log, end } = migrationOptions(target, 'up', values, tools)
    try {
      const { planned, ...result } = await applyMigrations(target, {
        ...options,
        strict,
        ...(to !== undefined && { to }),
      })
      if (tools.dryRun) return { database, dryRun: true, ...(await describePlanned(planned, 'up', tools)) }
      return { database, dryRun: false, ...result, ...(tools.json && log) }
    } finally {
      end()
    }
  },

  show(result, screen) {
    if ('planned' in result) {
      if (result.planned.length === 0) return screen.line('Nothing is pending.')
      for (const { file, sql } of result.planned) screen.raw(`-- ${file}\n${sql}\n\n`)
      if (result.wouldLose) showLosses(result.wouldLose, screen)
      return
    }
    const { applied, late, odd } = result
    showApplied(applied, screen, late)
    if (applied.length === 0) screen.line('Nothing is pending.')
    for (const { version, file, state } of odd.filter((each) => each.state === 'changed')) {
      screen.warn(`${file ?? version} was changed after it was applied; that is not applied (${state}).`)
    }
    const missing = odd.filter(({ state }) => state === 'missing')
    if (missing.length > 0) {
      screen.warn(
        `${counted(missing.length, 'migration')} that was applied has no file, the last ${missing.at(-1)?.version}.`,
      )
    }
  },
})
