import { hush, saying } from '../say.ts'
import { useSource } from '../source.ts'
import { Icon } from './icon.tsx'

/** Where sentences appear for a while. It is always there, since screen readers hear only of changes to what is. */
export function SayingBar() {
  const now = useSource(saying)
  const seen = now !== undefined && !now.unseen
  return (
    <div class={seen ? `saying ${now.tone}` : 'unseen'}>
      <p role="status">{now?.text}</p>
      {seen && (
        <button type="button" class="action" aria-label="Dismiss" onClick={hush}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}
