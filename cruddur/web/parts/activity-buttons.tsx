import { toggle } from '../activities.ts'
import type { Activity } from '../answers.ts'
import { asksUser, dialog } from '../dialogs.ts'
import { sayCount } from '../words.ts'
import { Icon } from './icon.tsx'

/** What one can do with an activity. */
export function ActivityButtons({ activity, permalink }: { activity: Activity; permalink: string }) {
  const { uuid, replies_count, reposts_count, likes_count, liked, reposted } = activity
  return (
    <div class="actions">
      <a class="action reply" href={`${permalink}#reply`} id={`reply-${uuid}`}>
        <Icon name="reply" />
        <Count verb="Reply" count={replies_count} one="reply" many="replies" />
      </a>
      <button
        type="button"
        class="action repost"
        aria-pressed={reposted}
        onClick={() => asksUser('repost this') && void toggle(uuid, 'repost')}
      >
        <Icon name="repost" />
        <Count verb="Repost" count={reposts_count} one="repost" many="reposts" />
      </button>
      <button
        type="button"
        class="action like"
        aria-pressed={liked}
        onClick={() => asksUser('like this') && void toggle(uuid, 'like')}
      >
        <Icon name="like" />
        <Count verb="Like" count={likes_count} one="like" many="likes" />
      </button>
      <button
        type="button"
        class="action more"
        aria-haspopup="dialog"
        aria-label={`More about the post by ${activity.display_name}`}
        onClick={() => dialog.set({ kind: 'more', uuid })}
      >
        <Icon name="more" />
      </button>
    </div>
  )
}

function Count({ verb, count, one, many }: { verb: string; count: number; one: string; many: string }) {
  return (
    <>
      <span aria-hidden="true">{count === 0 ? '' : sayCount(count)}</span>
      <span class="unseen">
        {verb}, {sayCount(count)} {count === 1 ? one : many}
      </span>
    </>
  )
}
