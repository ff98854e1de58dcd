import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { activitySource } from '../activities.ts'
import { useClock } from '../clock.ts'
import { go } from '../router.ts'
import { useSource } from '../source.ts'
import { ActivityButtons } from './activity-buttons.tsx'
import { Avatar } from './avatar.tsx'
import { Message } from './message.tsx'
import { Ago, Left } from './times.tsx'

interface Props {
  uuid: string
  /** An item of a list, or alone. */
  as?: 'li' | 'div'
  /** The one that a thread is about. */
  main?: boolean
  /** It came while one was looking. */
  arriving?: boolean
}

const minute = 60_000

/** An activity with all that belongs to it. Once it has gone there is nothing. */
export function ActivityItem({ uuid, as: Tag = 'li', main = false, arriving = false }: Props) {
  const activity = useSource(activitySource(uuid))
  const element = useRef<HTMLElement | null>(null)
  const [farewell, setFarewell] = useState<'none' | 'shown' | 'over'>('none')

  // Whoever is in it with the keyboard stays where they are, until they move on.
  const holdsFocus = element.current?.contains(document.activeElement) === true
  const vanishes = activity === undefined && farewell === 'none' && holdsFocus
  useLayoutEffect(() => {
    if (!vanishes) return
    setFarewell('shown')
    element.current?.querySelector('article')?.focus({ preventScroll: true })
  }, [vanishes])

  const end = Date.parse(activity?.expires_at ?? '')
  const near = useClock((now) => nearness(end - now))

  if (activity === undefined) {
    if (!vanishes && farewell !== 'shown') return null
    return (
      <Tag class="card" ref={(node: HTMLElement | null) => void (element.current = node)}>
        <article class="farewell" tabIndex={-1} onBlur={() => setFarewell('over')}>
          This post has gone.
        </article>
      </Tag>
    )
  }

  const { handle, display_name, message, created_at, expires_at } = activity
  const permalink = `/@${handle}/status/${uuid}`
  const open = (event: MouseEvent) => {
    const inside = event.target instanceof Element && event.target.closest('a, button')
    // Nor when somebody has marked a word to copy it.
    if (!main && !inside && getSelection()?.isCollapsed !== false) go(permalink)
  }
  const [phase, left] = near.split(' ')
  const classes = ['card', main && 'main', arriving && 'arriving', phase === 'leaving' && 'leaving']
  return (
    <Tag
      class={classes.filter(Boolean).join(' ')}
      ref={(node: HTMLElement | null) => void (element.current = node)}
      data-near={phase === 'far' ? undefined : phase === 'soon' ? 'soon' : 'last'}
      style={{ '--minute': left ?? '1' }}
    >
      <article class="activity" id={`post-${uuid}`} tabIndex={-1} aria-labelledby={`by-${uuid}`} onClick={open}>
        <Avatar name={display_name} handle={handle} />
        <header class="byline">
          <h2 id={`by-${uuid}`}>
            <a href={`/@${handle}`}>
              <bdi>{display_name}</bdi>
            </a>
          </h2>
          <span class="handle">@{handle}</span>
          <a class="permalink" href={permalink} id={`link-${uuid}`} aria-current={main ? 'page' : undefined}>
            <Ago at={created_at} />
          </a>
        </header>
        <Message text={message} />
        <footer class="foot">
          <ActivityButtons activity={activity} permalink={permalink} />
          <Left from={created_at} to={expires_at} />
        </footer>
      </article>
    </Tag>
  )
}

/** How near the end is, and in the last minute how much of that is left, as the bar has to show it. */
function nearness(remaining: number): string {
  if (!(remaining < 10 * minute)) return 'far'
  if (remaining >= minute) return 'soon'
  // The bar moves for a second after it is told where to, so it is told where it will be.
  const share = (Math.max(0, remaining - 1_000) / minute).toFixed(3)
  // It fades before its time is over, not after.
  return `${remaining <= 1_000 ? 'leaving' : 'last'} ${share}`
}
