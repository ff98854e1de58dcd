import { hueOf, sayInitials } from '../words.ts'

/** The letters of a name in a colour of its own. What it says stands beside it. */
export function Avatar({ name, handle }: { name: string; handle: string }) {
  return (
    <div class="avatar" aria-hidden="true" style={{ '--hue': String(hueOf(handle)) }}>
      {sayInitials(name)}
    </div>
  )
}
