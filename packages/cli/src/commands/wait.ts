import { waitForServer } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { flag } from '../flag.ts'

export const wait = defineCommand({
  name: 'wait',
  summary: 'Wait until the target’s server answers',
  description: 'Asks once a second. A server that answers counts, even when the database does not exist yet.',
  target: 'server',
  examples: ['wait', 'wait prod --timeout 5m', 'wait && pgrig prepare'],
  flags: { timeout: flag.duration('Give up after this long', 'TIME', { default: 60 }) },

  async run({ timeout }, tools) {
    const target = await tools.target()
    const progress = tools.progress.line('Waiting for the server')
    try {
      return await waitForServer(target, {
        seconds: timeout,
        signal: tools.signal,
        progress: (line) => progress.update(line),
      })
    } finally {
      progress.end()
    }
  },

  show({ seconds, databaseExists }, screen) {
    const database = databaseExists ? '' : ' The database does not exist yet: pgrig create makes it.'
    screen.line(`The server answers, after ${screen.duration(seconds)}.${database}`)
  },
})
