import { departures } from '../activities.ts'
import { Failed } from '../parts/failed.tsx'
import { Feed } from '../parts/feed.tsx'
import { Heading } from '../parts/heading.tsx'
import { Notice } from '../parts/notice.tsx'
import { ProfileCard } from '../parts/profile-card.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { profileList } from '../readings.ts'
import { apiAddress, type ProfileTab, type Route } from '../route.ts'
import { useSource } from '../source.ts'
import { useList } from '../use-list.ts'

const empty: Record<ProfileTab, string> = {
  posts: 'Nothing that was said here is left',
  replies: 'There are no replies that are still here',
  reposts: 'There are no reposts that are still here',
}

/** A person, and what they said. */
export function Profile({ route }: { route: Route & { name: 'profile' } }) {
  const { handle, tab } = route
  // The person comes with their posts, whatever is shown below.
  const person = useList(apiAddress({ name: 'profile', handle, tab: 'posts' }) ?? '', profileList)
  const list = useList(apiAddress(route) ?? '', profileList)
  const { head: profile, state, refusal } = useSource(person.state)
  useSource(departures)

  if (refusal?.status === 404) {
    return (
      <>
        <Heading title={`@${handle}`} windowTitle="There is no such person" />
        <Notice title="There is no such person">
          <p>
            Nobody here is called @{handle}. <a href="/search">Search</a> for somebody else?
          </p>
        </Notice>
      </>
    )
  }
  if (state === 'failed') {
    return (
      <>
        <Heading title={`@${handle}`} />
        <Failed what="this person" refusal={refusal} retry={person.reload} />
      </>
    )
  }
  const address = `/@${profile?.handle ?? handle}`
  return (
    <>
      <Heading
        title={profile?.display_name ?? `@${handle}`}
        windowTitle={profile ? `${profile.display_name} (@${profile.handle})` : `@${handle}`}
        unseen={profile !== undefined}
      />
      {profile && <ProfileCard profile={profile} changed={person.update} reread={person.reload} />}
      <Tabs
        label="What they said"
        tabs={[
          { href: address, text: 'Posts', here: tab === 'posts' },
          { href: `${address}?tab=replies`, text: 'Replies', here: tab === 'replies' },
          { href: `${address}?tab=reposts`, text: 'Reposts', here: tab === 'reposts' },
        ]}
      />
      {profile?.blocked === true ? (
        <Notice title={`You have blocked @${profile.handle}`}>
          <p>You do not see each other’s posts.</p>
        </Notice>
      ) : (
        <Feed list={list} label={`${tab} of @${handle}`} what="these posts">
          <Notice title={empty[tab]}>
            <p>Everything goes, at its time.</p>
          </Notice>
        </Feed>
      )}
    </>
  )
}
