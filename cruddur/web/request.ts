import { learnTime } from './clock.ts'
import { readNextLink } from './merge.ts'

/** What came of a request. Requests never throw: there is always something to show. */
export type Answer<T> = { ok: true; data: T; next: string | undefined } | Refusal

export interface Refusal {
  ok: false
  /** The status; 0 when there was no answer. */
  status: number
  codes: readonly string[]
  /** When it may be worth asking again. */
  retrySeconds: number | undefined
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const patienceMilliseconds = 15_000

/** What the server put into the page: answers by their address. */
const inlined = new Map<string, Inlined['answers'][string]>()

interface Inlined {
  /** When the server wrote it, in milliseconds since 1970. */
  at: number
  answers: Record<string, { status: number; next: string | null; data: unknown }>
}

/** Takes over the answers that came with the page. Each is used once, so that it is never old. */
export function takeInlined(text: string): void {
  if (text === '') return
  const { at, answers } = JSON.parse(text) as Inlined
  learnTime(at, 0, performance.timeOrigin, Date.now())
  for (const [address, answer] of Object.entries(answers)) inlined.set(address, answer)
}

/** Asks the API for something, or takes the answer that came with the page. */
export async function read<T>(address: string): Promise<Answer<T>> {
  return readInlined<T>(address) ?? request<T>('GET', address)
}

/** The answer that came with the page, if one did. */
export function readInlined<T>(address: string): Answer<T> | undefined {
  const answer = inlined.get(address)
  if (answer === undefined) return undefined
  inlined.delete(address)
  const { status, next, data } = answer
  if (status === 200) return { ok: true, data: data as T, next: readNextLink(next) }
  return { ok: false, status, codes: [], retrySeconds: undefined }
}

/** Sends a request to the API. */
export async function request<T>(
  method: Method,
  address: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  const sentAt = Date.now()
  try {
    const response = await fetch(address, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMilliseconds),
    })
    // The header has full seconds.
    learnTime(Date.parse(response.headers.get('date') ?? ''), 1_000, sentAt, Date.now())
    const text = await response.text()
    const data: unknown = text === '' ? undefined : JSON.parse(text)
    if (response.ok) return { ok: true, data: data as T, next: readNextLink(response.headers.get('link')) }
    const { errors } = (data ?? {}) as { errors?: unknown }
    const retry = Number(response.headers.get('retry-after') ?? Number.NaN)
    return {
      ok: false,
      status: response.status,
      codes: Array.isArray(errors) ? errors.map(String) : [],
      retrySeconds: Number.isFinite(retry) ? retry : undefined,
    }
  } catch {
    // The network, its patience, or something between us and the server that does not speak JSON.
    return { ok: false, status: 0, codes: [], retrySeconds: undefined }
  }
}

const sentences: Record<string, string> = {
  message_blank: 'Write something first.',
  message_exceed_max_chars: 'That is too long.',
  display_name_blank: 'A name is needed.',
  display_name_exceed_max_chars: 'A name has at most 50 characters.',
  bio_exceed_max_chars: 'At most 160 characters say who you are.',
  idempotency_key_reused: 'This was sent before with other words. Send it again.',
  account_pending: 'Your account is still being set up. Try again in a moment.',
}

/** Says to a person why something was refused. */
export function sayRefusal({ status, codes, retrySeconds }: Refusal): string {
  for (const code of codes) {
    const sentence = sentences[code]
    if (sentence !== undefined) return sentence
  }
  if (status === 0) return 'Cruddur cannot be reached. Check your connection and try again.'
  if (status === 401) return 'You are not signed in any more. Sign in and try again.'
  if (status === 404 || status === 410) return 'It is not there any more.'
  if (status === 429) return `That was a lot at once. Try again ${sayIn(retrySeconds)}.`
  if (status === 503) return 'Cruddur is busy. Try again in a moment.'
  if (status < 500) return 'Cruddur does not accept that.'
  return 'Something went wrong at Cruddur. Try again.'
}

function sayIn(seconds: number | undefined): string {
  if (seconds === undefined) return 'later'
  if (seconds < 60) return seconds === 1 ? 'in a second' : `in ${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'in a minute' : `in ${minutes} minutes`
}
