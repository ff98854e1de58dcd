import { describeHolder, findLockHolder } from '@pgrig/core'
import { defineCommand } from '../../../command.ts'

export const status = defineCommand({
  name: 'migration lock status',
  summary: 'Show who holds the lock of the migrations',
  target: 'database',
  examples: ['migration lock status', 'migration lock status prod'],

  async run(_, tools) {
    const target = await tools.target()
    const connection = await target.connect()
    try {
      return { database: target.database, holder: (await findLockHolder(connection)) ?? null }
    } finally {
      await connection.close()
    }
  },

  show({ database, holder }, screen) {
    if (holder === null) return screen.line(`Nobody runs migrations of ${database}.`)
    screen.line(`The migrations of ${database} are locked by ${describeHolder(holder)}.`)
    if (holder.query !== null)
      screen.line(`  ${holder.state ?? ''}: ${holder.query.replace(/\s+/g, ' ').trim().slice(0, 200)}`)
  },
})
