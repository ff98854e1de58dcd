import type { Activity, LockNode, Session, SessionVerb } from '@pgrig/core'
import { type LockLine, lockLines } from '../locks-view.ts'
import { describeSession, processText } from '../sessions-view.ts'
import type { Key } from './keys.ts'

export type LiveView = 'sessions' | 'locks'

const orders = ['importance', 'transaction', 'state', 'user', 'application', 'pid'] as const

/** What the page says besides its lists. */
interface Message {
  text: string
  tone: 'plain' | 'good' | 'bad'
}

/** A question in place; while it is open, keys answer it. */
export type Prompt =
  | { kind: 'filter'; text: string; before: string }
  | { kind: 'sure'; verb: SessionVerb; session: Session }
  | { kind: 'name'; session: Session; text: string }

/** All that the page shows follows from this. */
export interface LiveModel {
  /** The target, as its line says it. */
  target: string
  /** What must be typed to end a session: the database's exact name on production; undefined elsewhere. */
  confirmName: string | undefined
  /** How often it refreshes. */
  seconds: number
  view: LiveView
  all: boolean
  order: (typeof orders)[number]
  paused: boolean
  help: boolean
  filter: string
  prompt: Prompt | undefined
  /** Of the row that is selected: it stays selected when the list moves. */
  selected: string | undefined
  activity: Activity | undefined
  locks: readonly LockNode[] | undefined
  message: Message | undefined
  /** Why there is no connection. */
  lost: string | undefined
}

export type LiveEvent =
  | { kind: 'key'; key: Key; page: number }
  | { kind: 'activity'; activity: Activity }
  | { kind: 'locks'; locks: readonly LockNode[] }
  | { kind: 'lost'; reason: string }
  | { kind: 'message'; message: Message }

/** What is to be done besides showing the model. */
export type LiveEffect =
  | { kind: 'quit' }
  | { kind: 'interrupt' }
  | { kind: 'refresh' }
  | { kind: 'stop'; verb: SessionVerb; session: Session }

export interface LiveStep {
  model: LiveModel
  effect?: LiveEffect
}

/** One row that can be selected. */
export interface LiveRow {
  key: string
  /** Null: a prepared transaction, or one that has left. */
  session: Session | null
  lock: LockLine | undefined
}

/** What follows on an event. Pure: the model that is given stays as it is. */
export function step(model: LiveModel, event: LiveEvent): LiveStep {
  switch (event.kind) {
    case 'activity':
      return { model: selectFirst({ ...model, activity: event.activity, lost: undefined }) }
    case 'locks':
      return { model: selectFirst({ ...model, locks: event.locks, lost: undefined }) }
    case 'lost':
      return { model: { ...model, lost: event.reason } }
    case 'message':
      return { model: { ...model, message: event.message } }
    case 'key':
      if (event.key === 'interrupt') return { model, effect: { kind: 'interrupt' } }
      return keepInSight(model.prompt ? answer(model, model.prompt, event.key) : press(model, event.key, event.page))
  }
}

/**
 * Selects the first row where none is yet. One that leaves takes its selection with it: a key that is pressed just then must not
 * mean another session than the eye saw.
 */
function selectFirst(model: LiveModel): LiveModel {
  return model.selected === undefined ? { ...model, selected: rowsOf(model)[0]?.key } : model
}

/** What a key hides is not selected any more, but the first of those that it shows is. */
function keepInSight({ model, effect }: LiveStep): LiveStep {
  const rows = rowsOf(model)
  const seen = rows.some(({ key }) => key === model.selected)
  return { model: seen ? model : { ...model, selected: rows[0]?.key }, ...(effect && { effect }) }
}

/** The rows of the present view, in their order. */
export function rowsOf(model: LiveModel): LiveRow[] {
  if (model.view === 'locks') {
    return lockLines(model.locks ?? []).map((lock) => ({
      key: lock.node.prepared ? `prepared ${lock.node.prepared.gid}` : keyOf(lock.node.session ?? lock.node),
      session: lock.node.session,
      lock,
    }))
  }
  const sessions = (model.activity?.sessions ?? []).filter(
    (session) => (model.all || session.state !== 'idle') && contains(session, model.filter),
  )
  return sorted(sessions, model.order).map((session) => ({ key: keyOf(session), session, lock: undefined }))
}

function keyOf({ pid, startedAt }: { pid: number; startedAt?: string | null }): string {
  return `${pid} ${startedAt ?? ''}`
}

function contains(session: Session, text: string): boolean {
  const { pid, user, database, client, application, state, query } = session
  const whole = [pid, user, database, client, application, state, query, processText(session)].join(' ')
  return whole.toLowerCase().includes(text.toLowerCase())
}

function sorted(sessions: readonly Session[], order: LiveModel['order']): readonly Session[] {
  const byText = (read: (session: Session) => string | null) => (one: Session, other: Session) =>
    (read(one) ?? '\uFFFF').localeCompare(read(other) ?? '\uFFFF') || one.pid - other.pid
  const longest = (read: (session: Session) => number | null) => (one: Session, other: Session) =>
    (read(other) ?? -1) - (read(one) ?? -1) || one.pid - other.pid
  switch (order) {
    case 'importance':
      return sessions
    case 'transaction':
      return sessions.toSorted(longest(({ transactionSeconds }) => transactionSeconds))
    case 'state':
      return sessions.toSorted(longest(({ stateSeconds }) => stateSeconds))
    case 'user':
      return sessions.toSorted(byText(({ user }) => user))
    case 'application':
      return sessions.toSorted(byText(({ application }) => application))
    case 'pid':
      return sessions.toSorted((one, other) => one.pid - other.pid)
  }
}

/** Where the selection is among the rows; -1 where it has left. */
export function selectedAt(model: LiveModel, rows: readonly LiveRow[]): number {
  return rows.findIndex(({ key }) => key === model.selected)
}

function press(given: LiveModel, key: Key, page: number): LiveStep {
  const model = { ...given, message: undefined }
  if (model.help && key !== 'q') return { model: { ...model, help: false } }
  const moves: Record<string, number> = {
    up: -1,
    k: -1,
    down: 1,
    j: 1,
    'page-up': -page,
    'page-down': page,
    home: -Infinity,
    g: -Infinity,
    end: Infinity,
    G: Infinity,
  }
  const move = moves[key]
  if (move !== undefined) return { model: moveBy(model, move) }
  switch (key) {
    case 'q':
      return { model, effect: { kind: 'quit' } }
    case 'c':
      return ask(model, 'cancel')
    case 'e':
    case 'K':
      return ask(model, 'end')
    case 's': {
      const order = orders[(orders.indexOf(model.order) + 1) % orders.length] ?? 'importance'
      return { model: { ...model, order } }
    }
    case '/':
      return {
        model: { ...model, view: 'sessions', prompt: { kind: 'filter', text: model.filter, before: model.filter } },
      }
    case 'escape':
      return { model: { ...model, filter: '' } }
    case 'a':
      return { model: { ...model, all: !model.all } }
    case 'p':
    case ' ':
      return { model: { ...model, paused: !model.paused }, ...(model.paused && { effect: { kind: 'refresh' } }) }
    case 'l':
      return {
        model: { ...model, view: model.view === 'locks' ? 'sessions' : 'locks', selected: undefined },
        effect: { kind: 'refresh' },
      }
    case 'r':
      return { model, effect: { kind: 'refresh' } }
    case '?':
    case 'h':
      return { model: { ...model, help: true } }
    default:
      return { model }
  }
}

function moveBy(model: LiveModel, move: number): LiveModel {
  const rows = rowsOf(model)
  const at = Math.min(Math.max(selectedAt(model, rows) + move, 0), rows.length - 1)
  return { ...model, selected: rows[at]?.key }
}

const say = (model: LiveModel, text: string, tone: Message['tone'] = 'bad'): LiveStep => ({
  model: { ...model, message: { text, tone }, prompt: undefined },
})

/** Asks before anything is done; what makes no sense is said instead. */
function ask(model: LiveModel, verb: SessionVerb): LiveStep {
  const rows = rowsOf(model)
  const row = rows[selectedAt(model, rows)]
  if (!row) return say(model, rows.length === 0 ? 'There is no session.' : 'The session that was selected has left.')
  const { session, lock } = row
  if (!session) {
    return say(model, lock?.node.prepared ? `It has no session. What ends it: ${lock.query}` : 'It has just left.')
  }
  if (session.own) return say(model, `${session.pid} is a session of pgrig itself, which pgrig leaves alone.`)
  const runs = session.hidden || session.state === 'active' || session.state === 'fastpath function call'
  if (verb === 'cancel' && !runs)
    return say(model, `${session.pid} runs no statement that could be cancelled. e ends the session.`)
  const prompt: Prompt =
    verb === 'end' && model.confirmName !== undefined
      ? { kind: 'name', session, text: '' }
      : { kind: 'sure', verb, session }
  return { model: { ...model, prompt } }
}

function answer(model: LiveModel, prompt: Prompt, key: Key): LiveStep {
  const closed = { ...model, prompt: undefined }
  if (prompt.kind === 'sure') {
    // Whatever is not a clear yes is no.
    if (key !== 'y' && key !== 'Y') return say(closed, 'Nothing was done.', 'plain')
    return { model: closed, effect: { kind: 'stop', verb: prompt.verb, session: prompt.session } }
  }
  if (key === 'escape') {
    if (prompt.kind === 'name') return say(closed, 'Nothing was done.', 'plain')
    return { model: { ...closed, filter: prompt.before } }
  }
  if (key === 'enter') {
    if (prompt.kind === 'filter') return { model: closed }
    if (prompt.text !== model.confirmName) return say(closed, 'That is not its name. Nothing was done.')
    return { model: closed, effect: { kind: 'stop', verb: 'end', session: prompt.session } }
  }
  const text = edited(prompt.text, key)
  return { model: { ...model, prompt: { ...prompt, text }, ...(prompt.kind === 'filter' && { filter: text }) } }
}

function edited(text: string, key: Key): string {
  if (key === 'backspace') return Array.from(text).slice(0, -1).join('')
  if (key === 'clear') return ''
  return Array.from(key).length === 1 ? text + key : text
}

export function promptText(prompt: Prompt, confirmName: string | undefined): string {
  if (prompt.kind === 'filter') return `Filter: ${prompt.text}▏`
  const who = describeSession(prompt.session)
  if (prompt.kind === 'name')
    return `This is production. To end ${who}, type the name of the database, ${confirmName ?? ''}: ${prompt.text}▏`
  return prompt.verb === 'end' ? `End ${who}? y/N` : `Cancel the statement of ${who}? y/N`
}
