import { Failure, findStopHindrances, readRdsInstance, stopInstance, waitForStatus } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { timeText } from '../../copies-view.ts'
import { watchActions, watchOptions } from '../../rds-view.ts'

export const stop = defineCommand({
  name: 'rds stop',
  summary: 'Stop an instance or cluster for up to seven days',
  description: `Nobody can connect while it is stopped; its storage and backups are paid for as before. After seven days RDS starts it again
by itself, and nothing can keep it from that: --keep-stopped prints what stops it again each time, to be run by cron or by a rule of
EventBridge on the event RDS-EVENT-0154.`,
  target: 'none',
  destructive: true,
  aws: ['rds:StopDBInstance', 'rds:StopDBCluster', ...watchActions],
  arguments: { name: argument.required('The name of the instance or cluster') },
  flags: {
    noWait: flag.boolean('Do not wait until it is stopped'),
    keepStopped: flag.boolean('Print how to keep it stopped after the seven days, too'),
  },
  examples: [
    'rds stop cruddur-db',
    'rds stop cruddur-db --confirm cruddur-db --no-wait',
    'rds stop cruddur-db --keep-stopped',
  ],

  async run({ name, noWait, keepStopped }, tools) {
    const aws = await tools.aws()
    const instance = await readRdsInstance(aws, name)
    const stopped = instance.status === 'stopped' || instance.status === 'stopping'
    const outcome = { keepStopped, already: stopped, dryRun: tools.dryRun }
    if (stopped) return { ...outcome, instance }
    const hindrances = findStopHindrances(instance)
    if (hindrances.length > 0) throw new Failure('aws_state', hindrances.join(' '), { state: 'Nothing was changed.' })
    if (tools.dryRun) return { ...outcome, instance }
    tools.note(`This stops ${name}: nobody can connect until it is started.`)
    await tools.confirmName(`Type ${name} to go on:`, name)
    await tools.noteRdsChange(name, 'stops it')
    await stopInstance(aws, instance)
    const now = noWait
      ? await readRdsInstance(aws, name)
      : await waitForStatus(aws, name, 'stopped', watchOptions(tools))
    return { ...outcome, instance: now }
  },

  show({ instance, already, dryRun, keepStopped }, screen) {
    const { name, status, startsAgainAt } = instance
    if (dryRun && !already) screen.line(`Would stop ${name}, which is ${status}.`)
    else screen.line(`${name} is ${status}${already ? ' already' : ''}.`)
    if (startsAgainAt !== null) screen.line(`RDS starts it again by itself at ${timeText(startsAgainAt)}.`)
    if (!keepStopped) return
    screen.line()
    screen.line('To stop it again after each such start, let this run every hour, as cron does:')
    screen.line(`  0 * * * *  pgrig rds stop ${name} --confirm ${name} --no-wait --quiet`)
    screen.line(
      'While RDS starts it, a stop is refused; the run of the hour after that succeeds. It costs up to two hours a week.',
    )
  },
})
