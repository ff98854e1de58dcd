import { useClock } from '../clock.ts'
import { sayAgo, sayLeft } from '../words.ts'

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' })

/** How long ago something was. */
export function Ago({ at, verb = 'Written' }: { at: string; verb?: string }) {
  const moment = Date.parse(at)
  const text = useClock((now) => sayAgo(now - moment))
  return (
    <time dateTime={at} title={`${verb} ${absolute.format(moment)}`}>
      {text}
    </time>
  )
}

/** How long something still lives, counted down, with a ring that empties. */
export function Left({ from, to }: { from: string; to: string }) {
  const end = Date.parse(to)
  const life = end - Date.parse(from)
  const text = useClock((now) => sayLeft(end - now))
  const share = useClock((now) => Math.min(1, Math.max(0, (end - now) / life)).toFixed(3))
  return (
    <time class="left" dateTime={to} title={`Goes ${absolute.format(end)}`} style={{ '--share': share }}>
      {text}
    </time>
  )
}
