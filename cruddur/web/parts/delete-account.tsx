import { useRef, useState } from 'preact/hooks'
import { forgetDrafts } from '../draft.ts'
import { request, sayRefusal } from '../request.ts'

/** Lets one go for good. The handle has to be typed, so that it is nobody's accident. */
export function DeleteAccount({ handle }: { handle: string }) {
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  const [working, setWorking] = useState(false)
  const [left, setLeft] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const refuse = (sentence: string) => {
    setProblem(sentence)
    field.current?.focus()
  }
  const remove = async () => {
    if (working) return
    const name = typed.trim().replace(/^@/, '')
    if (name.toLowerCase() !== handle.toLowerCase())
      return refuse(`Type your handle, ${handle}, to delete your account.`)
    setWorking(true)
    const answer = await request<{ detail: string } | undefined>('DELETE', '/api/me', { handle })
    setWorking(false)
    if (!answer.ok) return refuse(sayRefusal(answer))
    forgetDrafts()
    if (answer.data !== undefined) return setLeft(answer.data.detail)
    location.assign('/')
  }
  if (left !== '') {
    return (
      <>
        <p role="alert">{left}</p>
        <button type="button" class="button quiet" onClick={() => location.assign('/')}>
          Go to the feed
        </button>
      </>
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void remove()
      }}
    >
      <p>Everything that you wrote, liked and reposted is deleted at once. It cannot be brought back.</p>
      <label class="field">
        <span>Type your handle ({handle}) to delete your account</span>
        <input
          ref={field}
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          value={typed}
          aria-invalid={problem !== ''}
          aria-describedby="delete-problem"
          onInput={(event) => {
            setTyped(event.currentTarget.value)
            setProblem('')
          }}
        />
      </label>
      <p id="delete-problem" class="problem" role="alert">
        {problem}
      </p>
      <div class="buttons">
        <button type="submit" class="button danger" aria-disabled={working}>
          Delete my account
        </button>
      </div>
    </form>
  )
}
