import { hideAllOf } from '../activities.ts'
import { request } from '../request.ts'
import { say } from '../say.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'

/** Asks whether somebody is to be blocked. */
export function BlockDialog({ handle, done }: { handle: string; done?: () => void }) {
  return (
    <ConfirmDialog
      title={`Block @${handle}?`}
      verb="Block"
      act={() => request('PUT', `/api/users/@${handle}/block`)}
      done={() => {
        hideAllOf(handle)
        done?.()
        say(`@${handle} is blocked.`)
      }}
    >
      <p>You will not see each other’s posts. You can unblock on their page at any time; they are not told.</p>
    </ConfirmDialog>
  )
}
