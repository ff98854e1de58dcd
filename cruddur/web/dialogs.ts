import { session } from './session.ts'
import { makeSource } from './source.ts'

/** What is asked or offered above the page. */
export type DialogState =
  | { kind: 'more' | 'report' | 'delete'; uuid: string }
  | { kind: 'block'; handle: string; done?: () => void }
  | { kind: 'sign-in'; to: string }
  | { kind: 'help' }

export const dialog = makeSource<DialogState | undefined>(undefined)

/** Whether somebody is signed in; where nobody is, offers to. `to` says what for. */
export function asksUser(to: string): boolean {
  const there = session.get()?.user != null
  if (!there) dialog.set({ kind: 'sign-in', to })
  return there
}
