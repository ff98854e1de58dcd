import { expiryOf, listCopies, withMaintenance } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { limitsOf, timeText } from '../../copies-view.ts'

export const list = defineCommand({
  name: 'undo list',
  summary: 'List the dropped databases that are kept on the target’s server',
  description: `A copy goes at a later drop or setup of the same database: when it is too old, or when there are too many. pgrig.json says
when that is, under "undo".`,
  target: 'server',
  examples: ['undo list', 'undo list prod --json'],

  async run(_, tools) {
    const limits = await limitsOf(tools)
    const copies = await withMaintenance(await tools.target(), (connection) => listCopies(connection, { sizes: true }))
    return copies.map((copy) => ({ ...copy, expiresAt: expiryOf(copy, limits).toISOString() }))
  },

  show(copies, screen) {
    if (copies.length === 0) return screen.line('No dropped database is kept on this server.')
    screen.table(copies, {
      database: ({ database }) => database,
      copy: ({ copy }) => copy,
      dropped: ({ droppedAt }) => timeText(droppedAt),
      by: ({ droppedBy, command }) => `${droppedBy}, ${command}`,
      size: ({ sizeBytes }) => (sizeBytes === null ? '' : screen.bytes(sizeBytes)),
      'kept until': ({ expiresAt }) => timeText(expiresAt),
    })
  },
})
