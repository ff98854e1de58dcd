/** The length of a message as the server and the database count it: code points, without space around it. */
export function countCharacters(text: string): number {
  return [...text.trim().normalize('NFC')].length
}

/** What a screen reader is told of the characters that are left: nothing, until there are few. */
export function sayCharactersLeft(left: number): string {
  if (left < 0) return `${-left} ${left === -1 ? 'character' : 'characters'} too many`
  if (left > 20) return ''
  // Not at each key: it would talk over what is typed.
  const step = left > 10 ? 20 : left > 5 ? 10 : left > 0 ? 5 : 0
  return step === 0 ? 'No characters left' : `${step} characters left`
}

/** A part of a message: plain text, or with an address that it leads to. */
export interface Part {
  text: string
  href?: string
}

// A handle is what the database allows; behind a letter an @ belongs to an e-mail address.
const linkable = /https?:\/\/[^\s<>"'`]+|(?<![\p{L}\p{N}_@/.])@[A-Za-z0-9_]{1,32}(?![\p{L}\p{N}_@])/gu
// The full stop behind an address ends the sentence.
const trailing = /[.,;:!?)\]}…]+$/u

/** Finds what can be followed in a message: people and web addresses. Everything else stays text. */
export function splitMessage(message: string): Part[] {
  const parts: Part[] = []
  let end = 0
  const add = (text: string) => {
    if (text !== '') parts.push({ text })
  }
  for (const match of message.matchAll(linkable)) {
    const text = match[0].startsWith('@') ? match[0] : match[0].replace(trailing, '')
    const href = text.startsWith('@') ? `/${text}` : toWebAddress(text)
    if (href === undefined) continue
    add(message.slice(end, match.index))
    parts.push({ text, href })
    end = match.index + text.length
  }
  add(message.slice(end))
  return parts
}

function toWebAddress(text: string): string | undefined {
  try {
    const { protocol, href, username, password } = new URL(text)
    // https://bank.example@elsewhere.example leads elsewhere.
    return /^https?:$/.test(protocol) && username === '' && password === '' ? href : undefined
  } catch {
    return undefined
  }
}
