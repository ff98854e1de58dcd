import { randomBytes } from 'node:crypto'

/** A new password: 40 letters, digits, - and _, of 240 random bits. It needs no escaping in a URL, a shell or a `.pgpass`. */
export function makePassword(): string {
  return randomBytes(30).toString('base64url')
}

/** Puts a new password where its user finds it, before the server knows it. */
export interface PasswordKeeper {
  /** Throws when it cannot be put there; then nothing was changed. */
  keep(password: string): Promise<KeptPassword>
}

export interface KeptPassword {
  /** The file that holds it, with what there is to say of its place in it; null: it is shown instead. */
  place: string | null
  /** Makes everything as it was. */
  undo(): Promise<void>
  /** The server knows the password: the one before it is of no more use. */
  settle(): Promise<void>
}

/** Keeps the password nowhere: whoever made it shows it. */
export const noKeeper: PasswordKeeper = {
  keep: async () => ({ place: null, undo: async () => {}, settle: async () => {} }),
}
