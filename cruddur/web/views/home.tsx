import { takeActivities } from '../activities.ts'
import { Compose } from '../parts/compose.tsx'
import { Feed } from '../parts/feed.tsx'
import { Heading } from '../parts/heading.tsx'
import { Join } from '../parts/join.tsx'
import { NewerButton } from '../parts/newer-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { FeedTabs } from '../parts/tabs.tsx'
import { activityList } from '../readings.ts'
import { session } from '../session.ts'
import { useSource } from '../source.ts'
import { useList } from '../use-list.ts'
import { useNewer } from '../use-newer.ts'

/** What everybody says. */
export function Home() {
  const list = useList('/api/activities/home', activityList)
  const user = useSource(session)?.user
  const newer = useNewer(list, true)
  return (
    <>
      <Heading title="Home">{user && <FeedTabs here="home" />}</Heading>
      {user && (
        <Compose
          posted={(activity) => {
            takeActivities([activity])
            list.prepend(activity)
          }}
        />
      )}
      {user === null && <Join />}
      <NewerButton {...newer} />
      <Feed list={list} label="Posts, newest first" what="the feed" arrived={newer.arrived}>
        <Notice title="It is quiet here">
          <p>Everything that was said has gone, as it should.</p>
        </Notice>
      </Feed>
    </>
  )
}
