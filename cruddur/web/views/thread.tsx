import { useEffect } from 'preact/hooks'
import { activitySource, takeActivities } from '../activities.ts'
import type { Activity } from '../answers.ts'
import { asksUser } from '../dialogs.ts'
import { listen } from '../live.ts'
import { ActivityItem } from '../parts/activity-item.tsx'
import { Compose } from '../parts/compose.tsx'
import { Failed } from '../parts/failed.tsx'
import { Feed } from '../parts/feed.tsx'
import { Ghosts } from '../parts/ghosts.tsx'
import { Heading } from '../parts/heading.tsx'
import { Notice } from '../parts/notice.tsx'
import { threadList } from '../readings.ts'
import { read } from '../request.ts'
import { apiAddress, type Route } from '../route.ts'
import { whisper } from '../say.ts'
import { session } from '../session.ts'
import { useSource } from '../source.ts'
import { useList } from '../use-list.ts'

/** An activity with what it answers and what answers it. */
export function Thread({ route }: { route: Route & { name: 'thread' } }) {
  const { uuid } = route
  const list = useList(apiAddress(route) ?? '', threadList)
  const { state, refusal, head, next } = useSource(list.state)
  const activity = useSource(activitySource(uuid))
  const user = useSource(session)?.user

  useEffect(() => {
    const add = async (reply: string) => {
      if (activitySource(reply).get() !== undefined) return
      const answer = await read<{ activity: Activity }>(`/api/activities/${reply}`)
      // Where not all replies are read, the new one has its place further down.
      if (!answer.ok || list.state.get().next !== undefined) return
      takeActivities([answer.data.activity])
      list.append(answer.data.activity)
      if (!answer.data.activity.mine) whisper(`${answer.data.activity.display_name} has replied.`)
    }
    return listen({
      created(event) {
        if (event.reply_to_activity_uuid === uuid) void add(event.uuid)
      },
      resumed: () => void list.reload(),
    })
  }, [list, uuid])

  const title = (
    <Heading back title="Post" windowTitle={activity ? `${activity.display_name}: ${activity.message}` : 'Post'} />
  )
  const gone = refusal?.status === 410 || (state === 'ready' && activity === undefined)
  if (gone || refusal?.status === 404) return <Missing gone={gone} />
  if (state === 'failed') {
    return (
      <>
        {title}
        <Failed what="this post" refusal={refusal} retry={list.reload} />
      </>
    )
  }
  return (
    <>
      {title}
      {state === 'loading' && (
        <ul class="feed" role="list" aria-busy="true">
          <Ghosts />
        </ul>
      )}
      {activity && (
        <>
          {head?.parent && (
            <div class="parent">
              <ActivityItem uuid={head.parent.uuid} as="div" />
            </div>
          )}
          <ActivityItem key={uuid} uuid={uuid} as="div" main />
          {user ? (
            <Compose
              replyTo={activity}
              posted={(reply) => {
                takeActivities([reply])
                if (next === undefined) list.append(reply)
              }}
            />
          ) : (
            <p class="reply-offer">
              <button type="button" id="reply" class="button quiet" onClick={() => asksUser('reply')}>
                Reply
              </button>
            </p>
          )}
          <h2 class="subheading">Replies</h2>
          <Feed list={list} label="Replies, oldest first" what="the replies">
            <p class="hint">Nobody has replied yet.</p>
          </Feed>
        </>
      )}
    </>
  )
}

function Missing({ gone }: { gone: boolean }) {
  return (
    <>
      <Heading back title="Post" windowTitle={gone ? 'This post has gone' : 'There is no such post'} />
      <Notice title={gone ? 'This post has gone' : 'There is no such post'} alert>
        <p>{gone ? 'Its time was over, or it was deleted. That is the idea.' : 'Perhaps the address is not whole.'}</p>
        <p>
          <a href="/">See what is still here</a>
        </p>
      </Notice>
    </>
  )
}
