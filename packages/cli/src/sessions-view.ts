import type { Activity, EndedSession, PreparedTransaction, Session, SessionVerb } from '@pgrig/core'
import { type Column, layColumns, type LaidColumns } from './columns.ts'
import { durationText } from './layout.ts'
import { counted } from './loaded-view.ts'
import type { Screen } from './screen.ts'

const ageText = (seconds: number | null) => (seconds === null ? '' : durationText(Math.max(seconds, 0)))

const columns: readonly Column<Session>[] = [
  { name: 'pid', text: ({ pid }) => String(pid), right: true, importance: 11 },
  { name: 'user', text: ({ user }) => user ?? '', least: 8, importance: 4 },
  { name: 'database', text: ({ database }) => database ?? '', least: 12, importance: 7 },
  { name: 'client', text: clientText, least: 15, importance: 1 },
  { name: 'process', text: processText, least: 20, importance: 3 },
  { name: 'application', text: ({ application }) => application, least: 14, importance: 6 },
  { name: 'state', text: stateText, least: 15, importance: 10 },
  { name: 'xact', text: ({ transactionSeconds }) => ageText(transactionSeconds), right: true, importance: 5 },
  { name: 'waiting', text: waitingText, least: 14, importance: 2 },
  { name: 'blocked by', text: blockersText, least: 10, importance: 8 },
  { name: 'query', text: ({ query }) => query ?? '', least: 20, importance: 9 },
]

/** On a terminal: what every second row would say in fewer letters, and of a long queue its head. */
const narrowTexts: Readonly<Record<string, (session: Session) => string>> = {
  state: (session) => stateText(session).replace('idle in transaction', 'idle in tx'),
  'blocked by': (session) => {
    const { blockedBy } = session
    return blockedBy.length < 3
      ? blockersText(session)
      : `${blockersText({ ...session, blockedBy: blockedBy.slice(0, 1) })} +${blockedBy.length - 1}`
  },
}

const narrowColumns = columns.map((column) => ({ ...column, text: narrowTexts[column.name] ?? column.text }))

/** Sessions as lines. What has no room is cut or left out, the least important first. */
export function laySessions(sessions: readonly Session[], width: number | undefined): LaidColumns {
  return layColumns(sessions, width === undefined ? columns : narrowColumns, width)
}

function clientText({ client, clientPort }: Session): string {
  return client ?? (clientPort === -1 ? 'local' : '')
}

/** `node server.js (4711)`, of a program on this machine. */
export function processText({ process }: Session): string {
  if (!process) return ''
  return `${process.program}${process.script === undefined ? '' : ` ${process.script}`} (${process.pid})`
}

/** The state, and for how long. */
export function stateText({ state, stateSeconds, hidden, kind }: Session): string {
  if (hidden) return 'hidden'
  const name = state ?? kind ?? ''
  return stateSeconds === null ? name : `${name} ${ageText(stateSeconds)}`
}

function waitingText({ waiting, waitSeconds }: Session): string {
  return waiting === null ? '' : `${waiting}${waitSeconds === null ? '' : ` ${ageText(waitSeconds)}`}`
}

function blockersText({ blockedBy }: Session): string {
  return blockedBy.map((pid) => (pid === 0 ? 'prepared' : pid)).join(' ')
}

/** Whose session it is: `rails as app in cruddur`. */
export function whoText({ application, user, database }: Session): string {
  return [application, user && `as ${user}`, database && `in ${database}`].filter(Boolean).join(' ')
}

/** One session in a few words: `4711 (rails as app in cruddur)`. */
export function describeSession(session: Session): string {
  const who = whoText(session)
  return who === '' ? String(session.pid) : `${session.pid} (${who})`
}

/** The same as one list, for --json: what is no session is told by its `kind`. */
export function listActivity({ sessions, preparedTransactions, replicationSlots }: Activity): object[] {
  return [
    ...sessions,
    ...preparedTransactions.map(({ gid, transaction, owner, database, seconds }) => ({
      // What pg_blocking_pids calls it.
      pid: 0,
      kind: 'prepared transaction',
      user: owner,
      database,
      gid,
      transaction,
      transactionSeconds: seconds,
    })),
    ...replicationSlots.map(({ name, kind, database, pid }) => ({
      pid,
      kind: 'replication slot',
      database,
      slot: name,
      slotKind: kind,
    })),
  ]
}

/** `all`: idle ones were asked for too; `filtered`: certain ones were. */
export function showActivity(
  activity: Activity,
  screen: Screen,
  { all = false, filtered = false }: { all?: boolean; filtered?: boolean } = {},
): void {
  const { sessions, preparedTransactions, replicationSlots, hidden, idleLeftOut } = activity
  if (sessions.length > 0) {
    const { heading, rows } = laySessions(sessions, screen.columns)
    screen.line(screen.style('bold', heading))
    for (const [at, row] of rows.entries()) screen.line(sessions[at]?.own === true ? screen.style('dim', row) : row)
  } else screen.line(nobodyText(all, filtered, idleLeftOut))
  if (preparedTransactions.length > 0) {
    screen.line()
    screen.line('Prepared transactions, which hold their locks and their database without a session:')
    screen.table(preparedTransactions, {
      gid: ({ gid }) => gid,
      owner: ({ owner }) => owner,
      database: ({ database }) => database,
      age: ({ seconds }) => durationText(seconds),
      'to end it': rollbackText,
    })
  }
  if (replicationSlots.length > 0) {
    screen.line()
    screen.line('Replication slots that are read from:')
    screen.table(replicationSlots, {
      slot: ({ name }) => name,
      kind: ({ kind }) => kind,
      database: ({ database }) => database,
      pid: ({ pid }) => pid,
    })
  }
  if (hidden) screen.note(hiddenText(hidden))
  if (sessions.length > 0 && idleLeftOut > 0)
    screen.note(
      `${counted(idleLeftOut, 'more session')} ${idleLeftOut === 1 ? 'is' : 'are'} idle: --all lists them too.`,
    )
}

function nobodyText(all: boolean, filtered: boolean, idle: number): string {
  const nobody = filtered ? 'There is no such session.' : `Nobody else is ${all ? 'connected' : 'doing anything'}.`
  if (idle === 0) return nobody
  return `${nobody} ${counted(idle, 'session')} ${idle === 1 ? 'is' : 'are'} idle: --all lists them too.`
}

/** What ends a prepared transaction, in its own database. */
export function rollbackText({ gid }: PreparedTransaction): string {
  return `rollback prepared '${gid.replaceAll("'", "''")}'`
}

export function hiddenText({ role, sessions }: { role: string; sessions: number }): string {
  return `The queries of ${counted(sessions, 'session')} of other roles are hidden: grant pg_monitor to ${role}`
}

/** What became of a session that was to be cancelled or ended. `role` is ours. */
export function outcomeText({ outcome, needs }: EndedSession, verb: SessionVerb, role: string): string {
  switch (outcome) {
    case 'done':
      return verb === 'cancel' ? 'cancelled' : 'ended'
    case 'sent':
      return 'told to stop; whether it did is hidden from us'
    case 'gone':
      return 'had left before'
    case 'missing':
      return 'there is no such session'
    case 'idle':
      return 'runs no statement that could be cancelled; sessions end ends the session'
    case 'denied':
      return needs === 'superuser'
        ? `not allowed: it is the session of a superuser, which only a superuser may ${verb}`
        : `not allowed: it is of another role; grant pg_signal_backend to ${role}`
    case 'remains':
      return verb === 'cancel' ? 'its statement still runs after 5 s' : 'still there after 5 s'
    case 'own':
      return 'a session of pgrig itself, which pgrig leaves alone'
  }
}
