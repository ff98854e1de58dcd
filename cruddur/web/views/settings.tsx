import { DeleteAccount } from '../parts/delete-account.tsx'
import { Heading } from '../parts/heading.tsx'
import { Join } from '../parts/join.tsx'
import { ProfileForm } from '../parts/profile-form.tsx'
import { say } from '../say.ts'
import { session, signOut } from '../session.ts'
import { shortcutsOn, switchShortcuts } from '../shortcuts.ts'
import { useSource } from '../source.ts'

/** What one can change about oneself. */
export function Settings() {
  const user = useSource(session)?.user
  const on = useSource(shortcutsOn)
  return (
    <>
      <Heading title="Settings" />
      {user == null ? (
        <Join />
      ) : (
        <>
          <section class="card section" aria-labelledby="who">
            <h2 id="who">Who you are</h2>
            <ProfileForm key={user.uuid} user={user} />
          </section>
          <section class="card section" aria-labelledby="session">
            <h2 id="session">This browser</h2>
            <label class="choice">
              <input type="checkbox" checked={on} onChange={switchShortcuts} />
              Single keys do something (? shows which)
            </label>
            <div class="buttons">
              <button type="button" class="button quiet" onClick={() => void leave(false)}>
                Sign out
              </button>
              <button type="button" class="button quiet" onClick={() => void leave(true)}>
                Sign out everywhere
              </button>
            </div>
          </section>
          <section class="card section" aria-labelledby="yours">
            <h2 id="yours">What is yours</h2>
            <p>All that Cruddur keeps about you, in one file.</p>
            <div class="buttons">
              <a class="button quiet" href="/api/me/export" download>
                Download my data
              </a>
            </div>
          </section>
          <section class="card section" aria-labelledby="leave">
            <h2 id="leave">Leave</h2>
            <DeleteAccount handle={user.handle} />
          </section>
        </>
      )}
    </>
  )
}

async function leave(everywhere: boolean): Promise<void> {
  if (!(await signOut(everywhere))) say('You are still signed in.', 'problem')
}
