import { inspectServer, listCopies, pickPrunable, pruneCopies, withMaintenance, type Copy } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { limitsOf } from '../../copies-view.ts'
import { flag } from '../../flag.ts'
import { bytesText } from '../../layout.ts'
import { counted } from '../../loaded-view.ts'

export const prune = defineCommand({
  name: 'undo prune',
  summary: 'Drop kept copies of the target’s database for good',
  description: `Those that are over the limits of pgrig.json: older than 7 days, or not among the newest 3. Copies of other databases on the
server stay.`,
  target: 'server',
  destructive: true,
  examples: ['undo prune', 'undo prune --older-than 3d', 'undo prune --all --yes'],
  flags: {
    all: flag.boolean('All of them', { short: 'a' }),
    olderThan: flag.duration('Those that were put aside longer ago, instead of the limits'),
  },

  async run({ all, olderThan }, tools) {
    const planned = await tools.plannedTarget()
    const nothing = { database: planned.database, copies: [] as Copy[], pruned: [] as string[], dryRun: tools.dryRun }
    const folder = (await tools.project()).folder
    if (tools.dryRun && planned.kind === 'embedded' && (await inspectServer(folder)).dataMajor === undefined)
      return nothing
    const target = await tools.target()
    const { database } = target
    const limits = await limitsOf(tools)
    const found = await withMaintenance(target, (connection) => listCopies(connection, { sizes: true }))
    const wish = { all, limits, ...(olderThan !== undefined && { olderThanSeconds: olderThan }) }
    const copies = pickPrunable(found, database, wish, new Date())
    if (tools.dryRun || copies.length === 0) return { ...nothing, copies }
    const what = `${counted(copies.length, 'copy')} of ${database}, ${sizeOf(copies)}`
    for (const { copy, sizeBytes } of copies)
      tools.note(`  ${copy}${sizeBytes === null ? '' : `, ${bytesText(sizeBytes)}`}`)
    // On production a refusal is on record as well.
    const signs = await tools.permitLoss(target, `drops ${what}, for good,`, { tables: false })
    if (signs.length === 0) await tools.confirm(`Drop ${what}, for good?`)
    return {
      ...nothing,
      copies,
      pruned: await pruneCopies(
        target,
        copies.map(({ copy }) => copy),
      ),
    }
  },

  show({ database, copies, pruned, dryRun }, screen) {
    if (copies.length === 0) return screen.line(`No copy of ${database} is to go.`)
    for (const { copy } of copies) {
      if (dryRun) screen.line(`Would drop ${copy}.`)
      else
        screen.line(
          pruned.includes(copy)
            ? `Dropped ${copy}.`
            : `${copy} could not be dropped: somebody uses it, or another role owns it.`,
        )
    }
  },
})

function sizeOf(copies: readonly Copy[]): string {
  return bytesText(copies.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0))
}
