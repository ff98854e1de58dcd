import { StringDecoder } from 'node:string_decoder'
import { Failure } from '@pgrig/core'
import { paint, type Style } from './paint.ts'
import type { Terminal } from './terminal.ts'

/** The whole terminal, for a page that changes in place. */
export interface FullScreen {
  readonly size: { columns: number; rows: number }
  style(style: Style, text: string): string
  /** Shows these lines and nothing else; none may be longer than a row. */
  draw(lines: readonly string[]): void
  /** Calls back with what is typed, as the terminal sends it; with undefined when the terminal is gone. */
  onInput(listener: (text: string | undefined) => void): void
  onResize(listener: () => void): void
  /** Leaves the terminal as it was. May be called twice. */
  close(): void
}

// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: 1049 is the second screen, 25 the cursor, 7 the wrapping of lines.
const enter = '\u001B[?1049h\u001B[?25l\u001B[?7l\u001B[H\u001B[2J'
const leave = '\u001B[?7h\u001B[?25h\u001B[?1049l'

export function openFullScreen(
  { stdin, stdout }: Pick<Terminal, 'stdin' | 'stdout'>,
  color: boolean,
  clean: (text: string) => string,
): FullScreen {
  const decoder = new StringDecoder()
  const stops: (() => void)[] = []
  let open = true
  stdin.setRawMode?.(true)
  stdout.write(enter)

  return {
    get size() {
      return { columns: stdout.columns || 80, rows: stdout.rows || 24 }
    },
    style: (style, text) => (color ? paint(style, text) : text),
    draw(lines) {
      if (!open) return
      // Line by line over what is there, all at once (2026), so that nothing flickers.
      const page = lines
        .slice(0, stdout.rows || 24)
        .map((line) => `\u001B[2K${clean(line)}`)
        .join('\r\n')
      stdout.write(`\u001B[?2026h\u001B[H${page}\u001B[?2026l`)
    },
    onInput(listener) {
      const read = (chunk: Buffer | string) => listener(typeof chunk === 'string' ? chunk : decoder.write(chunk))
      const gone = () => listener(undefined)
      stdin.on('data', read)
      for (const event of ['end', 'error', 'close']) stdin.on(event, gone)
      stops.push(() => {
        stdin.off('data', read)
        for (const event of ['end', 'error', 'close']) stdin.off(event, gone)
        stdin.pause()
      })
    },
    onResize(listener) {
      stdout.on('resize', listener)
      stops.push(() => stdout.off('resize', listener))
    },
    close() {
      if (!open) return
      open = false
      for (const stop of stops) stop()
      try {
        stdin.setRawMode?.(false)
      } catch {
        // The terminal is gone, and with it all that there was to restore.
      }
      stdout.write(leave)
    },
  }
}

export function needsTerminal(): Failure {
  return new Failure('usage', 'This needs a terminal, for its keys and its picture.', {
    hint: 'Elsewhere, leave --watch out, and run the command whenever you want to look.',
  })
}
