import { breakLock, describeHolder, findLockHolder } from '@pgrig/core'
import { defineCommand } from '../../../command.ts'

export const breaking = defineCommand({
  name: 'migration lock break',
  summary: 'End the session that holds the lock of the migrations',
  description: `What it runs is rolled back by the server; a migration without a transaction goes on with the next pgrig migrate.`,
  target: 'database',
  destructive: true,
  examples: ['migration lock break', 'migration lock break prod --confirm cruddur'],

  async run(_, tools) {
    const target = await tools.target()
    const { database } = target
    const connection = await target.connect()
    try {
      const holder = await findLockHolder(connection)
      if (holder === undefined) return { database, holder: null, ended: false }
      if (tools.dryRun) return { database, holder, ended: false }
      const signs = await tools.permitLoss(target, `ends ${describeHolder(holder)}`, { connection, tables: false })
      if (signs.length === 0) await tools.confirm(`End ${describeHolder(holder)}?`)
      return { database, holder: (await breakLock(connection)) ?? null, ended: true }
    } finally {
      await connection.close()
    }
  },

  show({ database, holder, ended }, screen) {
    if (holder === null) return screen.line(`Nobody runs migrations of ${database}.`)
    screen.line(`${ended ? 'Ended' : 'Would end'} ${describeHolder(holder)}.`)
  },
})
