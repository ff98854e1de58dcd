/** One thing that would be, or was, changed. */
export interface Change {
  /** The role that it is about. */
  role: string
  kind: 'create' | 'alter' | 'grant' | 'revoke'
  /** What it does, to be read behind the role's name. */
  text: string
  /** The statement; instead of what the server keeps of a password it shows `SCRAM-SHA-256$***`. */
  sql: string
  /** The statement as it is sent, for one that sets a password. */
  withVerifier?: (verifier: string) => string
}

export const hiddenVerifier = 'SCRAM-SHA-256$***'

/** What is to be done, and what cannot be. */
export interface Plan {
  changes: Change[]
  /** Sentences: what stays as it is, because we may not change it. */
  limits: string[]
}
