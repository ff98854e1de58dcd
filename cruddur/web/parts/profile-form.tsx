import { useRef, useState } from 'preact/hooks'
import type { User } from '../answers.ts'
import { request, sayRefusal } from '../request.ts'
import { say } from '../say.ts'
import { updateUser } from '../session.ts'
import { countCharacters, sayCharactersLeft } from '../text.ts'

const mostOfBio = 160
const mostOfName = 50

/** Where one says how one is called, and who one is. */
export function ProfileForm({ user }: { user: User }) {
  const [name, setName] = useState(user.display_name)
  const [bio, setBio] = useState(user.bio)
  const [problem, setProblem] = useState<{ of: 'name' | 'bio'; text: string } | undefined>()
  const [saving, setSaving] = useState(false)
  const nameField = useRef<HTMLInputElement>(null)
  const bioField = useRef<HTMLTextAreaElement>(null)
  const left = mostOfBio - countCharacters(bio)

  const refuse = (of: 'name' | 'bio', text: string) => {
    setProblem({ of, text })
    ;(of === 'name' ? nameField : bioField).current?.focus()
  }
  const save = async () => {
    if (saving) return
    const length = countCharacters(name)
    if (length === 0) return refuse('name', 'A name is needed.')
    if (length > mostOfName) return refuse('name', `A name has at most ${mostOfName} characters.`)
    if (left < 0) return refuse('bio', `That is ${sayCharactersLeft(left)}.`)
    setProblem(undefined)
    setSaving(true)
    const changes = { display_name: name.trim(), bio: bio.trim() }
    const answer = await request<Partial<User>>('POST', '/api/profile/update', changes)
    setSaving(false)
    if (!answer.ok) {
      return refuse(answer.codes.some((code) => code.startsWith('bio')) ? 'bio' : 'name', sayRefusal(answer))
    }
    const { display_name = changes.display_name, bio: saved = changes.bio } = answer.data
    updateUser({ display_name, bio: saved })
    say('Your profile is saved.')
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <label class="field">
        <span>Name</span>
        <input
          ref={nameField}
          type="text"
          autoComplete="name"
          value={name}
          aria-invalid={problem?.of === 'name'}
          aria-describedby="profile-problem"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>
          About you <span class="hint">({left} left)</span>
        </span>
        <textarea
          ref={bioField}
          rows={3}
          dir="auto"
          value={bio}
          aria-invalid={problem?.of === 'bio'}
          aria-describedby="profile-problem"
          onInput={(event) => setBio(event.currentTarget.value)}
        />
      </label>
      <p class="hint">You are @{user.handle}; that stays.</p>
      <p id="profile-problem" class="problem" role="alert">
        {problem?.text}
      </p>
      <div class="buttons">
        <button type="submit" class="button" aria-disabled={saving}>
          {saving ? 'Saving …' : 'Save'}
        </button>
      </div>
    </form>
  )
}
