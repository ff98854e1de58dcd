import { useEffect } from 'preact/hooks'
import { takeActivities } from '../activities.ts'
import type { Notification } from '../answers.ts'
import type { Reading } from '../list.ts'
import { Failed } from '../parts/failed.tsx'
import { Ghosts } from '../parts/ghosts.tsx'
import { Heading } from '../parts/heading.tsx'
import { More } from '../parts/more.tsx'
import { Notice } from '../parts/notice.tsx'
import { NotificationItem } from '../parts/notification-item.tsx'
import { request } from '../request.ts'
import { updateUser } from '../session.ts'
import { useSource } from '../source.ts'
import { useList } from '../use-list.ts'

const notificationList: Reading<Notification, undefined> = {
  keyOf: ({ uuid }) => uuid,
  itemsOf: (data) => data as Notification[],
  taken: (items) => takeActivities(items.flatMap(({ activity }) => activity ?? [])),
}

/** What others did that concerns whoever is signed in. */
export function Notifications() {
  const list = useList('/api/activities/notifications', notificationList)
  const { items, state, refusal, next } = useSource(list.state)
  useEffect(() => {
    if (state !== 'ready') return
    void markRead()
  }, [state])
  return (
    <>
      <Heading title="Notifications" />
      {state === 'failed' ? (
        <Failed what="your notifications" refusal={refusal} retry={list.reload} />
      ) : (
        <>
          {state === 'ready' && items.length === 0 && next === undefined && (
            <Notice title="Nothing yet">
              <p>Replies, likes, reposts and new followers appear here.</p>
            </Notice>
          )}
          <ul class="feed notifications" role="list" aria-label="Notifications" aria-busy={state === 'loading'}>
            {state === 'loading' && <Ghosts />}
            {items.map((notification) => (
              <NotificationItem key={notification.uuid} notification={notification} />
            ))}
          </ul>
          <More list={list} what="your notifications" />
        </>
      )}
    </>
  )
}

async function markRead(): Promise<void> {
  const { ok } = await request('POST', '/api/activities/notifications/read')
  if (ok) updateUser({ unread_count: 0 })
}
