import { useState } from 'preact/hooks'
import type { Profile } from '../answers.ts'
import { asksUser, dialog } from '../dialogs.ts'
import { request, sayRefusal } from '../request.ts'
import { say } from '../say.ts'
import { sayCount } from '../words.ts'
import { Avatar } from './avatar.tsx'

interface Props {
  profile: Profile
  changed(changes: Partial<Profile>): void
  reread(): Promise<void>
}

type Relation = Pick<Profile, 'following' | 'blocked' | 'followers_count'>

const joined = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric' })

/** Who somebody is, and how one stands to them. */
export function ProfileCard({ profile, changed, reread }: Props) {
  const { handle, display_name, bio, following, blocked, mine, followers_count } = profile
  const [working, setWorking] = useState(false)

  const follow = async () => {
    if (working || !asksUser(`follow @${handle}`)) return
    setWorking(true)
    changed({ following: !following, followers_count: followers_count + (following ? -1 : 1) })
    const answer = await request<Relation>(following ? 'DELETE' : 'PUT', `/api/users/@${handle}/follow`)
    setWorking(false)
    if (answer.ok) return changed(answer.data)
    changed({ following, followers_count })
    say(`${following ? 'You still follow' : 'You do not follow'} @${handle}. ${sayRefusal(answer)}`, 'problem')
  }
  const unblock = async () => {
    if (working) return
    setWorking(true)
    const answer = await request<Relation>('DELETE', `/api/users/@${handle}/block`)
    setWorking(false)
    if (!answer.ok) return say(`@${handle} is still blocked. ${sayRefusal(answer)}`, 'problem')
    say(`@${handle} is not blocked any more.`)
    await reread()
  }
  return (
    <section class="card profile" aria-label="About this person">
      <Avatar name={display_name} handle={handle} />
      <div class="profile-names">
        <p class="profile-name">
          <bdi>{display_name}</bdi>
        </p>
        <p class="handle">@{handle}</p>
      </div>
      <div class="buttons">
        {mine && (
          <a class="button quiet" href="/settings">
            Edit profile
          </a>
        )}
        {!mine && !blocked && (
          <button type="button" class="button follow" aria-pressed={following} onClick={() => void follow()}>
            {following ? 'Following' : 'Follow'}
          </button>
        )}
        {!mine && blocked && (
          <button type="button" class="button" onClick={() => void unblock()}>
            Unblock
          </button>
        )}
        {!mine && !blocked && (
          <button
            type="button"
            class="button quiet"
            aria-haspopup="dialog"
            onClick={() =>
              asksUser('block somebody') &&
              dialog.set({ kind: 'block', handle, done: () => changed({ blocked: true, following: false }) })
            }
          >
            Block …
          </button>
        )}
      </div>
      {bio !== '' && (
        <p class="bio" dir="auto">
          {bio}
        </p>
      )}
      <dl class="figures">
        <Figure count={profile.cruds_count} one="post" many="posts" />
        <Figure count={followers_count} one="follower" many="followers" />
        <Figure count={profile.following_count} one="following" many="following" />
        <div class="since">
          <dt>here since</dt>
          <dd>{joined.format(Date.parse(profile.created_at))}</dd>
        </div>
      </dl>
    </section>
  )
}

function Figure({ count, one, many }: { count: number; one: string; many: string }) {
  return (
    <div>
      <dt>{count === 1 ? one : many}</dt>
      <dd>{sayCount(count)}</dd>
    </div>
  )
}
