import type { Session } from '@pgrig/core'
import { cellText, cutTo, durationText, padRight, widthOf, wrap } from '../layout.ts'
import { counted } from '../loaded-view.ts'
import type { Style } from '../paint.ts'
import { hiddenText, laySessions, processText, rollbackText, stateText } from '../sessions-view.ts'
import { type LiveModel, type LiveRow, promptText, rowsOf, selectedAt } from './model.ts'

export interface FrameSize {
  columns: number
  rows: number
}

type Paint = (style: Style, text: string) => string

/** The lines of the page: at most as many as there is room for, none longer than a row. */
export function layFrame(model: LiveModel, size: FrameSize, paint: Paint): string[] {
  const { columns } = size
  const title = `pgrig ${model.view} · ${model.target}`
  const pace = model.paused ? 'paused' : `every ${durationText(model.seconds)}`
  const head = [
    paint('bold', spread(title, pace, columns)),
    model.lost === undefined
      ? paint('dim', cutTo(summaryOf(model), columns))
      : paint('red', cutTo(cellText(model.lost), columns)),
    '',
  ]
  const foot = footOf(model, columns, paint)
  const room = Math.max(size.rows - head.length - foot.length, 0)
  if (model.help)
    return [
      ...head,
      ...fill(
        helpLines.map((line) => cutTo(line, columns)),
        room,
      ),
      ...foot,
    ]

  const rows = rowsOf(model)
  const at = selectedAt(model, rows)
  const below = room < 12 ? [] : detailsOf(model, rows[at], columns, paint)
  const body = layRows(model, rows, at, { columns, rows: room - below.length }, paint)
  return [...head, ...fill(body, room - below.length), ...below, ...foot]
}

function fill(lines: readonly string[], count: number): string[] {
  return [...lines, ...Array.from({ length: Math.max(count - lines.length, 0) }, () => '')].slice(0, Math.max(count, 0))
}

/** One text on the left and one on the right. */
function spread(left: string, right: string, columns: number): string {
  const room = columns - widthOf(right) - 2
  if (room < 10) return cutTo(left, columns)
  return `${padRight(cutTo(left, room), room)}  ${right}`
}

function summaryOf(model: LiveModel): string {
  const { activity, locks, filter, order, all } = model
  if (model.view === 'locks') {
    if (!locks) return 'Reading …'
    const waiting = rowsOf(model).filter(({ lock }) => lock?.node.waitsFor).length
    return waiting === 0 ? '' : `${counted(waiting, 'session')} ${waiting === 1 ? 'waits' : 'wait'}`
  }
  if (!activity) return 'Reading …'
  const count = (is: (session: Session) => boolean) => activity.sessions.filter(is).length
  const waiting = count(({ blockedBy }) => blockedBy.length > 0)
  const parts = [
    counted(activity.sessions.length, 'session'),
    `${count(({ state }) => state === 'active')} active`,
    `${count(({ state }) => state?.startsWith('idle in') === true)} idle in transaction`,
    `${count(({ state }) => state === 'idle')} idle${all ? '' : ' (not shown)'}`,
    ...(waiting > 0 ? [`${waiting} blocked`] : []),
    ...(order === 'importance' ? [] : [`by ${order}`]),
    ...(filter === '' ? [] : [`with “${filter}”`]),
  ]
  return parts.join(' · ')
}

function layRows(model: LiveModel, rows: readonly LiveRow[], at: number, size: FrameSize, paint: Paint): string[] {
  if (rows.length === 0) return [cutTo(emptyText(model), size.columns)]
  const width = size.columns - marker.length
  const laid =
    model.view === 'locks'
      ? {
          heading: undefined,
          rows: rows.map(({ lock }) => cutTo(`${lock?.branch ?? ''}${cellText(lock?.text)}`, width)),
        }
      : laySessions(
          rows.flatMap(({ session }) => session ?? []),
          width,
        )
  const heading = laid.heading === undefined ? [] : [paint('bold', `${' '.repeat(marker.length)}${laid.heading}`)]
  const room = Math.max(size.rows - heading.length, 1)
  const first = Math.min(Math.max(at - Math.floor(room / 2), 0), Math.max(rows.length - room, 0))
  const lines = laid.rows.slice(first, first + room).map((text, offset) => {
    const index = first + offset
    // The mark says it too where there are no colours.
    if (index === at) return paint('inverse', padRight(`${marker}${text}`, size.columns))
    const style = styleOf(rows[index])
    const line = `${' '.repeat(marker.length)}${text}`
    return style ? paint(style, line) : line
  })
  return [...heading, ...lines]
}

const marker = '› '

function styleOf(row: LiveRow | undefined): Style | undefined {
  const { session, lock } = row ?? {}
  if (lock) return lock.node.waitsFor === null ? 'bold' : undefined
  if (!session) return undefined
  if (session.own || session.state === 'idle') return 'dim'
  if (session.blockedBy.length > 0) return 'red'
  return session.state?.startsWith('idle in transaction') ? 'yellow' : undefined
}

function emptyText(model: LiveModel): string {
  if (model.view === 'locks') return model.locks ? 'Nobody waits for a lock.' : ''
  if (!model.activity) return ''
  if (model.filter !== '') return `No session has “${model.filter}” in it. Escape shows all.`
  if (model.activity.sessions.length > 0) return 'Nobody else is doing anything. a shows idle sessions too.'
  return 'Nobody else is connected.'
}

/** The selected session in full, as far as there is room, and what keeps the database in use besides sessions. */
function detailsOf(model: LiveModel, row: LiveRow | undefined, columns: number, paint: Paint): string[] {
  const { preparedTransactions = [], hidden = null } = (model.view === 'sessions' && model.activity) || {}
  const notes = [
    ...preparedTransactions.map(
      (one) =>
        `Prepared transaction of ${one.owner} in ${one.database} for ${durationText(one.seconds)}: ${rollbackText(one)}`,
    ),
    ...(hidden ? [hiddenText(hidden)] : []),
  ].slice(0, 2)
  const noteLines = notes.map((text) => paint('yellow', cutTo(cellText(text), columns)))
  if (!row) return noteLines
  const wrapped = wrap(cellText(row.lock ? row.lock.query : row.session?.query), columns)
  const query = wrapped.slice(0, queryLines).map((line, at) => {
    const more = at === queryLines - 1 && wrapped.length > queryLines
    return cutTo(more ? `${padRight(line, columns)} ` : line, columns)
  })
  const about = row.session ? [cutTo(cellText(aboutText(row.session)), columns)] : []
  return [...noteLines, paint('dim', '─'.repeat(columns)), ...about, ...fill(query, queryLines)]
}

const queryLines = 3

function aboutText(session: Session): string {
  const { pid, user, database, application, transactionSeconds } = session
  const parts = [
    pid,
    application,
    `${user ?? ''} in ${database ?? ''}`,
    processText(session),
    stateText(session),
    transactionSeconds === null ? '' : `transaction ${durationText(transactionSeconds)}`,
  ]
  return parts.filter(Boolean).join(' · ')
}

const keyHints = [
  '↑↓ select',
  'c cancel',
  'e end',
  'l locks',
  '/ filter',
  's sort',
  'a idle',
  'p pause',
  '? help',
  'q quit',
]

function footOf({ prompt, confirmName, message }: LiveModel, columns: number, paint: Paint): string[] {
  if (prompt)
    return wrap(cellText(promptText(prompt, confirmName)), columns).map((line) => paint('bold', cutTo(line, columns)))
  if (message) {
    const style = { plain: 'dim', good: 'green', bad: 'yellow' } as const
    return wrap(cellText(message.text), columns).map((line) => paint(style[message.tone], cutTo(line, columns)))
  }
  let hints = keyHints
  // The last two stay: they lead to all others, and out.
  while (widthOf(hints.join('  ')) > columns && hints.length > 2) hints = hints.toSpliced(-3, 1)
  return [paint('dim', cutTo(hints.join('  '), columns))]
}

const helpLines = [
  '↑ ↓ k j      select a session; Page up and down, Home, End',
  'c            cancel its statement; the session stays',
  'e or K       end the session; its transaction is rolled back',
  'l            locks: who waits for whom, and back',
  '/            filter by any word; Escape shows all again',
  's            sort: by importance, transaction, state, user, application, pid',
  'a            all sessions, or those alone that are not idle',
  'p or space   pause, and go on',
  'r            refresh now',
  'q            quit',
  '',
  'Sessions of pgrig itself are never cancelled or ended.',
  'Any key closes this help.',
]
