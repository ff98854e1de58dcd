import { Failure, type SessionFilter } from '@pgrig/core'
import type { Tools } from './command.ts'
import { flag } from './flag.ts'
import { needsTerminal } from './full-screen.ts'

/** Which sessions are meant, as the list and what cancels and ends them have it. */
export const sessionFlags = {
  idle: flag.duration('Those that are idle, or idle in a transaction, for longer'),
  application: flag.string('Those of an application', 'NAME'),
  user: flag.string('Those of a role', 'NAME'),
  database: flag.string('Those in a database', 'NAME'),
}

interface SessionFlagValues {
  idle: number | undefined
  application: string | undefined
  user: string | undefined
  database: string | undefined
}

export function filterOf({ idle, application, user, database }: SessionFlagValues): SessionFilter {
  return { idleSeconds: idle, application, user, database }
}

export const watchFlags = {
  watch: flag.boolean('Refresh in place until q is pressed; there sessions can be cancelled and ended', { short: 'w' }),
  interval: flag.duration('How often --watch refreshes', 'TIME', { default: 2 }),
}

const shortestInterval = 0.2

/** Throws `usage` where what was typed with --watch makes no sense, before anything is opened. */
export function checkWatch(watch: boolean, interval: number, tools: Tools): void {
  if (!watch) return
  if (tools.json) throw new Failure('usage', '--watch shows one picture after the other, and --json is one value.')
  if (tools.columns === undefined || tools.standardInput() !== undefined) throw needsTerminal()
  if (interval < shortestInterval)
    throw new Failure('usage', `--interval is at least ${shortestInterval * 1000}ms: the server has other work too.`)
}
