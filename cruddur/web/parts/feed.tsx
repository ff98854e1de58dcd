import type { ComponentChildren } from 'preact'
import { departures, isHere } from '../activities.ts'
import type { Activity } from '../answers.ts'
import type { List } from '../list.ts'
import { useSource } from '../source.ts'
import { ActivityItem } from './activity-item.tsx'
import { Failed } from './failed.tsx'
import { Ghosts } from './ghosts.tsx'
import { More } from './more.tsx'

interface Props<Head> {
  list: List<Activity, Head>
  label: string
  /** What it is called in a sentence. */
  what: string
  /** Shown where there is nothing to see. */
  children: ComponentChildren
  /** Those that came while one was looking. */
  arrived?: ReadonlySet<string>
}

/** Activities in their order, as far down as one scrolls. */
export function Feed<Head>({ list, label, what, children, arrived }: Props<Head>) {
  const { items, next, state, refusal } = useSource(list.state)
  useSource(departures)
  if (state === 'failed') return <Failed what={what} refusal={refusal} retry={list.reload} />
  const empty = state === 'ready' && next === undefined && !items.some(({ uuid }) => isHere(uuid))
  return (
    <>
      {empty && children}
      <ul class="feed" role="list" aria-label={label} aria-busy={state === 'loading'}>
        {state === 'loading' && <Ghosts />}
        {items.map(({ uuid }) => (
          <ActivityItem key={uuid} uuid={uuid} arriving={arrived?.has(uuid) === true} />
        ))}
      </ul>
      <More list={list} what={what} />
    </>
  )
}
