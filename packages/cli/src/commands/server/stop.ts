import { stopServer } from '@pgrig/core'
import { defineCommand } from '../../command.ts'

export const stop = defineCommand({
  name: 'server stop',
  summary: 'Stop the project’s PostgreSQL server',
  description: 'Open transactions are rolled back and sessions ended; everything that was committed stays.',
  target: 'project',
  examples: ['server stop'],

  async run(_, tools) {
    const project = await tools.project()
    const progress = tools.progress.line('Stopping the database server')
    try {
      return { stopped: await stopServer(project.folder) }
    } finally {
      progress.end()
    }
  },

  show({ stopped }, screen) {
    screen.line(stopped ? 'The server is stopped. Its data stays.' : 'The server was not running.')
  },
})
