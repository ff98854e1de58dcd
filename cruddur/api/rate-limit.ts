import { performance } from 'node:perf_hooks'
import { DatabaseUnavailable } from './database.ts'
import type { Store } from './store/store.ts'

/** The five minutes that limits speak of. */
export const windowSeconds = 300

/** What somebody may still do. */
export interface Allowance {
  allowed: boolean
  limit: number
  remaining: number
  /** Seconds until the window ends, rounded up. */
  resetSeconds: number
}

interface Lease {
  left: number
  /** What all processes have left to lease, when this lease was taken. */
  others: number
  endsAt: number
  taking?: Promise<void>
}

/** Keys that are kept at once; the oldest are forgotten first, and lose what they had leased. */
const maxKeys = 100_000

/**
 * Counts what each key does in a window, over all processes: the counts are in the database, and a process takes them from there by
 * tenths, so that few requests cost a query.
 */
export class RateLimiter {
  readonly #take: Store['takeLease']
  readonly #leases = new Map<string, Lease>()

  constructor(take: Store['takeLease']) {
    this.#take = take
  }

  /** Takes one of `limit` for `key`. Where the database does not answer, this process counts for itself. */
  async take(key: string, limit: number): Promise<Allowance> {
    for (;;) {
      const now = performance.now()
      const lease = this.#leases.get(key)
      if (lease !== undefined && lease.endsAt > now) {
        if (lease.taking !== undefined) {
          await lease.taking
          continue
        }
        if (lease.left > 0) {
          lease.left--
          return describe(lease, limit, true, now)
        }
        if (lease.others <= 0) return describe(lease, limit, false, now)
      }
      await this.#renew(key, limit, lease)
    }
  }

  async #renew(key: string, limit: number, old: Lease | undefined): Promise<void> {
    const lease: Lease = { left: 0, others: 0, endsAt: Infinity }
    this.#leases.delete(key)
    if (this.#leases.size >= maxKeys) this.#forget()
    this.#leases.set(key, lease)
    lease.taking = this.#fill(lease, key, limit, old)
    try {
      await lease.taking
    } catch (error) {
      this.#leases.delete(key)
      throw error
    } finally {
      delete lease.taking
    }
  }

  async #fill(lease: Lease, key: string, limit: number, old: Lease | undefined): Promise<void> {
    const size = Math.max(1, Math.floor(limit / 10))
    const asked = performance.now()
    try {
      const { used, resetMs } = await this.#take(key, windowSeconds, size)
      const before = used - size
      lease.left = Math.max(0, Math.min(size, limit - before))
      lease.others = Math.max(0, limit - used)
      lease.endsAt = asked + resetMs
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
      const known =
        old !== undefined && old.endsAt > asked ? old : { others: limit, endsAt: asked + windowSeconds * 1_000 }
      lease.left = Math.min(size, known.others)
      lease.others = known.others - lease.left
      lease.endsAt = known.endsAt
    }
  }

  #forget(): void {
    const now = performance.now()
    for (const [key, lease] of this.#leases) if (lease.endsAt <= now) this.#leases.delete(key)
    for (const key of this.#leases.keys()) {
      if (this.#leases.size < maxKeys) break
      this.#leases.delete(key)
    }
  }
}

function describe(lease: Lease, limit: number, allowed: boolean, now: number): Allowance {
  const resetSeconds = Math.max(1, Math.ceil((lease.endsAt - now) / 1_000))
  return { allowed, limit, remaining: lease.left + lease.others, resetSeconds }
}

/** The part of an address that one customer has: all of IPv4, the first 64 bits of IPv6 (RFC 6177). */
export function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!address.includes(':')) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length
    while (groups.length + after < 8) groups.push('0')
  }
  const first = groups.concat(tail === undefined || tail === '' ? [] : tail.split(':')).slice(0, 4)
  return `${first.map((group) => group.replace(/^0+(?=.)/, '')).join(':')}::/64`
}
