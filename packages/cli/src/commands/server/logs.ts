import { Failure, followServerLog, readServerLog } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { flag } from '../../flag.ts'

export const logs = defineCommand({
  name: 'server logs',
  summary: 'Show what the project’s PostgreSQL server logged',
  target: 'project',
  examples: ['server logs', 'server logs --lines 200', 'server logs --follow'],
  flags: {
    lines: flag.number('How many lines, the newest', 'N', { default: 50 }),
    follow: flag.boolean('Go on showing new lines until Ctrl-C', { short: 'f' }),
  },

  async run({ lines, follow }, tools) {
    if (follow && tools.json) {
      throw new Failure('usage', '--follow has no end, so it has no result to print as JSON.', {
        hint: 'Leave out --follow or --json.',
      })
    }
    const project = await tools.project()
    return {
      lines: await readServerLog(project.folder, lines),
      ...(follow && { newLines: followServerLog(project.folder, tools.signal) }),
    }
  },

  async show({ lines, newLines }, screen) {
    for (const line of lines) screen.line(line)
    if (!newLines) return
    for await (const line of newLines) screen.line(line)
  },
})
