import { Failure } from '../errors.ts'
import type { Deed } from '../guard/deed.ts'
import { Names } from '../guard/names.ts'
import { loadParser } from '../guard/parser.ts'
import { Routines } from '../guard/routines.ts'
import { readNames } from '../guard/server-facts.ts'
import { nameText } from '../guard/tree.ts'
import type { Connection } from '../postgres/connection.ts'
import type { ScriptSource } from '../script/files.ts'
import { lossOf, LossSearch } from './loss-search.ts'
import type { Loss, Losses, UnknownLoss } from './losses.ts'
import { initialVariables, type RunScriptOptions, serverVariables } from './run-script.ts'
import { readSteps, type Step } from './script-deeds.ts'
import { diskFiles } from './script-files.ts'
import { Surroundings } from './surroundings.ts'

/** How long the server looks at most for each answer. */
const lookSeconds = 3

/** What `findLosses` does. */
export async function lookForLosses(
  sources: readonly ScriptSource[],
  connection: Connection | undefined,
  options: RunScriptOptions,
): Promise<Losses> {
  const parser = await loadParser()
  const inTransaction = options.transaction !== 'none'
  const standard = connection?.channel.parameters.get('standard_conforming_strings') !== 'off'
  const files = diskFiles(new Surroundings(options.folder, options.environment), options, { signal: options.signal })
  const { steps, stopsOnError } = await readSteps(sources, files, parser, {
    variables: [...(connection ? serverVariables(connection) : []), ...initialVariables(options)],
    inTransaction,
    recordings: standard ? (options.inspection?.recordings ?? []) : [],
    resetBetween: options.resetBetween ?? false,
    standardConformingStrings: standard,
  })
  const routines = connection && new Routines(connection, parser)
  if (!connection || !routines) return byName(steps, 'there is no connection')
  try {
    await connection.run('begin read only')
    await connection.run(
      `set local statement_timeout = '${lookSeconds}s'; set local lock_timeout = '500ms'; set local row_security = off`,
    )
    await routines.load(steps.flatMap(calledBy))
    const expanded = withBodies(steps, routines)
    const mentioned = expanded.flatMap(({ deed }) => namesOf(deed))
    const names = new Names(await readNames(connection, mentioned), { stopsOnError, inTransaction })
    const search = new LossSearch(connection, names)
    for (const step of expanded) await search.take(step)
    return await search.result()
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'sql_error') throw error
    return byName(steps, error.message)
  } finally {
    await connection.run('rollback').catch(() => {})
  }
}

/** The names of what a step calls, in the bodies that it creates, too. */
function calledBy({ deed, body }: Step): string[] {
  return [...(deed.kind === 'calls' ? [deed.routine.name] : []), ...body.flatMap(calledBy)]
}

/** The steps with those of the routines that they call, and without what is known to be harmless. */
function withBodies(steps: readonly Step[], routines: Routines | undefined): Step[] {
  const own = new Map<string, readonly Step[]>()
  const prepared = new Set<string>()
  const expand = (step: Step, callers: readonly string[]): Step[] => {
    const { deed, location, uncertain } = step
    switch (deed.kind) {
      case 'creates routine':
        // There may be several of a name.
        own.set(deed.routine.name, [...(own.get(deed.routine.name) ?? []), ...step.body])
        return []
      case 'calls': {
        const { name } = deed.routine
        // One that calls itself is being looked at.
        const body = callers.includes(name) ? [] : own.get(name)
        const there = body === undefined || routines?.has(deed.routine) ? routines?.resolve(deed.routine) : undefined
        return [
          ...(body ?? []).flatMap((inner) => expand(inner, [...callers, name])),
          ...(there ?? []).map((inner): Step => ({ deed: inner, location, uncertain, body: [] })),
        ]
      }
      case 'prepares':
        if (!uncertain) prepared.add(deed.name)
        return []
      case 'executes': {
        if (prepared.has(deed.name)) return []
        const why = `executes ${deed.name}, which this script does not prepare`
        return [{ ...step, deed: { kind: 'unknown', why, offset: deed.offset } }]
      }
      default:
        return [step]
    }
  }
  return steps.flatMap((step) => expand(step, []))
}

function namesOf(deed: Deed): string[] {
  switch (deed.kind) {
    case 'destroys':
    case 'drops with dependents':
      return deed.object ? [deed.object.name] : []
    case 'renames':
      return [deed.from.name]
    case 'creates':
      return [deed.relation.name]
    default:
      return []
  }
}

/** What is lost, as far as the text of the scripts tells. */
function byName(steps: readonly Step[], notLooked: string): Losses {
  const losses: Loss[] = []
  const unknown: UnknownLoss[] = []
  for (const { deed, location } of withBodies(steps, undefined)) {
    if (deed.kind === 'destroys') losses.push(lossOf(deed, location, deed.object && nameText(deed.object)))
    else if (deed.kind === 'unknown') unknown.push({ location, why: deed.why })
    else if (deed.kind === 'drops with dependents') unknown.push({ location, why: deed.what })
  }
  return { losses, unknown, notLooked }
}
