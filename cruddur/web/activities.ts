import type { Activity } from './answers.ts'
import { clock, serverNow, wakeAt } from './clock.ts'
import { type Answer, type Method, request, sayRefusal } from './request.ts'
import { say } from './say.ts'
import { makeSource, type Source } from './source.ts'

type ActivitySource = Source<Activity | undefined>

// One place for each activity that was heard of, so that all views of it agree.
const sources = new Map<string, ActivitySource>()
const expiries = new Map<string, number>()
const gone = new Set<string>()

/** Counts what has gone, for those who show many. */
export const departures = makeSource(0)

clock.watch(() => {
  const now = clock.get()
  for (const [uuid, expiry] of expiries) if (expiry <= now) drop(uuid)
})

/** An activity by its uuid, undefined in it once it has gone. */
export function activitySource(uuid: string): ActivitySource {
  let source = sources.get(uuid)
  if (source === undefined) sources.set(uuid, (source = makeSource<Activity | undefined>(undefined)))
  return source
}

/** Takes over activities as the API tells them. What has gone stays gone, whatever an older answer says. */
export function takeActivities(activities: readonly Activity[]): void {
  for (const activity of activities) {
    const expiry = Date.parse(activity.expires_at)
    if (expiry <= serverNow()) gone.add(activity.uuid)
    if (gone.has(activity.uuid)) continue
    expiries.set(activity.uuid, expiry)
    wakeAt(expiry)
    activitySource(activity.uuid).set(activity)
  }
}

/** Changes what is known of an activity, if anything is. */
export function updateActivity(uuid: string, changes: Partial<Activity>): void {
  const source = sources.get(uuid)
  const activity = source?.get()
  if (activity !== undefined) source?.set({ ...activity, ...changes })
}

/** Lets an activity go for good, and what answers it. */
export function drop(uuid: string): void {
  gone.add(uuid)
  for (const [reply, source] of sources) if (source.get()?.reply_to_activity_uuid === uuid) drop(reply)
  hide(uuid)
}

/** Takes an activity out of sight, until the API tells of it again. */
export function hide(uuid: string): void {
  expiries.delete(uuid)
  sources.get(uuid)?.set(undefined)
  departures.set(departures.get() + 1)
}

/** Takes all that somebody wrote out of sight. */
export function hideAllOf(handle: string): void {
  for (const [uuid, source] of sources) if (source.get()?.handle === handle) hide(uuid)
}

/** Whether there is something to see of an activity. */
export function isHere(uuid: string): boolean {
  return sources.get(uuid)?.get() !== undefined
}

export function hasGone(uuid: string): boolean {
  return gone.has(uuid)
}

const switches = {
  like: { flag: 'liked', count: 'likes_count', failed: ['The like was not saved.', 'The like was not taken back.'] },
  repost: {
    flag: 'reposted',
    count: 'reposts_count',
    failed: ['It was not reposted.', 'The repost was not taken back.'],
  },
} as const

const wanted = new Map<string, boolean>()

/**
 * Turns a like or a repost on or off: at once in the page, then at the server. Where that fails the page goes back to
 * what the server has, and says so. Turned again meanwhile, the last state wins.
 */
export async function toggle(uuid: string, kind: keyof typeof switches): Promise<void> {
  const { flag, failed } = switches[kind]
  const activity = activitySource(uuid).get()
  if (activity === undefined) return
  const key = `${kind} ${uuid}`
  const working = wanted.has(key)
  wanted.set(key, !activity[flag])
  show(uuid, kind, !activity[flag])
  if (working) return
  let saved = activity[flag]
  for (let target = wanted.get(key); target !== undefined && target !== saved; target = wanted.get(key)) {
    const method: Method = target ? 'PUT' : 'DELETE'
    const answer: Answer<Partial<Activity>> = await request(method, `/api/activities/${uuid}/${kind}`)
    if (!answer.ok) {
      show(uuid, kind, saved)
      say(`${failed[target ? 0 : 1]} ${sayRefusal(answer)}`, 'problem')
      if (answer.status === 404 || answer.status === 410) hide(uuid)
      break
    }
    saved = target
    if (wanted.get(key) === saved) updateActivity(uuid, answer.data)
  }
  wanted.delete(key)
}

function show(uuid: string, kind: keyof typeof switches, on: boolean): void {
  const { flag, count } = switches[kind]
  const activity = activitySource(uuid).get()
  if (activity === undefined || activity[flag] === on) return
  updateActivity(uuid, { [flag]: on, [count]: Math.max(0, activity[count] + (on ? 1 : -1)) })
}
