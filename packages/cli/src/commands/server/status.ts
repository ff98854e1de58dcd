import { exitCodes, inspectServer } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { flag } from '../../flag.ts'
import { showServer } from '../../server-view.ts'

export const status = defineCommand({
  name: 'server status',
  summary: 'Say whether the project’s PostgreSQL server runs, and where',
  target: 'project',
  examples: ['server status', 'server status --exit-code', 'server status --json'],
  flags: { exitCode: flag.boolean('Exit with 5 when it does not run') },
  exitCodes: ['found'],

  async run(_, tools) {
    const project = await tools.project()
    return inspectServer(project.folder)
  },

  show(state, screen) {
    if (state.running) {
      screen.line('The server is running.')
      return showServer(state.running, screen)
    }
    screen.line('The server is not running.')
    screen.list({
      data: state.dataMajor === undefined ? 'none yet: made at the first start' : state.dataFolder,
      'data version': state.dataMajor,
      version: `PostgreSQL ${state.version}`,
    })
    if (state.dataMajor !== undefined && state.dataMajor !== state.major) {
      screen.warn(`The data belongs to PostgreSQL ${state.dataMajor}; PostgreSQL ${state.major} cannot open it.`)
    }
  },

  exit: (state, { exitCode }) => (exitCode && !state.running ? exitCodes.found : exitCodes.done),
})
