import { activitySource } from '../activities.ts'
import { asksUser, dialog } from '../dialogs.ts'
import { say } from '../say.ts'
import { useSource } from '../source.ts'
import { Dialog, closeDialog } from './dialog.tsx'

/** What is done seldom with a post. */
export function MoreDialog({ uuid }: { uuid: string }) {
  const activity = useSource(activitySource(uuid))
  if (activity === undefined) return <Gone />
  const { handle, mine } = activity
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${location.origin}/@${handle}/status/${uuid}`)
      closeDialog()
      say('The link is copied.')
    } catch {
      say('The link could not be copied.', 'problem')
    }
  }
  const ask = (kind: 'report' | 'delete') => {
    closeDialog()
    if (asksUser(kind === 'report' ? 'report a post' : 'delete a post')) dialog.set({ kind, uuid })
  }
  const block = () => {
    closeDialog()
    if (asksUser('block somebody')) dialog.set({ kind: 'block', handle })
  }
  return (
    <Dialog title={mine ? 'Your post' : `The post by @${handle}`}>
      <div class="choices">
        <button type="button" class="button quiet" onClick={() => void copy()}>
          Copy the link
        </button>
        {mine && (
          <button type="button" class="button quiet danger" onClick={() => ask('delete')}>
            Delete it …
          </button>
        )}
        {!mine && (
          <>
            <button type="button" class="button quiet" onClick={() => ask('report')}>
              Report it …
            </button>
            <button type="button" class="button quiet" onClick={block}>
              Block @{handle} …
            </button>
          </>
        )}
        <button type="button" class="button quiet" onClick={closeDialog}>
          Close
        </button>
      </div>
    </Dialog>
  )
}

/** What was talked about went while one was choosing. */
export function Gone() {
  return (
    <Dialog title="This post has gone">
      <p>Its time was over, or it was deleted.</p>
      <div class="buttons">
        <button type="button" class="button" onClick={closeDialog}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
