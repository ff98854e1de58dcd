import { drop, updateActivity } from './activities.ts'
import type { Activity } from './answers.ts'

/** Somebody has written something. */
interface Created {
  uuid: string
  handle: string
  reply_to_activity_uuid: string | null
}

interface Listener {
  created?(event: Created): void
  counts?(uuid: string): void
  /** The line was down or the page out of sight, so that something may have been missed. */
  resumed?(): void
}

const listeners = new Set<Listener>()
let source: EventSource | undefined
let again: ReturnType<typeof setTimeout> | undefined
let interrupted = false

/** Hears of what happens, until the returned function is called. */
export function listen(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Keeps a line to the server open while the page can be seen: browsers have only a few for all tabs together. */
export function startLive(): void {
  document.addEventListener('visibilitychange', follow)
  addEventListener('online', follow)
  addEventListener('pagehide', close)
  addEventListener('pageshow', follow)
  follow()
}

function follow(): void {
  if (document.visibilityState === 'hidden') return close()
  if (source === undefined) open()
}

function open(): void {
  clearTimeout(again)
  const line = new EventSource('/api/events')
  source = line
  line.addEventListener('open', () => {
    if (interrupted) for (const { resumed } of listeners) resumed?.()
    interrupted = false
  })
  line.addEventListener('error', () => {
    interrupted = true
    // A lost connection the browser makes again by itself, a refusal it does not. Not all come back at one moment.
    if (line.readyState !== EventSource.CLOSED || source !== line) return
    source = undefined
    again = setTimeout(follow, 5_000 + Math.random() * 10_000)
  })
  hear(line, 'created', (data) => {
    for (const { created } of listeners) created?.(data as Created)
  })
  hear(line, 'deleted', (data) => drop((data as { uuid: string }).uuid))
  // The server itself was away from its database.
  hear(line, 'resync', () => {
    for (const { resumed } of listeners) resumed?.()
  })
  hear(line, 'counts', (data) => {
    const { uuid, ...counts } = data as Pick<Activity, 'uuid' | 'likes_count' | 'reposts_count' | 'replies_count'>
    updateActivity(uuid, counts)
    for (const listener of listeners) listener.counts?.(uuid)
  })
}

function hear(line: EventSource, name: string, take: (data: unknown) => void): void {
  line.addEventListener(name, ({ data }: MessageEvent<string>) => take(JSON.parse(data)))
}

function close(): void {
  clearTimeout(again)
  source?.close()
  source = undefined
  interrupted = true
}
