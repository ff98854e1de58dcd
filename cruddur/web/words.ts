const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** How long ago something was, as people say it. A time to come, by a clock that is behind, is now. */
export function sayAgo(milliseconds: number): string {
  if (milliseconds < minute) return 'just now'
  if (milliseconds < hour) return `${Math.floor(milliseconds / minute)} min ago`
  if (milliseconds < day) return `${Math.floor(milliseconds / hour)} h ago`
  const days = Math.floor(milliseconds / day)
  return days === 1 ? 'yesterday' : `${days} days ago`
}

/** How long something still lives. Rounded up, so that 0:01 is its last second and 0:00 is never seen. */
export function sayLeft(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / second))
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min left`
  const hours = Math.ceil(minutes / 60)
  if (hours % 24 > 0 && hours < 72) return `${Math.floor(hours / 24)} d ${hours % 24} h left`
  const days = Math.ceil(hours / 24)
  return days === 1 ? '1 day left' : `${days} days left`
}

/** One or two letters for an avatar: the first of the first and of the last word. */
export function sayInitials(name: string): string {
  const words = name.trim().split(/\s+/u)
  const first = [...(words[0] ?? '')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toUpperCase()
}

const compact = new Intl.NumberFormat('en', { notation: 'compact' })

/** A count as it fits beside an icon: 1234 is 1.2K. */
export function sayCount(count: number): string {
  return compact.format(count)
}

/** A hue from 0 to 359, always the same for the same name. */
export function hueOf(name: string): number {
  let hue = 0
  for (const letter of name.toLowerCase()) hue = (hue * 31 + (letter.codePointAt(0) ?? 0)) % 360
  return hue
}
