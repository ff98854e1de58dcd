import { takeActivities } from './activities.ts'
import type { Activity, Profile } from './answers.ts'
import type { Reading } from './list.ts'

const uuidOf = ({ uuid }: { uuid: string }) => uuid

/** Activities in an array. */
export const activityList: Reading<Activity, undefined> = {
  keyOf: uuidOf,
  itemsOf: (data) => data as Activity[],
  taken: takeActivities,
}

/** A person and what they wrote; replies and reposts of them come without the person. */
export const profileList: Reading<Activity, Profile | undefined> = {
  keyOf: uuidOf,
  itemsOf: (data) => (Array.isArray(data) ? (data as Activity[]) : (data as { activities: Activity[] }).activities),
  headOf: (data) => (data as { profile?: Profile }).profile,
  taken: takeActivities,
}

interface Thread {
  activity: Activity
  parent: Activity | null
  replies: Activity[]
}

/** An activity, what it answers, and what answers it. Further replies come in an array. */
export const threadList: Reading<Activity, Omit<Thread, 'replies'> | undefined> = {
  keyOf: uuidOf,
  itemsOf: (data) => (Array.isArray(data) ? (data as Activity[]) : (data as Thread).replies),
  headOf: (data) => (Array.isArray(data) ? undefined : (data as Thread)),
  taken(items, head) {
    takeActivities([...items, ...(head ? [head.activity] : []), ...(head?.parent ? [head.parent] : [])])
  },
}
