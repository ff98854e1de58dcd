import { startServer } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { showServer } from '../../server-view.ts'

export const start = defineCommand({
  name: 'server start',
  summary: 'Start the project’s PostgreSQL server',
  description: `A real PostgreSQL from npm: no Docker, nothing installed. It runs detached and is shared by all commands of the
project; its data is under .pgrig/ in the project folder. Every command on the embedded target starts it by itself.`,
  target: 'project',
  examples: ['server start', 'server start --json'],

  async run(_, tools) {
    const project = await tools.project()
    const progress = tools.progress.line('Starting the database server')
    try {
      return await startServer(project.folder, {
        ...(project.settings.server?.port !== undefined && { port: project.settings.server.port }),
        progress: (line) => progress.update(line),
        signal: tools.signal,
      })
    } finally {
      progress.end()
    }
  },

  show(server, screen) {
    screen.line(server.startedNow ? 'The server is running.' : 'The server was running already.')
    showServer(server, screen)
  },
})
