import { useErrorBoundary, useLayoutEffect } from 'preact/hooks'
import { About } from './parts/about.tsx'
import { DialogHost } from './parts/dialog-host.tsx'
import { Failed } from './parts/failed.tsx'
import { Nav } from './parts/nav.tsx'
import { Offline } from './parts/offline.tsx'
import { Pending } from './parts/pending.tsx'
import { SayingBar } from './parts/saying.tsx'
import { dialog } from './dialogs.ts'
import type { Route } from './route.ts'
import { jump, type Place, place, recall } from './router.ts'
import { useSource } from './source.ts'
import { Following } from './views/following.tsx'
import { Home } from './views/home.tsx'
import { Missing } from './views/missing.tsx'
import { Moderation } from './views/moderation.tsx'
import { Notifications } from './views/notifications.tsx'
import { Profile } from './views/profile.tsx'
import { Search } from './views/search.tsx'
import { Settings } from './views/settings.tsx'
import { Thread } from './views/thread.tsx'
import { Welcome } from './views/welcome.tsx'

/** The page: the same frame always, and in it the view of the place where one is. */
export function App() {
  const now = useSource(place)
  useLayoutEffect(() => {
    dialog.set(undefined)
    arrive(now)
  }, [now.key])
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <Nav />
      <main id="main" tabIndex={-1}>
        <Offline />
        <Pending />
        <Guarded key={now.key} route={now.route} />
      </main>
      <About />
      <SayingBar />
      <DialogHost />
    </>
  )
}

function Guarded({ route }: { route: Route }) {
  const [error, reset] = useErrorBoundary((error: unknown) => console.error(error))
  return error === undefined ? <View route={route} /> : <Failed what="this page" refusal={undefined} retry={reset} />
}

function View({ route }: { route: Route }) {
  switch (route.name) {
    case 'home':
      return <Home />
    case 'following':
      return <Following />
    case 'thread':
      return <Thread route={route} />
    case 'profile':
      return <Profile route={route} />
    case 'search':
      return <Search route={route} />
    case 'notifications':
      return <Notifications />
    case 'settings':
      return <Settings />
    case 'moderation':
      return <Moderation />
    case 'welcome':
      return <Welcome />
    case 'missing':
      return <Missing />
  }
}

/** Puts the eyes and the keyboard where they belong in a place: at its beginning, or back where they were. */
function arrive({ by, key }: Place): void {
  if (by === 'link') {
    if (location.hash !== '' && jump(location.hash)) return
    scrollTo({ top: 0 })
    document.getElementById('heading')?.focus({ preventScroll: true })
    return
  }
  const { scroll, focus } = recall(key)
  scrollTo({ top: scroll })
  if (by === 'start') return
  const target = document.getElementById(focus ?? '') ?? document.getElementById('heading')
  target?.focus({ preventScroll: true })
}
