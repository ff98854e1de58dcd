import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { dialog } from '../dialogs.ts'

interface Props {
  title: string
  children: ComponentChildren
}

export function closeDialog(): void {
  dialog.set(undefined)
}

/** A question above the page. The browser keeps the keyboard in it, and gives it back where it came from. */
export function Dialog({ title, children }: Props) {
  const element = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const shown = element.current
    shown?.showModal()
    return () => shown?.close()
  }, [])
  return (
    <dialog
      ref={element}
      aria-labelledby="dialog-title"
      onCancel={closeDialog}
      // A click beside it is one on its backdrop.
      onClick={(event) => event.target === element.current && closeDialog()}
    >
      <div class="dialog-body">
        <h2 id="dialog-title">{title}</h2>
        {children}
      </div>
    </dialog>
  )
}
