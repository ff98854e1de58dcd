import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps text where others could read or change it: it is encrypted, and what was changed does not open. */
export interface Sealer {
  /** `context` is needed again to open it, and is not in what is returned. */
  seal(text: string, context: string): Buffer
  /** Undefined where it was changed, or sealed in another context or with a secret that is no longer in the list. */
  open(sealed: Uint8Array, context: string): string | undefined
}

const ivBytes = 12
const tagBytes = 16

/** Seals with the first of the secrets (AES-256-GCM) and opens with any, so that a secret can be replaced without a sign-out. */
export function createSealer(secrets: readonly string[], purpose: string): Sealer {
  const [current] = secrets
  if (current === undefined) throw new Error('Nothing can be sealed without a secret')

  const keyOf = (secret: string, context: string) =>
    // A key of its own for each context: no number of rows comes near what one key may seal with random IVs.
    Buffer.from(hkdfSync('sha256', secret, context, `cruddur ${purpose} 1`, 32))

  return {
    seal(text, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', keyOf(current, context), iv, { authTagLength: tagBytes })
      return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed, context) {
      if (sealed.length < ivBytes + tagBytes) return undefined
      const iv = sealed.subarray(0, ivBytes)
      const text = sealed.subarray(ivBytes, -tagBytes)
      const tag = sealed.subarray(-tagBytes)
      for (const secret of secrets) {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, context), iv, { authTagLength: tagBytes })
        decipher.setAuthTag(tag)
        try {
          return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8')
        } catch {
          // Another secret may be the one.
        }
      }
      return undefined
    },
  }
}
