import { useState } from 'preact/hooks'
import { activitySource } from '../activities.ts'
import { request } from '../request.ts'
import { say } from '../say.ts'
import { useSource } from '../source.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { Gone } from './more-dialog.tsx'

const reasons = [
  ['spam', 'It is advertising or spam'],
  ['abuse', 'It attacks or threatens somebody'],
  ['illegal', 'It is against the law'],
  ['other', 'Something else'],
] as const

/** Tells those who look after the place of a post that should not be there. */
export function ReportDialog({ uuid }: { uuid: string }) {
  const activity = useSource(activitySource(uuid))
  const [reason, setReason] = useState<string>('spam')
  const [note, setNote] = useState('')
  if (activity === undefined) return <Gone />
  return (
    <ConfirmDialog
      title={`Report the post by @${activity.handle}`}
      verb="Report"
      act={() =>
        request('POST', `/api/activities/${uuid}/report`, {
          reason,
          ...(note.trim() === '' ? {} : { note: note.trim() }),
        })
      }
      done={() => say('Thank you. Somebody will look at it.')}
    >
      <fieldset>
        <legend>What is wrong with it?</legend>
        {reasons.map(([value, words]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="reason"
              value={value}
              checked={reason === value}
              onChange={() => setReason(value)}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <label class="field">
        <span>
          Anything to add? <span class="hint">(optional)</span>
        </span>
        <textarea rows={2} maxLength={500} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
    </ConfirmDialog>
  )
}
