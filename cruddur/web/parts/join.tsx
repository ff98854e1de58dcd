import { signInAddress, signUpAddress } from '../session.ts'

/** Invites whoever is not signed in. */
export function Join() {
  return (
    <section class="card join" aria-labelledby="join">
      <h2 id="join">Don’t think about it, just crud it!</h2>
      <p>Regret it? No worries. We’ll forget it.</p>
      <div class="buttons">
        <a class="button" href={signUpAddress}>
          Join Cruddur
        </a>
        <a class="button quiet" href={signInAddress()}>
          Sign in
        </a>
      </div>
    </section>
  )
}
