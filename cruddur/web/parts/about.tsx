import { dialog } from '../dialogs.ts'
import { place } from '../router.ts'
import { useSelected } from '../source.ts'
import { SearchForm } from './search-form.tsx'

/** What stands beside the page where there is room, and below it where there is none. */
export function About() {
  const searching = useSelected(place, ({ route }) => route.name === 'search')
  return (
    <aside class="about" aria-label="About Cruddur">
      {!searching && <SearchForm id="search-aside" term="" />}
      <div class="about-text">
        <p>
          <strong>Say it, and let it go.</strong>
        </p>
        <p>Each post carries the time it has left. When that is over, nobody sees it any more.</p>
        <p>
          <button type="button" class="link" aria-haspopup="dialog" onClick={() => dialog.set({ kind: 'help' })}>
            Keyboard shortcuts
          </button>
        </p>
      </div>
    </aside>
  )
}
