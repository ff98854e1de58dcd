import { Failure, findLosses, type Loss, type Losses, type RunScriptOptions, type ScriptSource } from '@pgrig/core'
import type { Tools } from './command.ts'
import { numberText } from './layout.ts'
import { counted } from './loaded-view.ts'
import type { Screen } from './screen.ts'

/** How many are shown: after some it is clear what kind of script it is. */
const shownLosses = 20

/** Shows what scripts would lose, a line for each place. */
export function showLosses({ losses, unknown, notLooked }: Losses, screen: Screen): void {
  if (notLooked !== undefined)
    screen.note(`The database could not be looked at, so these are the names in the script: ${notLooked}`)
  if (losses.length > 0) screen.note('It would lose:')
  showSome(losses, (loss) => describeLoss(loss, screen), screen)
  if (unknown.length > 0) screen.note('Before it runs, nobody can tell what this loses:')
  showSome(unknown, ({ why }) => why, screen)
  if (losses.length === 0 && unknown.length === 0)
    screen.note('It drops nothing that is there, and neither empties nor overwrites all of a table.')
}

function showSome<Item extends Losses['unknown'][number] | Loss>(
  items: readonly Item[],
  describe: (item: Item) => string,
  screen: Screen,
): void {
  for (const item of items.slice(0, shownLosses)) {
    const { file, line } = item.location
    screen.note(`  ${file}:${line}: ${describe(item)}`)
  }
  if (items.length > shownLosses) screen.note(`  … and ${numberText(items.length - shownLosses)} more`)
}

/** `drops the table public.users: 1,204,332 rows, 310 MB` */
function describeLoss({ action, object, rows, estimated, sizeBytes }: Loss, screen: Screen): string {
  const sizes = [
    ...(rows === null ? [] : [`${estimated ? 'about ' : ''}${counted(rows, 'row')}`]),
    ...(sizeBytes === null ? [] : [screen.bytes(sizeBytes)]),
  ]
  const what = object === undefined ? action : `${action} ${object}`
  return sizes.length === 0 ? what : `${what}: ${sizes.join(', ')}`
}

/**
 * What scripts would lose, for a dry run: undefined where the target does not look like production. A server that cannot be
 * reached is no reason to fail, and the embedded one is not started for it.
 */
export async function planLosses(
  sources: readonly ScriptSource[],
  options: RunScriptOptions,
  tools: Tools,
): Promise<Losses | undefined> {
  const planned = await tools.plannedTarget()
  if (planned.kind === 'embedded') return planned.protected ? findLosses(sources, undefined, options) : undefined
  const target = await tools.target()
  try {
    const connection = await target.connect()
    try {
      const signs = await tools.productionSigns(target, { connection })
      return signs.length === 0 ? undefined : await findLosses(sources, connection, options)
    } finally {
      connection.leave()
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.exitCode !== 2) throw error
    if (!planned.protected && planned.thisMachine) return undefined
    return { ...(await findLosses(sources, undefined, options)), notLooked: error.message }
  }
}
