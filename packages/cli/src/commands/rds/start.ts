import { readRdsInstance, startInstance, waitForStatus } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { endpointOf, watchActions, watchOptions } from '../../rds-view.ts'

export const start = defineCommand({
  name: 'rds start',
  summary: 'Start a stopped instance or cluster, and wait until it can be used',
  description: 'That takes minutes. Ctrl-C stops the wait alone: it goes on starting.',
  target: 'none',
  changes: true,
  aws: ['rds:StartDBInstance', 'rds:StartDBCluster', ...watchActions],
  arguments: { name: argument.required('The name of the instance or cluster') },
  flags: { noWait: flag.boolean('Do not wait') },
  examples: ['rds start cruddur-db', 'rds start cruddur-db --no-wait'],

  async run({ name, noWait }, tools) {
    const aws = await tools.aws()
    const instance = await readRdsInstance(aws, name)
    const running = instance.status === 'available'
    if (running || tools.dryRun) return { instance, started: false, running, dryRun: tools.dryRun }
    await tools.noteRdsChange(name, 'starts it')
    if (instance.status !== 'starting') await startInstance(aws, instance)
    const now = noWait
      ? await readRdsInstance(aws, name)
      : await waitForStatus(aws, name, 'available', watchOptions(tools))
    return { instance: now, started: true, running, dryRun: false }
  },

  show({ instance, started, running, dryRun }, screen) {
    const { name, status } = instance
    if (running) return screen.line(`${name} is running already.`)
    if (dryRun) return screen.line(`Would start ${name}, which is ${status}.`)
    if (started)
      screen.line(status === 'available' ? `${name} is available at ${endpointOf(instance)}.` : `${name} is ${status}.`)
  },
})
