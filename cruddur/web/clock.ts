import { type Offset, narrowOffset } from './offset.ts'
import { makeSource, useSelected } from './source.ts'

let offset: Offset | undefined
const due = new Set<number>()

/** This moment by the server's clock, in milliseconds since 1970, as of the last tick. */
export const clock = makeSource(Date.now())

/** The server's clock, which decides what has expired: a machine whose clock is wrong must not hide or keep a post. */
export function serverNow(): number {
  return Date.now() + (offset?.ahead ?? 0)
}

/**
 * Learns how far the server's clock is ahead. It said this time, or up to a grain later, between these moments of
 * ours; all in milliseconds.
 */
export function learnTime(said: number, grain: number, sentAt: number, receivedAt: number): void {
  if (!Number.isNaN(said)) offset = narrowOffset(offset, said, grain, sentAt, receivedAt)
}

/** Makes the clock tick at this moment too, and not only at full seconds. */
export function wakeAt(moment: number): void {
  due.add(moment)
}

/** What `select` makes of the time, drawn again when that changes. */
export function useClock<S>(select: (now: number) => S): S {
  return useSelected(clock, select)
}

let timer: ReturnType<typeof setTimeout> | undefined

/** Ticks now, and from now on at each full second and at each moment that was asked for. */
export function startClock(): void {
  clearTimeout(timer)
  const now = serverNow()
  clock.set(now)
  let pause = 1_000 - (now % 1_000)
  for (const moment of due) {
    if (moment <= now) due.delete(moment)
    else pause = Math.min(pause, moment - now)
  }
  timer = setTimeout(startClock, Math.max(1, Math.ceil(pause)))
}
