import { Feed } from '../parts/feed.tsx'
import { Heading } from '../parts/heading.tsx'
import { NewerButton } from '../parts/newer-button.tsx'
import { Notice } from '../parts/notice.tsx'
import { FeedTabs } from '../parts/tabs.tsx'
import { activityList } from '../readings.ts'
import { useList } from '../use-list.ts'
import { useNewer } from '../use-newer.ts'

/** What those say whom one follows. */
export function Following() {
  const list = useList('/api/activities/following', activityList)
  const newer = useNewer(list, false)
  return (
    <>
      <Heading title="Following">
        <FeedTabs here="following" />
      </Heading>
      <NewerButton {...newer} />
      <Feed list={list} label="Posts of people you follow, newest first" what="this feed" arrived={newer.arrived}>
        <Notice title="Nobody whom you follow has said anything that is still here">
          <p>
            Find people in <a href="/">what everybody says</a>, or <a href="/search">search</a>.
          </p>
        </Notice>
      </Feed>
    </>
  )
}
