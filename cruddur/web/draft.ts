/** What somebody has begun to write, and with which key it is sent. */
export interface Draft {
  message: string
  ttl: string
  /** The Idempotency-Key of the next attempt to send it: the same as long as it stays the same. */
  key: string
}

const defaultTtl = '7-days'

// Of this tab, and gone with it: on a shared machine nobody else should find it.
const prefix = 'draft '

/** The draft for a place: `''` for a new post, or what is answered. */
export function loadDraft(place: string): Draft {
  try {
    const { message, ttl, key } = JSON.parse(sessionStorage.getItem(prefix + place) ?? '{}') as Partial<Draft>
    return { message: message ?? '', ttl: ttl ?? defaultTtl, key: key ?? makeKey() }
  } catch {
    return { message: '', ttl: defaultTtl, key: makeKey() }
  }
}

export function keepDraft(place: string, draft: Draft): void {
  try {
    if (draft.message === '') sessionStorage.removeItem(prefix + place)
    else sessionStorage.setItem(prefix + place, JSON.stringify(draft))
  } catch {
    // Without storage, or with a full one, a draft lives as long as the page.
  }
}

/** Changes a draft. What is sent next is then something else, and has another key. */
export function changeDraft(draft: Draft, changes: Partial<Pick<Draft, 'message' | 'ttl'>>): Draft {
  const changed = { ...draft, ...changes }
  return changed.message === draft.message && changed.ttl === draft.ttl ? draft : { ...changed, key: makeKey() }
}

export function emptyDraft(): Draft {
  return { message: '', ttl: defaultTtl, key: makeKey() }
}

export function forgetDrafts(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(prefix)) sessionStorage.removeItem(name)
  } catch {
    // Then there are none.
  }
}

/** A random uuid (RFC 9562, version 4). `crypto.randomUUID` is only there over https and on this machine. */
function makeKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
