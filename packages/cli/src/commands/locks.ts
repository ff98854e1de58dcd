import { readLocks, withTargetOrMaintenance } from '@pgrig/core'
import { defineCommand } from '../command.ts'
import { watch } from '../live/watch.ts'
import { showLocks } from '../locks-view.ts'
import { checkWatch, watchFlags } from '../session-flags.ts'

export const locks = defineCommand({
  name: 'locks',
  summary: 'Show who waits for a lock, and who holds it',
  description: `A tree, from the true holders, who wait for nobody, down to those that wait: for a lock that is held, or in the queue
behind another one that waits for it. Each stands there once, with what it waits for, for how long, and its statement.`,
  target: 'server',
  examples: ['locks', 'locks prod --watch', 'locks --json'],
  flags: watchFlags,

  async run({ watch: watched, interval }, tools) {
    checkWatch(watched, interval, tools)
    if (watched) return watch('locks', { filter: {}, seconds: interval }, tools)
    return withTargetOrMaintenance(await tools.target(), readLocks)
  },

  show(roots, screen) {
    if (roots) showLocks(roots, screen)
  },
})
