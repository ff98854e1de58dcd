import { inspectServer, planUndo, undoDrop, type UndoPlan } from '@pgrig/core'
import { defineCommand, type Tools } from '../command.ts'
import { timeText, undoCommand } from '../copies-view.ts'
import { flag } from '../flag.ts'

export const undo = defineCommand({
  name: 'undo',
  summary: 'Bring back what drop, setup or undo has put aside',
  description: `The newest copy of the target’s database gets its name back. If there is a database of that name by now, it is put aside
in the same transaction: another undo swaps the two again. After a drop, setup or undo that was interrupted, undo goes back to what was
there before it.`,
  target: 'server',
  destructive: true,
  examples: ['undo', 'undo --from cruddur__dropped_20261124113000', 'undo prod --confirm cruddur', 'undo list'],
  flags: {
    from: flag.string('The copy to bring back, instead of the newest; undo list shows them', 'COPY'),
    force: flag.boolean('End the sessions of others who are connected to the database of that name', { short: 'f' }),
  },

  async run({ from, force }, tools) {
    const options = from === undefined ? {} : { from }
    if (tools.dryRun && (await hasNoServer(tools))) {
      const { database } = await tools.plannedTarget()
      return { database, plan: undefined, done: undefined, undo: undoCommand(tools) }
    }
    const target = await tools.target()
    const { database } = target
    const plan = await planUndo(target, options)
    if (tools.dryRun) return { database, plan, done: undefined, undo: undoCommand(tools) }
    const signs = await tools.permitLoss(target, describePlan(plan, database))
    if (signs.length === 0 && plan.does === 'restore' && plan.present !== undefined) {
      const fate = plan.present === 'kept' ? 'Put' : 'Drop'
      const aside = plan.present === 'kept' ? ` aside` : ', which an interrupted setup has made,'
      await tools.confirm(
        `${fate} the present ${database}${aside} and bring back ${database} as it was ${describeCopy(plan)}?`,
      )
    }
    // What was shown is what is done, whatever somebody else may drop meanwhile.
    const chosen = plan.does === 'restore' ? { from: plan.copy.copy } : {}
    return { database, plan, done: await undoDrop(target, { ...chosen, force }), undo: undoCommand(tools) }
  },

  show({ database, plan, done, undo }, screen) {
    if (!plan) return screen.line(`There is no copy of ${database} to bring back.`)
    if (!done) return screen.line(`Would do this: it ${describePlan(plan, database)}.`)
    const { ended, kept, reopened } = done
    if (ended.length > 0) screen.line(`Ended ${ended.length === 1 ? 'one session' : `${ended.length} sessions`}.`)
    if (reopened) return screen.line(`${database} was not dropped, and lets connections in again.`)
    if (plan.does === 'restore') screen.line(`${database} is back, as it was ${describeCopy(plan)}.`)
    if (!kept) return
    const size = kept.sizeBytes === null ? '' : ` (${screen.bytes(kept.sizeBytes)})`
    screen.line(`What had its name is kept: ${undo} swaps them again${size}.`)
  },
})

/** Follows "This …". */
function describePlan(plan: UndoPlan, database: string): string {
  if (plan.does === 'reopen') return `lets connections to ${database} in again, whose drop was interrupted`
  const back = `brings back ${database} as it was ${describeCopy(plan)}`
  if (plan.present === undefined) return back
  return `${plan.present === 'kept' ? 'puts the present database aside' : 'drops what an interrupted setup has made'} and ${back}`
}

/** Follows "as it was". */
function describeCopy({ copy }: UndoPlan & { does: 'restore' }): string {
  const { command, droppedAt, droppedBy } = copy
  const deed = command === 'drop' ? `${droppedBy} dropped it` : `${command} put it aside`
  return `when ${deed} at ${timeText(droppedAt)}`
}

/** A dry run makes no server. */
async function hasNoServer(tools: Tools): Promise<boolean> {
  const { kind } = await tools.plannedTarget()
  return kind === 'embedded' && (await inspectServer((await tools.project()).folder)).dataMajor === undefined
}
