import { bytesText, cutTo, durationText, numberText } from './layout.ts'

/** Shows that something lasts. Nothing is shown before a second has passed; a new line or bar ends the one before. */
export interface Progress {
  /** For work of unknown length. */
  line(text: string): ProgressLine
  /** For work of known length; `unit` is `bytes`, or a word such as `rows`. */
  bar(text: string, total: number, unit: string): ProgressBar
}

export interface ProgressLine {
  update(text: string): void
  end(): void
}

export interface ProgressBar {
  /** `more` follows the amount: what else there is to say. */
  update(done: number, more?: string): void
  end(): void
}

/** What progress draws on. */
export interface ProgressSurface {
  /** `none` with --quiet or --json. */
  mode: 'redraw' | 'lines' | 'none'
  columns(): number
  write(text: string): void
  line(text: string): void
}

const quietMilliseconds = 1000
const redrawMilliseconds = 100
const linesMilliseconds = 1000
const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** The one line at the bottom of the terminal that is redrawn, and how to take it away before something else is written. */
export class ProgressDisplay implements Progress {
  readonly #surface: ProgressSurface
  #timer: NodeJS.Timeout | undefined
  #drawn = false

  constructor(surface: ProgressSurface) {
    this.#surface = surface
  }

  line(text: string): ProgressLine {
    let current = text
    const end = this.#start(() => current)
    return {
      update(next) {
        current = next
      },
      end,
    }
  }

  bar(text: string, total: number, unit: string): ProgressBar {
    const started = performance.now()
    let done = 0
    let more = ''
    const amount = (value: number) => (unit === 'bytes' ? bytesText(value) : numberText(value))
    const end = this.#start((redraw) => {
      const share = total > 0 ? Math.min(1, done / total) : 0
      const seconds = (performance.now() - started) / 1000
      const rate = done / seconds
      const percent = `${Math.floor(share * 100)} %`
      const words = unit === 'bytes' ? '' : ` ${unit}`
      const speed = done > 0 ? `, ${amount(rate)}${unit === 'bytes' ? '' : ` ${unit}`}/s` : ''
      const left = done > 0 && done < total ? `, ${durationText(Math.ceil((total - done) / rate))} left` : ''
      const counts = `${amount(done)} of ${amount(total)}${words}${more}${speed}${left}`
      if (!redraw) return `${text}: ${percent}, ${counts}`
      const filled = Math.round(share * 20)
      return `${text} ${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${percent}  ${counts}`
    })
    return {
      update(next, also) {
        done = next
        more = also === undefined ? '' : `, ${also}`
      },
      end,
    }
  }

  /** Takes the drawn line away; it comes back at its next turn. */
  erase(): void {
    if (!this.#drawn) return
    this.#drawn = false
    this.#surface.write('\r\u001B[2K')
  }

  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.erase()
  }

  #start(describe: (redraw: boolean) => string): () => void {
    this.end()
    const { mode } = this.#surface
    if (mode === 'none') return () => {}

    const started = performance.now()
    let frame = 0
    let said = ''
    const draw = () => {
      if (performance.now() - started < quietMilliseconds - 20) return
      if (mode === 'redraw') {
        const text = `${spinner[frame % spinner.length] ?? ''} ${describe(true)}`
        this.#surface.write(`\r\u001B[2K${cutTo(text, this.#surface.columns() - 1)}`)
        this.#drawn = true
        frame += 1
        return
      }
      const text = describe(false)
      if (text !== said) this.#surface.line(text)
      said = text
    }

    const timer = setInterval(draw, mode === 'redraw' ? redrawMilliseconds : linesMilliseconds)
    // What is shown must not keep the program alive.
    timer.unref()
    this.#timer = timer
    return () => {
      if (this.#timer === timer) this.end()
    }
  }
}
