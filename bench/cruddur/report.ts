import { median } from '../measure.ts'
import type { Figure } from './generators.ts'
import { type Operation, operations } from './statements.ts'

/** A contender's figures for one operation and one number of clients, round by round. */
export interface Row {
  contender: string
  operation: Operation
  clients: number
  figures: Figure[]
}

/** What was wanted, and what came out. */
export interface Verdict {
  goal: string
  wanted: number
  measured: number
  holds: boolean
}

/** The shares that are to be reached: of pgbench at 8 clients, by a service that 16 connections ask, with a pool of 8. */
const shares: Record<Operation, number> = { home: 0.41, user: 0.66, thread: 0.5, insert: 0.7 }

export const names = {
  pgbench: 'pgbench',
  cruddur: 'Cruddur',
  anonymous: 'Cruddur, nobody signed in',
  original: 'Flask + psycopg2',
  postgraphile: 'PostGraphile 5',
} as const

/** Holds the figures to the goals: ratios within each round, of which the median counts. */
export function judge(rows: Row[]): Verdict[] {
  const ratio = (operation: Operation, one: string, other: string, clients = 16) => {
    const ours = find(rows, one, operation, 16)
    const theirs = find(rows, other, operation, clients)
    return median(ours.map(({ perSecond }, round) => perSecond / (theirs[round]?.perSecond ?? Infinity)))
  }
  const atLeast = (goal: string, wanted: number, measured: number) => ({
    goal,
    wanted,
    measured,
    holds: measured >= wanted,
  })
  const slowest = (operation: Operation) =>
    median(find(rows, names.cruddur, operation, 16).map(({ p99 }) => p99 ?? Infinity))
  return [
    ...operations.map((operation) =>
      atLeast(
        `${operation}: share of pgbench at 8 clients`,
        shares[operation],
        ratio(operation, names.cruddur, names.pgbench, 8),
      ),
    ),
    ...operations.map((operation) =>
      atLeast(
        `${operation}: times the original’s design, signed in`,
        5,
        ratio(operation, names.cruddur, names.original),
      ),
    ),
    atLeast('home: times the original’s design, with the memo', 15, ratio('home', names.anonymous, names.original)),
    ...operations.map((operation) => {
      const measured = slowest(operation)
      return { goal: `${operation}: p99 in ms at 16 clients, less than`, wanted: 50, measured, holds: measured < 50 }
    }),
  ]
}

/** A table for each operation: requests per second and p99, by the number of clients. */
export function printTables(rows: Row[], levels: readonly number[]): void {
  for (const operation of operations) {
    console.log(
      `\n${operation.padEnd(26)}${levels.map((clients) => `${clients} client${clients === 1 ? '' : 's'}`.padStart(20)).join('')}`,
    )
    for (const contender of Object.values(names)) {
      const cells = levels.map((clients) => cell(find(rows, contender, operation, clients)))
      if (cells.some((text) => text !== ''))
        console.log(`${contender.padEnd(26)}${cells.map((text) => text.padStart(20)).join('')}`)
    }
  }
  console.log('\nper second · p99 in ms; medians of the rounds')
}

/** The goals one a line, each with its verdict. */
export function printVerdicts(verdicts: Verdict[]): void {
  console.log('')
  for (const { goal, wanted, measured, holds } of verdicts)
    console.log(
      `${goal.padEnd(52)} ${String(wanted).padStart(5)}  ${measured.toFixed(3).padStart(8)}  ${holds ? 'holds' : 'MISSED'}`,
    )
}

function cell(figures: Figure[]): string {
  if (figures.length === 0) return ''
  const perSecond = median(figures.map((figure) => figure.perSecond)).toFixed(0)
  const slow = figures.flatMap(({ p99 }) => p99 ?? [])
  return slow.length === 0 ? `${perSecond} ·     –` : `${perSecond} · ${median(slow).toFixed(1).padStart(5)}`
}

function find(rows: Row[], contender: string, operation: Operation, clients: number): Figure[] {
  const same = (row: Row) => row.contender === contender && row.operation === operation && row.clients === clients
  return rows.find(same)?.figures ?? []
}
