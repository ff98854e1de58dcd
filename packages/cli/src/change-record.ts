import { hostname } from 'node:os'
import { exitCodes, Failure, type LoggedChange, logChange, type OpenTarget } from '@pgrig/core'
import { isAbort } from './report.ts'

/** Puts on record, in the project's log, what a command does to production. */
export interface ChangeRecord {
  /** The change begins. */
  begin(open: OpenTarget, what: string, signs: readonly string[]): Promise<void>
  /** The same for what AWS is asked for: `server` is `cruddur-db on RDS in eu-central-1`. */
  beginAtAws(server: string, what: string): Promise<void>
  /** Nobody allowed it. */
  refuse(open: OpenTarget, what: string, signs: readonly string[], refusal: unknown): Promise<void>
  /** The command ended, with an error or without one. */
  end(error?: unknown): Promise<void>
}

interface RecordOptions {
  command: string
  user: string | undefined
  projectFolder: () => Promise<string>
  warn: (text: string) => void
}

export function recordChanges({ command, user, projectFolder, warn }: RecordOptions): ChangeRecord {
  const started = performance.now()
  const begun: Omit<LoggedChange, 'at' | 'result'>[] = []
  const describeAt = (
    where: Pick<LoggedChange, 'role' | 'target' | 'server' | 'database'>,
    what: string,
    signs: readonly string[],
  ) => ({ id: crypto.randomUUID(), user: user ?? null, host: hostname(), ...where, command, what, signs })
  const describe = ({ target, address, database }: OpenTarget, what: string, signs: readonly string[]) => {
    const server = `${address.host}:${address.port}`
    return describeAt({ role: address.user, target: target.name, server, database }, what, signs)
  }
  const write = async (change: Omit<LoggedChange, 'at'>) => {
    try {
      await logChange(await projectFolder(), { at: new Date().toISOString(), ...change })
    } catch (error) {
      // Whoever may do it may do it without a record, but hears of that.
      if (!(error instanceof Failure)) throw error
      warn(`This is not on record in .pgrig/log.jsonl: ${error.message}`)
    }
  }

  const begin = async (change: Omit<LoggedChange, 'at' | 'result'>) => {
    begun.push(change)
    await write({ ...change, result: 'started' })
  }

  return {
    begin: (open, what, signs) => begin(describe(open, what, signs)),
    beginAtAws: (server, what) =>
      begin(describeAt({ role: null, target: null, server, database: null }, what, ['it is on Amazon RDS'])),
    refuse: (open, what, signs, refusal) =>
      write({ ...describe(open, what, signs), result: 'refused', ...codeOf(refusal) }),
    async end(error) {
      const seconds = Math.round(performance.now() - started) / 1000
      for (const change of begun.splice(0))
        await write({ ...change, result: resultOf(error), ...codeOf(error), seconds })
    },
  }
}

function resultOf(error: unknown): LoggedChange['result'] {
  if (error === undefined) return 'done'
  if (isAbort(error)) return 'interrupted'
  if (!(error instanceof Failure)) return 'failed'
  if (error.exitCode === exitCodes.interrupted) return 'interrupted'
  return error.code === 'refused' ? 'refused' : 'failed'
}

function codeOf(error: unknown): { error?: string } {
  return error instanceof Failure ? { error: error.code } : error === undefined ? {} : { error: 'unexpected' }
}
