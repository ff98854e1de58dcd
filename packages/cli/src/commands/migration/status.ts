import { exitCodes, type MigrationState, readMigrationStatus } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { flag } from '../../flag.ts'

const marks: Record<MigrationState['state'], string> = {
  applied: '[X]',
  changed: '[X]',
  missing: '[X]',
  unfinished: '[~]',
  pending: '[ ]',
  late: '[ ]',
}

export const status = defineCommand({
  name: 'migration status',
  summary: 'Show which migrations are applied and which are pending',
  target: 'database',
  flags: { exitCode: flag.boolean('Exit with 5 when one is pending or unfinished') },
  exitCodes: ['found'],
  examples: ['migration status', 'migration status prod --exit-code'],

  async run(_, tools) {
    const target = await tools.target()
    const connection = await target.connect()
    try {
      const { migrations, unfinished } = await readMigrationStatus(
        connection,
        target.target.migrationsFolder,
        tools.nameFile,
      )
      const count = (...states: MigrationState['state'][]) =>
        migrations.filter(({ state }) => states.includes(state)).length
      return {
        migrations,
        unfinished: unfinished ?? null,
        applied: count('applied', 'changed', 'missing'),
        pending: count('pending', 'late', 'unfinished'),
      }
    } finally {
      await connection.close()
    }
  },

  show({ migrations, unfinished, applied, pending }, screen) {
    if (migrations.length > 0) {
      screen.table(migrations, {
        up: ({ state }) => marks[state],
        version: ({ version }) => version,
        migration: ({ name, file }) => name ?? file ?? '',
        applied: ({ appliedAt }) => (appliedAt === null ? '' : appliedAt.replace('T', ' ').slice(0, 19)),
        took: ({ seconds }) => (seconds === null ? '' : screen.duration(seconds)),
        by: ({ appliedBy }) => appliedBy ?? '',
        note: ({ state }) => noteOf(state),
      })
      screen.line()
    }
    screen.line(`Applied: ${applied} · Pending: ${pending}`)
    if (unfinished) {
      const next = unfinished.direction === 'up' ? 'pgrig migrate' : 'pgrig rollback'
      const maybe = unfinished.begun ? ', and perhaps one more' : ''
      screen.line(
        `${unfinished.version} was interrupted: ${unfinished.done} of its statements are done${maybe}. ${next} goes on with it.`,
      )
    }
  },

  exit: ({ pending }, { exitCode }) => (exitCode && pending > 0 ? exitCodes.found : exitCodes.done),
})

function noteOf(state: MigrationState['state']): string {
  if (state === 'changed') return 'its file was changed since'
  if (state === 'missing') return 'it has no file'
  if (state === 'late') return 'a later one is applied'
  return state === 'unfinished' ? 'interrupted' : ''
}
