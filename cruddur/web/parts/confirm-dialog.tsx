import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type Answer, sayRefusal } from '../request.ts'
import { Dialog, closeDialog } from './dialog.tsx'

interface Props {
  title: string
  /** The word on the button that does it. */
  verb: string
  children: ComponentChildren
  act(): Promise<Answer<unknown>>
  done(): void
}

/** Asks before something is done that cannot be undone, and says when it was not done. */
export function ConfirmDialog({ title, verb, children, act, done }: Props) {
  const [problem, setProblem] = useState('')
  const [working, setWorking] = useState(false)
  const confirm = async () => {
    if (working) return
    setWorking(true)
    const answer = await act()
    setWorking(false)
    if (!answer.ok) return setProblem(sayRefusal(answer))
    closeDialog()
    done()
  }
  return (
    <Dialog title={title}>
      {children}
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="buttons">
        <button type="button" class="button quiet" onClick={closeDialog}>
          Cancel
        </button>
        <button type="button" class="button danger" aria-disabled={working} onClick={() => void confirm()}>
          {verb}
        </button>
      </div>
    </Dialog>
  )
}
