import { processFinder, readActivity, sessionStates, withMaintenance } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'
import { watch } from '../live/watch.ts'
import { checkWatch, filterOf, sessionFlags, watchFlags } from '../session-flags.ts'
import { listActivity, showActivity } from '../sessions-view.ts'

export const sessions = defineCommand({
  name: 'sessions',
  summary: 'List who is connected to the target’s server',
  description: `Sessions that wait or have been in a transaction longest come first. Idle ones are left out unless --all or a flag that
finds them is given. Of a program on this machine its process is named, where the system tells. Prepared transactions and replication
slots, which keep a database in use without any session, are listed below.`,
  target: 'server',
  examples: ['sessions', 'sessions --all --database cruddur', 'sessions prod --watch', 'sessions --idle 10m --json'],
  flags: {
    all: flag.boolean('Include idle sessions', { short: 'a' }),
    ...sessionFlags,
    state: flag.choice('Those in a state', sessionStates),
    ...watchFlags,
  },

  async run({ all, state, watch: watched, interval, ...values }, tools) {
    checkWatch(watched, interval, tools)
    const filter = { ...filterOf(values), state, all }
    if (watched) return watch('sessions', { filter, seconds: interval }, tools)
    const target = await tools.target()
    const findProcesses = processFinder()
    const activity = await withMaintenance(target, (connection) =>
      readActivity(connection, { ...filter, findProcesses }),
    )
    return tools.json ? listActivity(activity) : activity
  },

  show(activity, screen, { all, state, idle, application, user, database }) {
    const filtered = [state, idle, application, user, database].some((value) => value !== undefined)
    if (activity && 'sessions' in activity) showActivity(activity, screen, { all, filtered })
  },
})
