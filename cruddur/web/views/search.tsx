import { Feed } from '../parts/feed.tsx'
import { Heading } from '../parts/heading.tsx'
import { Notice } from '../parts/notice.tsx'
import { SearchForm } from '../parts/search-form.tsx'
import { activityList } from '../readings.ts'
import { apiAddress, type Route } from '../route.ts'
import { useList } from '../use-list.ts'

/** What was said with certain words. */
export function Search({ route }: { route: Route & { name: 'search' } }) {
  const { term } = route
  const address = apiAddress(route)
  return (
    <>
      <Heading title="Search" windowTitle={term === '' ? 'Search' : `Search: ${term}`} />
      <SearchForm id="search" term={term} />
      {address === undefined ? (
        <Notice title="What are you looking for?">
          <p>You find what is still here, by words in it or by who wrote it.</p>
        </Notice>
      ) : (
        <Found key={address} address={address} term={term} />
      )}
    </>
  )
}

function Found({ address, term }: { address: string; term: string }) {
  const list = useList(address, activityList)
  return (
    <Feed list={list} label={`Posts with ${term}`} what="what was found">
      <Notice title="Nothing found">
        <p>Nobody says “{term}” here, or not any more.</p>
      </Notice>
    </Feed>
  )
}
