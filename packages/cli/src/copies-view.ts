import { type Copy, type CopyLimits, defaultLimits } from '@pgrig/core'
import type { Tools } from './command.ts'
import { counted } from './loaded-view.ts'
import type { Screen } from './screen.ts'

/** How long copies are kept, as pgrig.json says it. */
export async function limitsOf(tools: Tools): Promise<CopyLimits> {
  const { days, copies } = (await tools.project()).settings.undo ?? {}
  return { days: days ?? defaultLimits.days, copies: copies ?? defaultLimits.copies }
}

/** `pgrig undo`, with what makes it work on the same target as this run. */
export function undoCommand({ common }: Tools): string {
  if (common.url !== undefined) return 'pgrig undo, with the same --url,'
  return common.target === undefined || common.target === 'local' ? 'pgrig undo' : `pgrig undo ${common.target}`
}

/** Says that something is kept: `Kept a copy for 7 days: pgrig undo brings it back (8.1 MB).` */
export function showKept(
  what: string,
  { kept, limits, undo }: { kept: Copy; limits: CopyLimits; undo: string },
  screen: Screen,
): void {
  const size = kept.sizeBytes === null ? '' : ` (${screen.bytes(kept.sizeBytes)})`
  screen.line(`Kept ${what} for ${counted(limits.days, 'day')}: ${undo} brings it back${size}.`)
}

/** `2026-11-24 11:30 UTC` */
export function timeText(time: string | Date): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
