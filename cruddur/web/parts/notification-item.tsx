import { activitySource } from '../activities.ts'
import type { Activity, Notification } from '../answers.ts'
import { useSource } from '../source.ts'
import { Avatar } from './avatar.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Ago } from './times.tsx'

const kinds: Record<Notification['kind'], { icon: IconName; words: string }> = {
  reply: { icon: 'reply', words: 'replied to you' },
  mention: { icon: 'pen', words: 'mentioned you' },
  like: { icon: 'like', words: 'liked your post' },
  repost: { icon: 'repost', words: 'reposted your post' },
  follow: { icon: 'person', words: 'follows you' },
}

/** That somebody did something. It goes with the post that it is about. */
export function NotificationItem({ notification }: { notification: Notification }) {
  const { uuid, kind, actor, activity, created_at, unread } = notification
  const { icon, words } = kinds[kind]
  return (
    <li class="card notification" data-kind={kind} data-unread={unread}>
      <article aria-labelledby={`note-${uuid}`} tabIndex={-1}>
        <div class="notification-mark">
          <Avatar name={actor.display_name} handle={actor.handle} />
          <Icon name={icon} />
        </div>
        <div>
          <p id={`note-${uuid}`}>
            {unread && <span class="unseen">New: </span>}
            <a href={`/@${actor.handle}`}>
              <bdi>{actor.display_name}</bdi>
            </a>{' '}
            {words} <Ago at={created_at} verb="On" />
          </p>
          {activity && <Excerpt activity={activity} />}
        </div>
      </article>
    </li>
  )
}

function Excerpt({ activity }: { activity: Activity }) {
  const now = useSource(activitySource(activity.uuid))
  if (now === undefined) return <p class="excerpt hint">The post has gone.</p>
  return (
    <a class="excerpt" href={`/@${now.handle}/status/${now.uuid}`} dir="auto">
      {now.message}
    </a>
  )
}
