import { type Refusal, sayRefusal } from '../request.ts'
import { signInAddress } from '../session.ts'
import { Notice } from './notice.tsx'

interface Props {
  what: string
  refusal: Refusal | undefined
  retry(): Promise<void> | void
}

/** Says that something could not be read, and lets one try again. */
export function Failed({ what, refusal, retry }: Props) {
  if (refusal?.status === 401) {
    return (
      <Notice title={`Sign in to see ${what}`}>
        <a class="button" href={signInAddress()}>
          Sign in
        </a>
      </Notice>
    )
  }
  return (
    <Notice title={`Cruddur could not show ${what}`} alert>
      {refusal && <p>{sayRefusal(refusal)}</p>}
      <button type="button" class="button" onClick={() => void retry()}>
        Try again
      </button>
    </Notice>
  )
}
