import { activitySource, drop } from '../activities.ts'
import { request } from '../request.ts'
import { say } from '../say.ts'
import { useSource } from '../source.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { Gone } from './more-dialog.tsx'

/** Asks whether a post of one's own is to go before its time. */
export function DeleteDialog({ uuid }: { uuid: string }) {
  if (useSource(activitySource(uuid)) === undefined) return <Gone />
  return (
    <ConfirmDialog
      title="Delete this post?"
      verb="Delete"
      act={() => request('DELETE', `/api/activities/${uuid}`)}
      done={() => {
        drop(uuid)
        say('Your post is deleted.')
      }}
    >
      <p>It goes for everybody, with its replies, and cannot be brought back.</p>
    </ConfirmDialog>
  )
}
