import { listSessions, withMaintenance } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'

export const sessions = defineCommand({
  name: 'sessions',
  summary: 'List who is connected to the target’s server',
  description: `Sessions that wait or have been in a transaction longest come first. Idle ones are left out unless --all is given.`,
  target: 'server',
  examples: ['sessions', 'sessions --all', 'sessions prod --json'],
  flags: { all: flag.boolean('Include idle sessions', { short: 'a' }) },

  async run({ all }, tools) {
    const target = await tools.target()
    return withMaintenance(target, (connection) => listSessions(connection, { all }))
  },

  show(list, screen, { all }) {
    if (list.length === 0) {
      return screen.line(
        all ? 'Nobody else is connected.' : 'Nobody else is doing anything. --all lists idle sessions too.',
      )
    }
    screen.table(list, {
      pid: (session) => session.pid,
      user: (session) => session.user,
      database: (session) => session.database,
      client: (session) => session.client ?? 'local',
      application: (session) => session.application,
      state: (session) => session.state,
      xact: (session) => (session.transactionSeconds === null ? '' : screen.duration(session.transactionSeconds)),
      waiting: (session) => session.waiting,
      'blocked by': (session) => session.blockedBy.join(' '),
      query: (session) => session.query?.replace(/\s+/g, ' ').trim(),
    })
  },
})
