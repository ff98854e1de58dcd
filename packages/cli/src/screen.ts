import { Failure, redactSecrets, type ScriptOutput, streamOutput } from '@pgrig/core'
import {
  bytesText,
  type Cell,
  cellText,
  durationText,
  layPairs,
  layTable,
  padRight,
  widthOf,
  withoutControlsButColors,
} from './layout.ts'
import { needsTerminal, openFullScreen, type FullScreen } from './full-screen.ts'
import { paint, type Style } from './paint.ts'
import { type Progress, ProgressDisplay } from './progress.ts'
import { type Terminal, withoutColors } from './terminal.ts'

export interface ScreenOptions {
  json: boolean
  color: boolean
  quiet: boolean
  /** Results are not searched for passwords. */
  verbatim: boolean
  signal: AbortSignal
}

/** All that a person sees: results on stdout, everything else on stderr. */
export class Screen {
  readonly progress: Progress
  readonly #display: ProgressDisplay
  readonly #terminal: Terminal
  readonly #options: ScreenOptions
  readonly #colorOut: boolean
  readonly #colorErr: boolean
  readonly #warnings: string[] = []
  readonly #output: ReturnType<typeof streamOutput>
  readonly #gone = new AbortController()
  readonly #broken = new AbortController()
  #writeError: Error | undefined
  #fullScreen: FullScreen | undefined
  #lent = 0

  constructor(terminal: Terminal, options: ScreenOptions) {
    this.#terminal = terminal
    this.#options = options
    this.#colorOut = wantsColor(terminal.stdout, terminal.env, options.color)
    this.#colorErr = wantsColor(terminal.stderr, terminal.env, options.color)
    this.#display = new ProgressDisplay({
      mode: options.quiet || options.json ? 'none' : canRedraw(terminal) ? 'redraw' : 'lines',
      columns: () => terminal.stderr.columns || 80,
      write: (text) => void terminal.stderr.write(this.#clean(text)),
      line: (text) => this.#err(text),
    })
    this.progress = this.#display
    this.#output = streamOutput(terminal.stdout, { before: () => this.#display.erase() })
    terminal.stdout.on('error', (error) => this.#notice(error))
    // Nothing can be said about a stderr that is gone.
    terminal.stderr.on('error', () => {})
  }

  get json(): boolean {
    return this.#options.json
  }

  /** Warnings that --json holds back, so that stderr is only ever one JSON value. */
  get warnings(): readonly string[] {
    return this.#warnings
  }

  /** Whether results are coloured. */
  get color(): boolean {
    return this.#colorOut
  }

  /** The width to lay text out for; undefined when stdout is not a terminal. */
  get columns(): number | undefined {
    return this.#terminal.stdout.isTTY ? this.#terminal.stdout.columns || 80 : undefined
  }

  /** The environment. */
  get variables(): Terminal['env'] {
    return this.#terminal.env
  }

  /** The current folder. */
  get folder(): string {
    return this.#terminal.folder
  }

  /** Whether a program that was handed the terminal is running. */
  get lent(): boolean {
    return this.#lent > 0
  }

  /** One line of the result. */
  line(text = ''): void {
    this.#out(`${withoutControlsButColors(text)}\n`)
  }

  /** Bytes of the result exactly as they are: no line end added, nothing masked, nothing replaced. */
  raw(text: string): void {
    this.#output.write(text)
    this.#output.flush()
  }

  /** Where results go that come while a command works. */
  get output(): ScriptOutput {
    return {
      write: (bytes) => this.#output.write(bytes),
      full: () => this.#output.full(),
      close: async () => {},
      broken: this.#broken.signal,
    }
  }

  /** Aborts when nobody reads the results any more (`pgrig run … | head -1`). */
  get outputGone(): AbortSignal {
    return this.#gone.signal
  }

  /** The same for what a script says on stderr. */
  get errorOutput(): ScriptOutput {
    const write = (bytes: string | Uint8Array) => {
      this.#output.flush()
      this.#display.erase()
      this.#terminal.stderr.write(bytes)
    }
    return { write, full: () => undefined, close: async () => {} }
  }

  /** What is piped into the program; undefined when a person sits there. */
  get standardInput(): AsyncIterable<Uint8Array> | undefined {
    const { stdin } = this.#terminal
    return stdin.isTTY ? undefined : stdin
  }

  heading(text: string): void {
    this.line(this.style('bold', text))
  }

  /** A table with one column for each function. On a terminal it is cut to the width, elsewhere never. */
  table<Row>(rows: readonly Row[], columns: Readonly<Record<string, (row: Row) => Cell>>): void {
    const lines = layTable(rows, columns, { columns: this.columns, heading: (text) => this.style('bold', text) })
    for (const line of lines) this.line(line)
  }

  /** Names and values, one under the other. A value that is undefined is left out. */
  list(values: Readonly<Record<string, Cell>>): void {
    const pairs = Object.entries(values).filter(([, value]) => value !== undefined)
    const widest = Math.max(0, ...pairs.map(([name]) => widthOf(name)))
    for (const [name, value] of pairs) {
      this.line(`${this.style('dim', padRight(name, widest))}  ${cellText(value)}`.trimEnd())
    }
  }

  /** Two columns, the second a text that is wrapped. */
  pairs(pairs: readonly (readonly [string, string])[]): void {
    for (const line of layPairs(pairs, Math.min(this.columns ?? 80, 80))) this.line(line)
  }

  /** A value as JSON, for --json and for nothing else. */
  value(value: unknown): void {
    const clean = (text: string) => (this.#options.verbatim ? text : this.#clean(text))
    this.raw(`${stringify(value ?? null, 2, clean)}\n`)
  }

  /** The text in a style of stdout. */
  style(style: Style, text: string): string {
    return this.#colorOut ? paint(style, text) : text
  }

  duration(seconds: number): string {
    return durationText(seconds)
  }

  bytes(bytes: number): string {
    return bytesText(bytes)
  }

  /** The line that says what the command is about to work on. */
  target(text: string): void {
    if (!this.#options.quiet && !this.#options.json) this.#err(`${this.styleErr('cyan', '→')} ${text}`)
  }

  /** Something worth knowing that is not the result. */
  note(text: string): void {
    if (!this.#options.json) this.#err(text)
  }

  warn(text: string): void {
    if (this.#options.json) this.#warnings.push(this.#clean(text))
    else this.#err(`${this.styleErr('yellow', 'warning:')} ${text}`)
  }

  /** One line of an error. */
  error(text: string): void {
    this.#err(text)
  }

  /** The error as one JSON value, all that stderr holds then. */
  errorValue(value: unknown): void {
    this.#terminal.stderr.write(`${stringify(value, 0, (text) => this.#clean(text))}\n`)
  }

  /** The text in a style of stderr. */
  styleErr(style: Style, text: string): string {
    return this.#colorErr ? paint(style, text) : text
  }

  get errorColumns(): number {
    return this.#terminal.stderr.isTTY ? this.#terminal.stderr.columns || 80 : 160
  }

  /** Whether somebody is there who can be asked. */
  get canAsk(): boolean {
    return this.#terminal.stdin.isTTY === true && this.#terminal.stderr.isTTY === true && !this.#options.json
  }

  /** A yes or no question; Enter is No. `command` is what to type where nobody can be asked. */
  async ask(question: string, command: string): Promise<boolean> {
    this.#mustBeAbleToAsk(`${question} Nobody confirmed it`, command)
    const { confirm, isCancel } = await import('@clack/prompts')
    const answer = await confirm({ message: this.#clean(question), initialValue: false, ...this.#prompt() })
    if (isCancel(answer)) throw stoppedAtQuestion()
    return answer
  }

  /** Asks to type a name. Says whether it was typed exactly. */
  async askExact(question: string, expected: string, command: string): Promise<boolean> {
    this.#mustBeAbleToAsk(`The name "${expected}" was not confirmed`, command)
    const { text, isCancel } = await import('@clack/prompts')
    const answer = await text({ message: this.#clean(question), ...this.#prompt() })
    if (isCancel(answer)) throw stoppedAtQuestion()
    return answer === expected
  }

  /** Runs a program that has the terminal to itself. */
  async lend<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#display.end()
    this.#lent += 1
    try {
      return await work()
    } finally {
      this.#lent -= 1
    }
  }

  /** Takes the whole terminal, until it is closed or the program ends in whatever way. Throws `usage` where there is none. */
  openFullScreen(): FullScreen {
    const { stdin, stdout, env } = this.#terminal
    if (!stdin.isTTY || !stdout.isTTY || env['TERM'] === 'dumb' || this.#options.json) throw needsTerminal()
    this.#display.end()
    return (this.#fullScreen = openFullScreen(this.#terminal, this.#colorOut, (text) => this.#clean(text)))
  }

  /** Leaves the terminal as it was: ends whatever progress or full screen a command has left. */
  release(): void {
    this.#display.end()
    this.#fullScreen?.close()
  }

  /** Ends progress, and waits until all was written. Throws what made writing the result impossible, and the signal's reason. */
  async close(): Promise<void> {
    this.release()
    if (this.#options.json && this.#warnings.length > 0)
      for (const text of this.#warnings.splice(0)) this.#err(`warning: ${text}`)
    this.#output.flush()
    await this.written(this.#options.signal)
    if (this.#writeError) throw this.#writeError
  }

  /** Resolves when stdout has taken all that was written. Throws the signal's reason, for a reader that does not read. */
  written(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason)
      this.#terminal.stdout.write('', () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
      signal.addEventListener('abort', stop)
    })
  }

  #out(text: string): void {
    this.raw(this.#options.verbatim ? text : this.#clean(text))
  }

  #err(text: string): void {
    // In the order in which it was said.
    this.#output.flush()
    this.#display.erase()
    this.#terminal.stderr.write(`${this.#clean(text)}\n`)
  }

  #clean(text: string): string {
    return redactSecrets(text)
  }

  /** A reader that has gone (`pgrig help | head -1`) has seen what it wanted. */
  #notice(error: Error & { code?: string }): void {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return this.#gone.abort()
    this.#writeError ??= new Failure(
      error.code === 'ENOSPC' ? 'disk_full' : 'permission',
      `The result could not be written to standard output: ${error.message}.`,
      { cause: error },
    )
    this.#broken.abort(this.#writeError)
  }

  #mustBeAbleToAsk(sentence: string, command: string): void {
    if (this.canAsk) return
    const why = this.#options.json ? 'with --json nobody is asked' : 'there is no terminal to ask on'
    throw new Failure('refused', `${sentence}: ${why}.`, { hint: command, state: 'Nothing was changed.' })
  }

  #prompt() {
    this.#display.end()
    return {
      input: this.#terminal.stdin,
      output: this.#colorErr ? this.#terminal.stderr : withoutColors(this.#terminal.stderr),
      signal: this.#options.signal,
      withGuide: false,
    }
  }
}

/** Whether colours go to a stream: decided for stdout and stderr each. */
export function wantsColor(stream: { isTTY?: boolean | undefined }, env: Terminal['env'], color: boolean): boolean {
  if (!color || env['NO_COLOR']) return false
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

/** A dumb terminal cannot take a line back. */
function canRedraw(terminal: Terminal): boolean {
  return terminal.stderr.isTTY === true && terminal.env['TERM'] !== 'dumb'
}

function stoppedAtQuestion(): Failure {
  return new Failure('interrupted', 'Stopped at the question.', {
    state: 'What it asked about was not done.',
  })
}

/** JSON of a value, each of its texts cleaned: in the JSON as a whole, masking could take a quote away with the password. */
function stringify(value: unknown, indent: number, clean: (text: string) => string): string {
  return JSON.stringify(
    value,
    (_, item: unknown) => {
      if (typeof item === 'bigint') return Number.isSafeInteger(Number(item)) ? Number(item) : String(item)
      return typeof item === 'string' ? clean(item) : item
    },
    indent,
  )
}
