import { sayCount } from '../words.ts'
import { Icon } from './icon.tsx'

interface Props {
  count: number
  show(): Promise<void>
}

/** Brings what was written meanwhile, when one wants it: nothing moves by itself. */
export function NewerButton({ count, show }: Props) {
  return (
    <div class="newer" role="status">
      {count > 0 && (
        <button type="button" class="button" onClick={() => void show()}>
          <Icon name="up" />
          {count === 1 ? '1 new post' : `${sayCount(count)} new posts`}
        </button>
      )}
    </div>
  )
}
