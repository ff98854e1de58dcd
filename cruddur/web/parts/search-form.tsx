import { go } from '../router.ts'
import { Icon } from './icon.tsx'

/** Where one says what one looks for. */
export function SearchForm({ id, term }: { id: string; term: string }) {
  return (
    <form
      class="search"
      role="search"
      action="/search"
      onSubmit={(event) => {
        event.preventDefault()
        const wanted = String(new FormData(event.currentTarget).get('term') ?? '').trim()
        if (wanted !== '') go(`/search?term=${encodeURIComponent(wanted)}`)
      }}
    >
      <label class="unseen" for={id}>
        Search posts
      </label>
      <Icon name="search" />
      <input id={id} name="term" type="search" defaultValue={term} placeholder="Search posts" maxLength={100} />
      <button type="submit" class="button quiet">
        Search
      </button>
    </form>
  )
}
