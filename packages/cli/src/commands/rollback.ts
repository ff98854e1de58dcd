import { rollback as rollBack } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'
import { counted } from '../loaded-view.ts'
import { describePlanned, migrationFlags, migrationOptions } from '../migration-flags.ts'
import { showLosses } from '../script-losses.ts'

export const rollback = defineCommand({
  name: 'rollback',
  summary: 'Take back the migration that was applied last',
  description: 'Runs what stands below "-- migrate:down" in its file. One without that cannot be taken back.',
  target: 'database',
  destructive: true,
  exitCodes: ['sql'],
  flags: { steps: flag.number('How many, the newest first', 'N', { default: 1, minimum: 1 }), ...migrationFlags },
  examples: ['rollback', 'rollback --steps 3', 'rollback prod --confirm cruddur'],

  async run({ steps, ...values }, tools) {
    const target = await tools.target()
    const { database } = target
    const { options, log, end } = migrationOptions(target, 'down', values, tools)
    try {
      const { planned, rolledBack } = await rollBack(target, { ...options, steps })
      if (tools.dryRun) return { database, dryRun: true, ...(await describePlanned(planned, 'down', tools)) }
      return { database, dryRun: false, rolledBack, ...(tools.json && log) }
    } finally {
      end()
    }
  },

  show(result, screen) {
    if ('planned' in result) {
      if (result.planned.length === 0) return screen.line('No migration is applied.')
      for (const { file, sql } of result.planned) screen.raw(`-- ${file}\n${sql}\n\n`)
      if (result.wouldLose) showLosses(result.wouldLose, screen)
      return
    }
    if (result.rolledBack.length === 0) screen.line('No migration is applied.')
    for (const { file, statements, seconds } of result.rolledBack) {
      screen.line(`Took back ${file}: ${counted(statements, 'statement')}, ${screen.duration(seconds)}.`)
    }
  },
})
