import { render } from 'preact'
import { activitySource } from './activities.ts'
import type { Session } from './answers.ts'
import { App } from './app.tsx'
import { startClock } from './clock.ts'
import { listen, startLive } from './live.ts'
import { readInlined, takeInlined } from './request.ts'
import { startRouter } from './router.ts'
import { readSession, session, takeSession } from './session.ts'
import { startShortcuts } from './shortcuts.ts'

const sessionEveryMilliseconds = 60_000

takeInlined(document.getElementById('inlined')?.textContent ?? '')
const inlined = readInlined<Session>('/api/session')
if (inlined === undefined) void readSession()
else takeSession(inlined)

startRouter()
startClock()
startShortcuts()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
startLive()

// The number of notifications: now and then, and soon after something of one's own was liked or answered.
let soon: ReturnType<typeof setTimeout> | undefined
const readSoon = () => {
  clearTimeout(soon)
  if (session.get()?.user) soon = setTimeout(() => void readSession(), 1_000)
}
listen({
  counts: (uuid) => activitySource(uuid).get()?.mine === true && readSoon(),
  created: ({ reply_to_activity_uuid: to }) => to !== null && activitySource(to).get()?.mine === true && readSoon(),
  resumed: readSoon,
})
setInterval(() => {
  if (document.visibilityState === 'visible' && session.get()?.user) void readSession()
}, sessionEveryMilliseconds)
// The timers of a page in the background run late, so what has expired may still be there.
for (const name of ['visibilitychange', 'focus', 'pageshow']) addEventListener(name, startClock)
document.addEventListener('visibilitychange', startClock)
