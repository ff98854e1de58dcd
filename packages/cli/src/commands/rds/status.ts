import { readEvents, readRdsInstance, watchInstance } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { timeText } from '../../copies-view.ts'
import { showInstance, watchActions, watchOptions } from '../../rds-view.ts'

export const status = defineCommand({
  name: 'rds status',
  summary: 'Show how an instance or cluster is, and what happened to it in the last day',
  target: 'none',
  aws: watchActions,
  arguments: { name: argument.required('The name of the instance or cluster') },
  flags: {
    wait: flag.boolean('Wait until it is available or stopped, and show what RDS tells meanwhile', { short: 'w' }),
  },
  examples: ['rds status cruddur-db', 'rds status cruddur-db --wait'],

  async run({ name, wait }, tools) {
    const aws = await tools.aws()
    if (wait) {
      await watchInstance(
        aws,
        name,
        (now) => now === undefined || ['available', 'stopped'].includes(now.status),
        watchOptions(tools),
      )
    }
    const instance = await readRdsInstance(aws, name)
    const day = 86_400_000
    const events = await readEvents(aws, name, tools.clock.now() - day)
    return { ...instance, events: events.map(({ at, message }) => ({ at: new Date(at).toISOString(), message })) }
  },

  show({ events, ...instance }, screen) {
    showInstance(instance, screen)
    if (events.length === 0) return
    screen.line()
    screen.heading('In the last day')
    for (const { at, message } of events) screen.line(`${timeText(at)}  ${message}`)
  },
})
