import { makeSource } from './source.ts'

/** A sentence for the reader: shown for a while, and read aloud by a screen reader without interrupting it. */
export interface Saying {
  text: string
  tone: 'plain' | 'problem'
  /** Spoken only, where what happened is to be seen anyway. */
  unseen: boolean
}

export const saying = makeSource<Saying | undefined>(undefined)

let timer: ReturnType<typeof setTimeout> | undefined

/** Shows a sentence and has it read aloud. */
export function say(text: string, tone: Saying['tone'] = 'plain'): void {
  put({ text, tone, unseen: false })
}

/** Has a sentence read aloud. */
export function whisper(text: string): void {
  put({ text, tone: 'plain', unseen: true })
}

export function hush(): void {
  clearTimeout(timer)
  saying.set(undefined)
}

function put(next: Saying): void {
  saying.set(next)
  clearTimeout(timer)
  // Long enough to be read twice.
  timer = setTimeout(hush, 5_000 + next.text.length * 60)
}
