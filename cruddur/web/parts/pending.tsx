import { session } from '../session.ts'
import { useSelected } from '../source.ts'

/** Says that somebody who has just signed up has to wait for a moment. */
export function Pending() {
  const pending = useSelected(session, (now) => now?.pending === true)
  return (
    <div role="status">
      {pending && (
        <p class="banner">
          <span class="spinner" aria-hidden="true" />
          Your account is being set up. It takes a few seconds.
        </p>
      )}
    </div>
  )
}
