import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Identity, SignedOut } from '../identity.ts'
import { ProviderRefused, ProviderUnavailable } from './errors.ts'
import type { OpenIdClient, Tokens } from './openid.ts'
import { createSealer } from './seal.ts'
import type { SessionRow, SessionTable } from './session-table.ts'
import type { TokenVerifier, VerifiedToken } from './token-verifier.ts'

/** Sessions of browsers: a random id in the cookie, everything else here. */
export interface Sessions {
  /** Starts a session and returns its id. */
  start(tokens: Tokens, verified: VerifiedToken): Promise<string>
  /** Undefined where the session has ended. Throws `ProviderUnavailable` where that cannot be known. */
  find(id: string): Promise<Identity | undefined>
  /** What is kept of a session. Undefined where it has ended. */
  read(id: string): Promise<KeptTokens | undefined>
  /** Ends a session, or all of its owner. Returns what the provider has to be told. */
  end(id: string, everywhere: boolean): Promise<KeptTokens | undefined>
  /** Takes the word of another process that sessions have ended. */
  forget(ended: SignedOut): void
  /** Waits for what goes on in the background. */
  settle(): Promise<void>
}

export interface SessionsOptions {
  table: SessionTable
  openId: Pick<OpenIdClient, 'refresh' | 'revoke'>
  verifier: TokenVerifier
  secrets: readonly string[]
  now?: (() => number) | undefined
}

/** The access token is not kept: who it is for was read from it, and nobody else is asked with it. */
export type KeptTokens = Omit<Tokens, 'accessToken'>

/** What is sealed into the row. */
interface Kept {
  tokens: KeptTokens
  identity: Identity
  /** When the access token ends, in milliseconds since 1970. */
  expiresAt: number
}

interface Known {
  /** As other processes name it. */
  name: string
  identity: Identity
  /** Until when it is not asked again, in milliseconds since 1970. */
  until: number
}

/** For how long a session that another process has ended may still be taken for one, where nobody tells. */
const trustedMs = 30_000
/** So long before its end an access token is refreshed. */
const marginMs = 60_000
const touchSeconds = 3_600
const knownSessions = 10_000
const patienceMs = 10_000

export function createSessions({ table, openId, verifier, secrets, now = Date.now }: SessionsOptions): Sessions {
  const sealer = createSealer(secrets, 'session')
  /** By id. */
  const known = new Map<string, Known>()
  const reading = new Map<string, Promise<Identity | undefined>>()
  const refreshing = new Map<string, Promise<Identity | undefined>>()
  /** Counts what was forgotten: an answer that was on its way meanwhile is not remembered. */
  let forgotten = 0

  function forget({ session, sub }: SignedOut): void {
    forgotten += 1
    for (const [id, { name, identity }] of known) if (name === session || identity.sub === sub) known.delete(id)
  }

  function remember(id: string, one: Known): void {
    known.delete(id)
    known.set(id, one)
    const [oldest] = known.keys()
    if (known.size > knownSessions && oldest !== undefined) known.delete(oldest)
  }

  async function read(id: string): Promise<Identity | undefined> {
    const idHash = hash(id)
    const before = forgotten
    const found = await load(id, idHash)
    if (!found) return undefined
    const { kept, row } = found
    if (row.secondsUnused > touchSeconds) await table.touch(idHash)
    const left = kept.expiresAt - now()
    if (left > marginMs) {
      const until = Math.min(now() + trustedMs, kept.expiresAt - marginMs)
      if (before === forgotten) remember(id, { name: nameOf(idHash), identity: kept.identity, until })
      return kept.identity
    }
    const { refreshToken } = kept.tokens
    if (refreshToken === undefined) {
      // Then it lasts as long as the access token.
      if (left > 0) return kept.identity
      await table.remove(idHash)
      return undefined
    }
    const refreshed = once(refreshing, nameOf(idHash), () => refresh(id, idHash, found))
    if (left <= 0) return refreshed
    // Nobody has to wait for it yet; and where it fails, the next request will find out.
    refreshed.catch(() => {})
    return kept.identity
  }

  async function load(id: string, idHash: Buffer): Promise<{ row: SessionRow; kept: Kept } | undefined> {
    const row = await table.find(idHash)
    const text = row && sealer.open(row.sealed, id)
    return row && text !== undefined ? { row, kept: JSON.parse(text) as Kept } : undefined
  }

  async function refresh(
    id: string,
    idHash: Buffer,
    first: { row: SessionRow; kept: Kept },
  ): Promise<Identity | undefined> {
    const patienceEnds = Date.now() + patienceMs
    for (let { row, kept } = first; ;) {
      if (await table.claim(idHash, row.sealed)) return renew(id, idHash, kept)
      // Another process is asking, or has the answer already.
      if (kept.expiresAt > now()) return kept.identity
      if (Date.now() > patienceEnds) throw new ProviderUnavailable('The session could not be refreshed in time')
      await sleep(100)
      const found = await load(id, idHash)
      if (!found) return undefined
      ;({ row, kept } = found)
      if (kept.expiresAt > now()) return kept.identity
    }
  }

  async function renew(id: string, idHash: Buffer, kept: Kept): Promise<Identity | undefined> {
    try {
      const tokens = await openId.refresh(kept.tokens.refreshToken ?? '')
      const verified = await verifier.verify(tokens.accessToken)
      if (verified.identity.sub !== kept.identity.sub)
        throw new ProviderRefused('The refreshed token is somebody else’s')
      if (await table.save(idHash, sealKept({ ...kept.tokens, ...tokens }, verified, id))) return verified.identity
      // It has ended while we asked; what we were given must not outlive it.
      await openId.revoke(tokens.refreshToken).catch(() => {})
      return undefined
    } catch (error) {
      if (error instanceof ProviderRefused) {
        await table.remove(idHash)
        return undefined
      }
      await table.release(idHash)
      throw error
    }
  }

  function sealKept({ refreshToken, idToken }: KeptTokens, verified: VerifiedToken, id: string): Buffer {
    const kept: Kept = { tokens: { refreshToken, idToken }, ...verified }
    return sealer.seal(JSON.stringify(kept), id)
  }

  return {
    async start(tokens, verified) {
      const id = randomBytes(32).toString('base64url')
      await table.add(hash(id), verified.identity.sub, sealKept(tokens, verified, id))
      return id
    },

    async find(id) {
      // By the id itself: a hash would cost more than all else that a request for somebody known does.
      const found = known.get(id)
      if (found && found.until > now()) return found.identity
      known.delete(id)
      return wellFormed(id) ? once(reading, id, () => read(id)) : undefined
    },

    async read(id) {
      return wellFormed(id) ? (await load(id, hash(id)))?.kept.tokens : undefined
    },

    async end(id, everywhere) {
      if (!wellFormed(id)) return undefined
      const idHash = hash(id)
      const kept = (await load(id, idHash))?.kept
      await table.remove(idHash)
      forget({ session: nameOf(idHash) })
      if (kept && everywhere) {
        await table.removeAll(kept.identity.sub)
        forget({ sub: kept.identity.sub })
      }
      return kept?.tokens
    },

    forget,

    async settle() {
      await Promise.allSettled([...reading.values(), ...refreshing.values()])
    },
  }
}

/** All who ask for the same while it is under way get the one answer. */
function once<Result>(
  running: Map<string, Promise<Result>>,
  key: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const started = running.get(key)
  if (started) return started
  const promise = work().finally(() => running.delete(key))
  running.set(key, promise)
  return promise
}

function wellFormed(id: string): boolean {
  return /^[\w-]{43}$/.test(id)
}

function hash(id: string): Buffer {
  return createHash('sha256').update(id).digest()
}

function nameOf(idHash: Buffer): string {
  return idHash.toString('base64url')
}
