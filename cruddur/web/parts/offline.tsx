import { useEffect, useState } from 'preact/hooks'

/** Says that there is no network, so that what is shown may be old. */
export function Offline() {
  const [offline, setOffline] = useState(!navigator.onLine)
  useEffect(() => {
    const look = () => setOffline(!navigator.onLine)
    for (const name of ['online', 'offline']) addEventListener(name, look)
    return () => {
      for (const name of ['online', 'offline']) removeEventListener(name, look)
    }
  }, [])
  return (
    <div role="status">
      {offline && <p class="banner">You are offline. What you see counts down all the same, but may be old.</p>}
    </div>
  )
}
