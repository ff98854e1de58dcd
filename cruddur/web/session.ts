import type { Session, User } from './answers.ts'
import { forgetDrafts } from './draft.ts'
import { type Answer, read, request } from './request.ts'
import { makeSource } from './source.ts'

/** Who is signed in; undefined until it is known. */
export const session = makeSource<Session | undefined>(undefined)

let pendingTimer: ReturnType<typeof setTimeout> | undefined
const askAgainMilliseconds = 2_000

/** Asks who is signed in. While the account is being made, asks again and again. */
export async function readSession(): Promise<void> {
  takeSession(await read<Session>('/api/session'))
}

/** Takes over an answer of /api/session. Without one, whoever was signed in stays so: only the network is away. */
export function takeSession(answer: Answer<Session>): void {
  if (answer.ok) session.set(answer.data)
  else if (answer.status === 401 || session.get() === undefined) session.set({ user: null, pending: false })
  clearTimeout(pendingTimer)
  if (session.get()?.pending === true) pendingTimer = setTimeout(() => void readSession(), askAgainMilliseconds)
}

/** Changes what is known of who is signed in. */
export function updateUser(changes: Partial<User>): void {
  const now = session.get()
  if (now?.user) session.set({ ...now, user: { ...now.user, ...changes } })
}

/** The way to the provider's pages, and back to this one. */
export function signInAddress(returnTo = location.pathname + location.search): string {
  return `/api/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`
}

export const signUpAddress = `/api/auth/sign-up?return_to=${encodeURIComponent('/welcome')}`

/** Signs out here and at the provider. False when it did not work. */
export async function signOut(everywhere = false): Promise<boolean> {
  const answer = await request<{ location: string }>('POST', '/api/auth/sign-out', { everywhere })
  if (!answer.ok) return false
  forgetDrafts()
  location.assign(answer.data.location)
  return true
}
