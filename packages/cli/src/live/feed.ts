import {
  connectMaintenance,
  connectTargetOrMaintenance,
  endSessions,
  Failure,
  processFinder,
  readActivity,
  readLocks,
  type Activity,
  type Cluster,
  type Connection,
  type EndedSession,
  type LockNode,
  type Session,
  type SessionFilter,
  type SessionVerb,
} from '@pgrig/core'

/** Where the live page reads from. */
export interface Feed {
  readActivity(): Promise<Activity>
  readLocks(): Promise<readonly LockNode[]>
  stop(verb: SessionVerb, session: Session): Promise<EndedSession | undefined>
  close(): void
}

/** A server that says nothing for so long is taken for lost. */
const answerSeconds = 10

/**
 * Reads over a connection that is made when it is needed, and made anew by the next read after it broke. Sessions are read from
 * another database than the target's, which somebody may want to drop meanwhile; the names of tables can be read there alone.
 */
export function openFeed(cluster: Cluster, filter: SessionFilter): Feed {
  const findProcesses = processFinder()
  const elsewhere = keptConnection(() => connectMaintenance(cluster))
  const inTarget = keptConnection(() => connectTargetOrMaintenance(cluster))
  return {
    readActivity() {
      inTarget.leave()
      return elsewhere.use((connection) => readActivity(connection, { ...filter, all: true, findProcesses }))
    },
    readLocks: () => inTarget.use(readLocks),
    async stop(verb, session) {
      const [ended] = await elsewhere.use((connection) => endSessions(connection, verb, [session]))
      return ended
    },
    close() {
      elsewhere.leave()
      inTarget.leave()
    },
  }
}

function keptConnection(connect: () => Promise<Connection>) {
  let kept: Promise<Connection> | undefined
  const leave = () => {
    const left = kept
    kept = undefined
    left?.then(
      (connection) => connection.leave(),
      () => {},
    )
  }
  return {
    leave,
    async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
      try {
        return await withinSeconds(answerSeconds, (kept ??= connect()).then(work))
      } catch (error) {
        // After an error of SQL the connection is as good as before.
        if (!(error instanceof Failure) || error.code !== 'sql_error') leave()
        throw error
      }
    },
  }
}

async function withinSeconds<Result>(seconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Failure('connection_lost', `The server has not answered for ${seconds} s.`))
    }, seconds * 1000)
  })
  try {
    return await Promise.race([work, silence])
  } finally {
    clearTimeout(timer)
    // What comes after all is of no interest any more.
    work.catch(() => {})
  }
}
