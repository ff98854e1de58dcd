import { signInAddress, signUpAddress } from '../session.ts'
import { Dialog, closeDialog } from './dialog.tsx'

/** Offers to sign in to whoever wants to do something that needs it. */
export function SignInDialog({ to }: { to: string }) {
  return (
    <Dialog title={`Sign in to ${to}`}>
      <p>You come back to where you are now.</p>
      <div class="buttons">
        <button type="button" class="button quiet" onClick={closeDialog}>
          Not now
        </button>
        <a class="button quiet" href={signUpAddress}>
          Join
        </a>
        <a class="button" href={signInAddress()}>
          Sign in
        </a>
      </div>
    </Dialog>
  )
}
