import type { Lines } from './source.ts'

const newline = 0x0a

/** Collects the lines of a script as they are read, for `\set ECHO all`. Blank lines only count within quotes, as in psql. */
export class LineEcho {
  /** The offset up to which lines were collected. */
  #until: number
  #text = ''
  /** Stretches of the script that stand in quotes or comments and are not collected yet, by their offsets. */
  #quoted: { readonly from: number; readonly to: number }[] = []

  constructor(from: number) {
    this.#until = from
  }

  noteQuoted(from: number, to: number): void {
    this.#quoted.push({ from, to })
  }

  /** Adds what is new of the lines, up to the end of one of them. */
  add({ bytes, offset }: Lines, end: number): void {
    for (let start = Math.max(this.#until - offset, 0); start < end;) {
      const found = bytes.indexOf(newline, start)
      const stop = found < 0 || found >= end ? end : found
      if (stop > start || this.#isQuoted(offset + start)) this.#text += `${bytes.toString('utf8', start, stop)}\n`
      start = stop + 1
    }
    this.#until = Math.max(this.#until, offset + end)
  }

  /** Whether a line that starts at an offset starts in quotes. */
  #isQuoted(offset: number): boolean {
    return this.#quoted.some(({ from, to }) => from < offset && offset <= to)
  }

  take(): string {
    const text = this.#text
    this.#text = ''
    this.#quoted = this.#quoted.filter(({ to }) => to >= this.#until)
    return text
  }
}
