import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { place } from '../router.ts'
import { session } from '../session.ts'
import { useSelected } from '../source.ts'
import { Icon } from './icon.tsx'

interface Props {
  title: string
  /** Where the title of the window says more than the heading. */
  windowTitle?: string
  /** The heading is for screen readers, since the page says it in another way. */
  unseen?: boolean
  /** With a way back to where one came from. */
  back?: boolean
  children?: ComponentChildren
}

/** The one h1 of a view, where the keyboard goes when the view is opened. */
export function Heading({ title, windowTitle = title, unseen = false, back = false, children }: Props) {
  const unread = useSelected(session, (now) => now?.user?.unread_count ?? 0)
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${windowTitle} · Cruddur`
  }, [windowTitle, unread])
  return (
    <div class={unseen ? 'unseen' : 'heading'}>
      {back && (
        <a class="action back" href="/" aria-label="Back" onClick={goBack}>
          <Icon name="back" />
        </a>
      )}
      <h1 id="heading" tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  )
}

/** Back in the history, if one came from another view of the page. */
function goBack(event: MouseEvent): void {
  if (place.get().by === 'start') return
  event.preventDefault()
  history.back()
}
