import { Failure } from '../errors.ts'
import type { PrintSettings } from '../print/settings.ts'
import type { Printing } from './answers.ts'
import type { ScriptFiles, ScriptOutput, ScriptShell } from './files.ts'
import { shellRefused } from './inspect.ts'
import type { Stream } from './host.ts'
import type { MetaCommand } from './metacommand.ts'

/** Where a script may write. */
export interface OutputPorts {
  readonly files: ScriptFiles
  /** Undefined: the script may run no programs. */
  readonly shell: ScriptShell | undefined
  /** Where results and `\echo` go. */
  readonly output: ScriptOutput
  /** Where `\warn` goes. */
  readonly errorOutput: ScriptOutput
}

/** Where results go and how they are printed: what `\o`, `\pset` and `\timing` change. */
export class Outputs {
  readonly printing: Printing | undefined
  readonly #ports: OutputPorts
  settings: PrintSettings | undefined
  timing = false
  #results: ScriptOutput

  constructor(ports: OutputPorts, print: { printing: Printing; settings: PrintSettings } | undefined) {
    this.#ports = ports
    this.printing = print?.printing
    this.settings = print?.settings
    this.#results = ports.output
  }

  /** Where results go now. */
  get results(): ScriptOutput {
    return this.#results
  }

  /** Whether they go to a file or a program of the script's. */
  get redirected(): boolean {
    return this.#results !== this.#ports.output
  }

  of(stream: Stream): ScriptOutput {
    if (stream === 'results') return this.#results
    return stream === 'error' ? this.#ports.errorOutput : this.#ports.output
  }

  /** Sends results elsewhere from now on; undefined is back. */
  async redirect(command: MetaCommand, target: string | undefined): Promise<void> {
    await this.restore()
    if (target !== undefined) this.#results = await this.open(command, target)
  }

  async restore(): Promise<void> {
    const before = this.#results
    const { redirected } = this
    this.#results = this.#ports.output
    if (redirected) await before.close()
  }

  /** Opens a file, or a program behind a bar. */
  open(command: MetaCommand, target: string): Promise<ScriptOutput> {
    if (target.startsWith('|')) return this.shell(command, `\\${command.name} |…`).write(target.slice(1))
    return this.#ports.files.write(target)
  }

  /** The shell, if the script may use it. Throws `refused`. */
  shell(command: MetaCommand, what: string): ScriptShell {
    const { shell } = this.#ports
    if (shell === undefined) throw shellRefused(command, what)
    return shell
  }

  /** Changes a setting as `\pset` does, and returns what there is to say. Where nothing is printed it does nothing. */
  set(name: string | undefined, value: string | undefined): string | undefined {
    const { printing, settings } = this
    if (printing === undefined || settings === undefined) return undefined
    if (name === undefined) return printing.listSettings(settings)
    const { format } = settings
    const changed =
      name === 'align'
        ? printing.changeSetting(settings, 'format', format === 'aligned' ? 'unaligned' : 'aligned')
        : name === 'html'
          ? printing.changeSetting(settings, 'format', format === 'html' ? 'aligned' : 'html')
          : printing.changeSetting(settings, name, value)
    this.settings = changed.settings
    return changed.message === undefined ? undefined : `${changed.message}\n`
  }

  /**
   * The arguments of `\g`: settings in parentheses, for one result, then a file or a program. Throws `script_failed` for
   * settings that cannot be.
   */
  readTarget(
    { name }: MetaCommand,
    words: readonly string[],
  ): { settings: PrintSettings | undefined; target: string | undefined } {
    const [first = ''] = words
    const end = first.startsWith('(') ? words.findIndex((word) => word.endsWith(')')) : -1
    if (first.startsWith('(') && end < 0)
      throw new Failure('script_failed', `\\${name}: a right parenthesis is missing.`)
    let { settings } = this
    words.slice(0, end + 1).forEach((word, index) => {
      const change = word.slice(index === 0 ? 1 : 0, index === end ? -1 : undefined)
      const [setting = '', value] = change.split(/=(.*)/s)
      if (change !== '') settings = settings && this.printing?.changeSetting(settings, setting, value).settings
    })
    if (name === 'gx') settings = settings && { ...settings, expanded: 'on' }
    const target = words[end + 1] ?? ''
    return { settings, target: target === '' ? undefined : target }
  }
}
