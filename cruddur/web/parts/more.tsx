import { useEffect, useRef } from 'preact/hooks'
import type { List } from '../list.ts'
import { whisper } from '../say.ts'
import { useSource } from '../source.ts'

interface Props<T, Head> {
  list: List<T, Head>
  what: string
}

/** Reads on before the end is in sight; the button is there for whoever does not scroll, or when it failed. */
export function More<T, Head>({ list, what }: Props<T, Head>) {
  const { next, more, state, items } = useSource(list.state)
  const end = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (end.current === null || more === 'failed') return
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void list.loadMore()
      },
      { rootMargin: '1200px' },
    )
    observer.observe(end.current)
    return () => observer.disconnect()
    // Observed anew after each page: one that was short has not moved the end out of sight.
  }, [list, next, more, items.length])

  if (state !== 'ready' || next === undefined) return null
  const press = async () => {
    const feed = end.current?.previousElementSibling
    const before = feed?.children.length ?? 0
    await list.loadMore()
    whisper(`More of ${what} is shown.`)
    // Where the button was there is now something to read.
    requestAnimationFrame(() => feed?.children[before]?.querySelector<HTMLElement>('article')?.focus())
  }
  return (
    <div class="further" ref={end}>
      {more === 'failed' && <p role="alert">There is more, but it cannot be reached.</p>}
      <button type="button" class="button quiet" onClick={() => void press()}>
        {more === 'loading' ? 'Loading …' : more === 'failed' ? 'Try again' : 'Load more'}
      </button>
    </div>
  )
}
