export type ProfileTab = 'posts' | 'replies' | 'reposts'

/** Where in the page one is. */
export type Route =
  | { name: 'home' | 'following' | 'notifications' | 'settings' | 'moderation' | 'welcome' | 'missing' }
  | { name: 'search'; term: string }
  | { name: 'profile'; handle: string; tab: ProfileTab }
  | { name: 'thread'; handle: string; uuid: string }

const plain = ['following', 'notifications', 'settings', 'moderation', 'welcome'] as const

/** Reads an address of the page. Anything that is none of them is `missing`. */
export function readRoute({ pathname, searchParams }: URL): Route {
  if (pathname === '/') return { name: 'home' }
  if (pathname === '/search') return { name: 'search', term: searchParams.get('term')?.trim() ?? '' }
  const name = plain.find((each) => pathname === `/${each}`)
  if (name !== undefined) return { name }
  const [, handle, uuid] = /^\/@(\w{1,32})(?:\/status\/([\da-f-]{36}))?$/i.exec(pathname) ?? []
  if (handle === undefined) return { name: 'missing' }
  if (uuid !== undefined) return { name: 'thread', handle, uuid }
  const tab = searchParams.get('tab')
  return { name: 'profile', handle, tab: tab === 'replies' || tab === 'reposts' ? tab : 'posts' }
}

/** What the view of a route asks the API for. The server puts the answer into the page, by the same address. */
export function apiAddress(route: Route): string | undefined {
  switch (route.name) {
    case 'home':
    case 'following':
    case 'notifications':
      return `/api/activities/${route.name}`
    case 'search':
      return route.term === '' ? undefined : `/api/activities/search?term=${encodeURIComponent(route.term)}`
    case 'profile':
      return `/api/activities/@${route.handle}${route.tab === 'posts' ? '' : `/${route.tab}`}`
    case 'thread':
      return `/api/activities/@${route.handle}/status/${route.uuid}`
    case 'moderation':
      return '/api/admin/reports'
    default:
      return undefined
  }
}
