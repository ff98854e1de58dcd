/** Slows down whoever tries again and again. */
export interface Attempts {
  /** Counts one more try; the seconds to wait before it may be made, or 0. */
  begin(key: string): number
  succeed(key: string): void
}

interface Tries {
  count: number
  /** In milliseconds since 1970. */
  blockedUntil: number
}

const free = 5
const firstWaitMs = 60_000
const longestWaitMs = 900_000
const keys = 10_000

/** Five tries are free; then one a minute, and each wrong one doubles the wait, up to a quarter of an hour. */
export function createAttempts(now = Date.now): Attempts {
  const tries = new Map<string, Tries>()
  return {
    begin(key) {
      const { count, blockedUntil } = tries.get(key) ?? { count: 0, blockedUntil: 0 }
      if (blockedUntil > now()) return Math.ceil((blockedUntil - now()) / 1000)
      // It counts before it is known to be wrong: a hundred at once are a hundred.
      const next = count + 1
      const waitMs = next < free ? 0 : Math.min(firstWaitMs * 2 ** (next - free), longestWaitMs)
      tries.delete(key)
      tries.set(key, { count: next, blockedUntil: now() + waitMs })
      const [oldest] = tries.keys()
      if (tries.size > keys && oldest !== undefined) tries.delete(oldest)
      return 0
    },
    succeed: (key) => void tries.delete(key),
  }
}
