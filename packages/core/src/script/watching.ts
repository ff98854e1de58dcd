import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../errors.ts'
import { PassingAnswer } from './answers.ts'
import type { Statement } from './statement.ts'

/** What `\watch` says. */
export interface WatchOptions {
  /** From the start of one run to that of the next. */
  readonly milliseconds: number
  /** How often it runs at most. */
  readonly count: number
  /** It ends when fewer rows come. */
  readonly minRows: number
}

/** Reads the arguments of `\watch` as psql 18 does; `interval` is that of WATCH_INTERVAL. Throws `script_failed`. */
export function readWatch(words: readonly string[], interval = '2'): WatchOptions {
  const given = new Map<string, string>()
  for (const word of words) {
    const [, label = 'i', value = word] = /^([^=]*)=(.*)$/s.exec(word) ?? []
    const name = names.get(label)
    if (name === undefined) throw wrong(`does not know "${word}"`)
    if (given.has(name)) throw wrong(`takes one ${name}`)
    given.set(name, value)
  }
  const text = given.get('interval') ?? interval
  const seconds = Number(text)
  if (Number.isNaN(seconds) || seconds < 0) throw wrong(`wants a number of seconds, and "${text}" is none`)
  return {
    milliseconds: Math.trunc(seconds * 1000),
    count: wholeNumber(given.get('count')) ?? Infinity,
    minRows: wholeNumber(given.get('number of rows')) ?? 0,
  }
}

const names = new Map([
  ['i', 'interval'],
  ['interval', 'interval'],
  ['c', 'count'],
  ['count', 'count'],
  ['m', 'number of rows'],
  ['min_rows', 'number of rows'],
])

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\s*\+?\d+$/.test(text) && Number(text) > 0 && Number(text) < 2 ** 31) return Number(text)
  throw wrong(`wants a number above 0, and "${text}" is none`)
}

function wrong(what: string): Failure {
  return new Failure('script_failed', `\\watch ${what}.`)
}

/** Its data stands in the script only once. Throws `script_unsupported`. */
export function refuseToWatch(statement: Statement): void {
  if (statement.copyFromStdin) throw new Failure('script_unsupported', 'COPY … FROM STDIN cannot be repeated.')
}

/** Does something again and again, until it returns false. Throws what it throws, and the signal's reason at once. */
export async function repeat(
  { milliseconds, count }: WatchOptions,
  run: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  let next = performance.now()
  for (let left = count; (await run()) && --left > 0;) {
    // A run that takes longer than that is followed by the next one at once.
    next = Math.max(next + milliseconds, performance.now())
    const pause = Math.min(next - performance.now(), longestPause)
    await wait(pause, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}

/** A timer of Node.js waits no longer. */
const longestPause = 2 ** 31 - 1

/** The title above each result of `\watch`: what the user has set, the time, and how often it comes. */
export function watchTitle(title: string | undefined, { milliseconds }: WatchOptions, now: Date): string {
  const seconds = Number((milliseconds / 1000).toPrecision(6))
  return `${title === undefined ? '' : `${title}\t`}${localTime(now)} (every ${seconds}s)\n`
}

/** As the C library writes it in the locale C: `Fri Oct  2 15:04:05 2026`. */
function localTime(now: Date): string {
  const [day, month, date, year, time] = now.toString().split(' ')
  return `${day} ${month} ${String(Number(date)).padStart(2)} ${time} ${year}`
}

/** Counts the rows of the first result. */
export class WatchedAnswer extends PassingAnswer {
  rows = 0
  #first = true

  override row(values: readonly (Buffer | null)[]): void {
    if (this.#first) this.rows++
    super.row(values)
  }

  override complete(tag: string): void {
    this.#first = false
    super.complete(tag)
  }
}
