import type { LockNode } from '@pgrig/core'
import { cellText, cutTo, durationText, widthOf, wrap } from './layout.ts'
import type { Screen } from './screen.ts'
import { rollbackText, stateText, whoText } from './sessions-view.ts'

/** One of a tree of locks, as a line, and the line below it. */
export interface LockLine {
  node: LockNode
  /** What leads to it from the left. */
  branch: string
  /** The same for what belongs to it and stands below. */
  below: string
  text: string
  /** Its statement; for a prepared transaction, what ends it. */
  query: string
}

/** The trees from top to bottom. */
export function lockLines(roots: readonly LockNode[]): LockLine[] {
  const lines: LockLine[] = []
  // Without recursion: a queue may be longer than the stack.
  const open = roots.map((node) => ({ node, branch: '', indent: '' })).reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, branch, indent } = next
    const bar = node.blocks.length > 0 ? '│  ' : '   '
    lines.push({ node, branch, below: `${indent}${bar}`, text: lockText(node), query: queryText(node) })
    for (const [at, child] of [...node.blocks.entries()].reverse()) {
      const last = at === node.blocks.length - 1
      open.push({ node: child, branch: `${indent}${last ? '└─ ' : '├─ '}`, indent: `${indent}${last ? '   ' : '│  '}` })
    }
  }
  return lines
}

/** What matters most comes first: a narrow terminal cuts the end. */
function lockText(node: LockNode): string {
  const { pid, session, prepared, waitsFor, alsoBlocks, circular } = node
  const parts = prepared
    ? [
        `prepared transaction ${prepared.gid}`,
        durationText(prepared.seconds),
        `${prepared.owner} in ${prepared.database}`,
      ]
    : [String(pid)]
  if (waitsFor) parts.push(waitText(node))
  if (session && !waitsFor) parts.push(stateText(session), transactionText(session.transactionSeconds))
  if (alsoBlocks.length > 0) parts.push(`also blocks ${alsoBlocks.join(', ')}`)
  if (circular) parts.push('waits in a circle, which PostgreSQL will end by itself')
  if (!prepared) parts.push(session ? whoText(session) : 'has just left')
  return parts.filter(Boolean).join(' · ')
}

function waitText({ waitsFor, blocker }: LockNode): string {
  if (!waitsFor) return ''
  const how = waitsFor.seconds === null ? 'waits' : `waits ${durationText(waitsFor.seconds)}`
  const above = blocker?.holds.length
    ? ` (held: ${blocker.holds.join(', ')})`
    : blocker?.queuesFor
      ? ` (queued before it: ${blocker.queuesFor})`
      : ''
  return `${how} for ${waitsFor.mode} of ${waitsFor.object}${above}`
}

function transactionText(seconds: number | null): string {
  return seconds === null ? '' : `transaction ${durationText(seconds)}`
}

function queryText({ session, prepared }: LockNode): string {
  if (prepared) return `${rollbackText(prepared)}; in ${prepared.database}`
  if (!session) return ''
  if (session.hidden) return 'its statement is hidden: to see it takes pg_monitor'
  return session.query ?? ''
}

export function showLocks(roots: readonly LockNode[], screen: Screen): void {
  if (roots.length === 0) return screen.line('Nobody waits for a lock.')
  const width = screen.columns
  for (const { node, branch, below, text, query } of lockLines(roots)) {
    const [first = '', ...more] = width === undefined ? [cellText(text)] : wrap(cellText(text), width - widthOf(below))
    for (const line of [`${branch}${first}`, ...more.map((part) => `${below}${part}`)])
      screen.line(node.waitsFor === null ? screen.style('bold', line) : line)
    if (query === '') continue
    const statement = `${below}${cellText(query)}`
    screen.line(screen.style('dim', width === undefined ? statement : cutTo(statement, width)))
  }
  const holders = roots.filter(({ session }) => session !== null && !session.own).map(({ pid }) => pid)
  if (holders.length > 0) screen.note(`To end a holder: pgrig sessions end ${holders.join(' ')}, with the same target`)
}
