import { useEffect, useMemo, useState } from 'preact/hooks'
import { activitySource, departures, hasGone, hide } from './activities.ts'
import type { Activity } from './answers.ts'
import type { List } from './list.ts'
import { listen } from './live.ts'
import { whisper } from './say.ts'
import { useSource } from './source.ts'

const settleMilliseconds = 3_000

interface Newer {
  /** How many there are that are not shown. */
  count: number
  /** Those that were shown at the last click. */
  arrived: ReadonlySet<string>
  show(): Promise<void>
}

/**
 * What was written since a feed was read. `all` is for the feed of everybody, where each new post counts at once; for a
 * feed of some people the server is asked, when it has been quiet for a moment.
 */
export function useNewer<Head>(list: List<Activity, Head>, all: boolean): Newer {
  const [newer, setNewer] = useState<ReadonlySet<string>>(new Set())
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set())
  useSource(departures)

  const look = useMemo(
    () => async () => {
      const found = await list.peek()
      if (found === undefined) return
      for (const { uuid } of found.missing) hide(uuid)
      const shown = new Set(list.state.get().items.map(({ uuid }) => uuid))
      setNewer(new Set(found.fresh.items.map(({ uuid }) => uuid).filter((uuid) => !shown.has(uuid))))
    },
    [list],
  )

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const unlisten = listen({
      created({ uuid, reply_to_activity_uuid }) {
        if (reply_to_activity_uuid !== null || activitySource(uuid).get() !== undefined) return
        if (all) return setNewer((before) => new Set([...before, uuid]))
        clearTimeout(timer)
        timer = setTimeout(() => void look(), settleMilliseconds)
      },
      resumed: () => void look(),
    })
    return () => {
      clearTimeout(timer)
      unlisten()
    }
  }, [list, all])

  const { items } = useSource(list.state)
  const shown = new Set(items.map(({ uuid }) => uuid))
  // One's own post is shown at once, perhaps before its event comes.
  const waiting = [...newer].filter((uuid) => !hasGone(uuid) && !shown.has(uuid))

  return {
    count: waiting.length,
    arrived,
    async show() {
      const found = await list.peek()
      if (found === undefined) return
      const news = found.fresh.items.map(({ uuid }) => uuid).filter((uuid) => !shown.has(uuid))
      setArrived(new Set(news))
      list.showOnTop(found.fresh)
      setNewer(new Set())
      whisper(news.length === 1 ? 'One new post is shown.' : `${news.length} new posts are shown.`)
      requestAnimationFrame(() => {
        scrollTo({ top: 0 })
        document.querySelector<HTMLElement>('main .feed article')?.focus({ preventScroll: true })
      })
    },
  }
}
