import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Query } from './handler.ts'
import type { Login } from './settings.ts'

/** Cognito gives up after five seconds, and that is its time, with the start of the function in it. */
const budgetMilliseconds = 4_000
const connectMilliseconds = 2_000
const statementMilliseconds = 1_500
const checkMilliseconds = 400
const pauseMilliseconds = 250

/** A session that lives from one invocation of the function to the next. */
export interface Session {
  /** All queries of one invocation together have so much time, with connecting and with trying once more. */
  beginInvocation(remainingMilliseconds?: number): Query
  close(): Promise<void>
}

/** Opens the session when it is first needed, and again when it is found dead. */
export function openSession(login: Login): Session {
  let client: pg.Client | undefined
  let checked = false

  async function connect(deadline: number, fresh: boolean): Promise<pg.Client> {
    const next = new pg.Client({
      ...(await inTime(login(fresh), deadline)),
      application_name: 'cruddur-trigger',
      connectionTimeoutMillis: Math.max(1, Math.min(connectMilliseconds, deadline - Date.now())),
      statement_timeout: statementMilliseconds,
      // Where the network is gone, the server's own time-out cannot speak.
      query_timeout: statementMilliseconds + 100,
      keepAlive: true,
    })
    // Without a listener a session that the server ends would end the process.
    next.on('error', () => forget(next))
    try {
      await inTime(next.connect(), deadline)
    } catch (error) {
      forget(next)
      throw error
    }
    return next
  }

  /** The process sleeps between invocations: the other end may have gone without a word. */
  async function isAlive(kept: pg.Client, deadline: number): Promise<boolean> {
    if (checked) return true
    const soon = Math.min(deadline, Date.now() + checkMilliseconds)
    return inTime(kept.query('select'), soon).then(
      () => (checked = true),
      () => false,
    )
  }

  async function ready(deadline: number, fresh: boolean): Promise<pg.Client> {
    if (client && (await isAlive(client, deadline))) return client
    forget(client)
    client = await connect(deadline, fresh)
    checked = true
    return client
  }

  function forget(gone: pg.Client | undefined): void {
    if (gone === client) client = undefined
    // A goodbye would wait for a server that may not be there.
    gone?.connection.stream.destroy()
  }

  async function ask(deadline: number, text: string, values: string[]) {
    for (let fresh = false, tries = 2; ;) {
      let used: pg.Client | undefined
      try {
        used = await ready(deadline, fresh)
        return await inTime(used.query<Record<string, unknown>>(text, values), deadline)
      } catch (error) {
        // What the server says about a statement is an answer, and the session is as good as before.
        if (isAnswer(error)) throw error
        forget(used)
        tries -= 1
        if (tries === 0 || Date.now() >= deadline) throw error
        fresh = isRefused(error)
        // A server that restarts is there again soon; a password that was changed is there now.
        if (!fresh) await sleep(Math.min(pauseMilliseconds, Math.max(0, deadline - Date.now())))
      }
    }
  }

  return {
    beginInvocation(remainingMilliseconds = budgetMilliseconds) {
      checked = false
      const deadline = Date.now() + Math.min(budgetMilliseconds, remainingMilliseconds)
      return (text, values) => ask(deadline, text, values)
    },
    async close() {
      const last = client
      client = undefined
      await last?.end()
    },
  }
}

/** Waits, but not beyond the deadline; what comes later is nobody's concern. */
async function inTime<T>(work: Promise<T>, deadline: number): Promise<T> {
  work.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('No answer in time')), Math.max(0, deadline - Date.now()))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Everything but a lost connection (08), a wrong password or role (28), a full server (53), and one that stops or starts (57P). */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|28|53|57P)/.test(error.code ?? '')
}

/** 28P01 is a wrong password; 28000 a role that may not log in this way (appendix A of the PostgreSQL manual). */
function isRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code ?? '').startsWith('28')
}
