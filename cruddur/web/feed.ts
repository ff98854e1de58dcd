import { type Activity, type ActivityItem, makeItem } from './activity.ts'

const refreshEveryMilliseconds = 30_000
const patienceMilliseconds = 10_000

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

const heading = find('heading')
const total = find('total')
const feed = find('feed')
const empty = find('empty')
const problem = find('problem')
const staleness = find('staleness')
const retry = find('retry')

const items = new Map<string, ActivityItem>()
/** How far the server's clock is ahead of this machine's, in milliseconds. */
let clockAhead = 0
/** When the feed that is shown was read; undefined before the first time. */
let readAt: number | undefined
let refreshing = false
let timer: ReturnType<typeof setTimeout> | undefined

retry.addEventListener('click', () => void refresh())
addEventListener('focus', refreshIfVisible)
addEventListener('online', refreshIfVisible)
document.addEventListener('visibilitychange', refreshIfVisible)
setInterval(refreshIfVisible, refreshEveryMilliseconds)
void refresh()

function refreshIfVisible(): void {
  // The timers of a page in the background run late, so what has expired may still be there.
  tick()
  if (document.visibilityState === 'visible') void refresh()
}

async function refresh(): Promise<void> {
  if (refreshing) return
  refreshing = true
  retry.textContent = 'Trying …'
  const activities = await readFeed()
  refreshing = false
  retry.textContent = 'Try again'
  if (activities === undefined) showProblem()
  else show(activities)
  feed.setAttribute('aria-busy', 'false')
  tick()
}

/** The home feed, or undefined when it cannot be had now. */
async function readFeed(): Promise<Activity[] | undefined> {
  try {
    const response = await fetch('/api/activities/home', {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(patienceMilliseconds),
    })
    if (!response.ok) return undefined
    const activities: Activity[] = await response.json()
    setClock(response.headers.get('date') ?? '')
    return activities
  } catch {
    return undefined
  }
}

function show(activities: Activity[]): void {
  const firstTime = readAt === undefined
  readAt = Date.now()
  if (document.activeElement === retry) heading.focus()
  problem.hidden = true

  const present = new Set(activities.map(keyOf))
  for (const [key, item] of items) if (!present.has(key)) remove(key, item)
  if (firstTime) feed.replaceChildren()
  activities.forEach((activity, index) => {
    const known = items.get(keyOf(activity))
    const item = known ?? makeItem(activity)
    item.update(activity)
    items.set(keyOf(activity), item)
    if (known === undefined && !firstTime) item.element.classList.add('arriving')
    // What is in its place stays untouched, so that nothing jumps under the reader.
    const there = feed.children[index] ?? null
    if (there !== item.element) feed.insertBefore(item.element, there)
  })
}

/** What makes an item another one: a post whose end was moved is a new one to the countdown. */
function keyOf(activity: Activity): string {
  return `${activity.uuid} ${activity.expires_at}`
}

function showProblem(): void {
  if (readAt === undefined) feed.replaceChildren()
  else setText(staleness, ` What you see is from ${clock.format(readAt)}.`)
  problem.hidden = false
}

/** Brings every activity to this moment, and comes back at the next full second or at the next end of a life. */
function tick(): void {
  clearTimeout(timer)
  const now = Date.now() + clockAhead
  let pause = 1_000 - (now % 1_000)
  for (const [key, item] of items) {
    if (item.expiresAt <= now) {
      remove(key, item)
    } else {
      item.tick(now)
      pause = Math.min(pause, item.expiresAt - now)
    }
  }
  empty.hidden = readAt === undefined || items.size > 0
  setText(total, items.size === 0 ? '' : `${items.size} ${items.size === 1 ? 'post' : 'posts'}, newest first`)
  timer = setTimeout(tick, pause)
}

function remove(key: string, item: ActivityItem): void {
  item.element.remove()
  items.delete(key)
}

/** The server decides what has expired; a machine whose clock is wrong must not hide or keep a post. */
function setClock(date: string): void {
  // The header has whole seconds, and the answer took its time: a small difference says nothing.
  const difference = Date.parse(date) + 500 - Date.now()
  clockAhead = Math.abs(difference) > 2_000 ? difference : 0
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text
}

function find(id: string): HTMLElement {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`The page has no #${id}`)
  return element
}
