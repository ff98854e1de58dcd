import { inspectServer, removeServer } from '@pgrig/core'
import { defineCommand } from '../../command.ts'

export const remove = defineCommand({
  name: 'server remove',
  summary: 'Stop the project’s PostgreSQL server and delete all of its data',
  description: 'Every database of the embedded server goes, and there is no way back.',
  target: 'project',
  changes: true,
  asks: true,
  examples: ['server remove', 'server remove --yes', 'server remove --dry-run'],

  async run(_, tools) {
    const project = await tools.project()
    const { dataFolder, dataMajor } = await inspectServer(project.folder)
    if (dataMajor === undefined || tools.dryRun) return { dataFolder, removed: false, there: dataMajor !== undefined }
    await tools.confirm(`Delete every database in ${dataFolder}?`)
    return { dataFolder, removed: await removeServer(project.folder), there: true }
  },

  show({ dataFolder, removed, there }, screen) {
    if (removed) screen.line(`The server is stopped and ${dataFolder} is deleted.`)
    else screen.line(there ? `Would stop the server and delete ${dataFolder}.` : 'There is no data to remove.')
  },
})
