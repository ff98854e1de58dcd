import { type Route, readRoute } from './route.ts'
import { makeSource } from './source.ts'

/** A place in the history: where one is, and what tells it from the same address at another time. */
export interface Place {
  route: Route
  key: string
  /** How one came here: by a link, or back (or forward). */
  by: 'start' | 'link' | 'history'
}

interface EntryState {
  key?: string
  scroll?: number
  focus?: string | undefined
}

export const place = makeSource<Place>(readPlace('start'))

/** What was left at a place, for when one comes back to it. */
const left = new Map<string, EntryState>()

export function startRouter(): void {
  history.scrollRestoration = 'manual'
  history.replaceState({ ...(history.state as EntryState | null), key: place.get().key }, '')
  addEventListener('popstate', () => {
    leave()
    place.set(readPlace('history'))
  })
  // A reload begins a new page, which finds here where the old one was.
  addEventListener('pagehide', () => {
    history.replaceState({ key: place.get().key, scroll: scrollY } satisfies EntryState, '')
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || !isOurs(event, link)) return
    event.preventDefault()
    const { pathname, search, hash } = link
    if (hash !== '' && pathname === location.pathname && search === location.search) jump(hash)
    else go(link.href)
  })
}

/** Goes to an address of the page, as a link does. */
export function go(address: string): void {
  leave()
  const url = new URL(address, location.href)
  const key = makeKey()
  if (url.href === location.href) history.replaceState({ key }, '', url)
  else history.pushState({ key }, '', url)
  place.set({ route: readRoute(url), key, by: 'link' })
}

/** Goes to a part of the page that is shown, as `#reply` names it, with the keyboard too. */
export function jump(hash: string): boolean {
  const target = document.getElementById(hash.slice(1))
  target?.focus()
  target?.scrollIntoView({ block: 'nearest' })
  return target !== null
}

/** Where one was when one left this place: how far down, and at which link. */
export function recall(key: string): { scroll: number; focus: string | undefined } {
  const state = left.get(key) ?? (history.state as EntryState | null)
  return { scroll: state?.scroll ?? 0, focus: state?.focus }
}

function leave(): void {
  left.set(place.get().key, { scroll: scrollY, focus: document.activeElement?.closest('[id]')?.id })
}

function readPlace(by: Place['by']): Place {
  const { key = makeKey() } = (history.state as EntryState | null) ?? {}
  return { route: readRoute(new URL(location.href)), key, by }
}

function makeKey(): string {
  return Math.random().toString(36).slice(2)
}

/** A plain click on a link that stays within the page; with a key held down it opens a tab. */
function isOurs(event: MouseEvent, link: HTMLAnchorElement): boolean {
  if (event.defaultPrevented || event.button !== 0) return false
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false
  if (link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return false
  return readRoute(new URL(link.href)).name !== 'missing'
}
