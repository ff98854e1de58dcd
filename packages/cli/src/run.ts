import { exitCodes, Failure, leastPolicy } from '@pgrig/core'
import { type Command, type CommonFlags, globalFlags, type Tools } from './command.ts'
import { type CommandSource, commandsIn } from './discover.ts'
import { commandWith, findCommand, parseCommand, parseFlags, type ParsedFlags, unknownVerb, verbsOf } from './parse.ts'
import { interruption, isAbort, reportBug, reportFailure } from './report.ts'
import { Screen, type ScreenOptions } from './screen.ts'
import type { EndSignal, Terminal } from './terminal.ts'
import { createTools } from './tools.ts'
import { bindWords, isFileIn } from './words.ts'

export interface Program {
  terminal: Terminal
  version: string
  /** The version of Node.js. */
  node: string
  /** Where faults of ours are reported. */
  reportTo?: string | undefined
  commands?: CommandSource
  createTools?: (common: CommonFlags, screen: Screen, signal: AbortSignal, commands: CommandSource) => Tools
}

/** How long an interrupted program waits for somebody to read what it has written. */
const unreadMilliseconds = 1000

/** Runs one command line to its end. Never throws; what went wrong is on stderr and in the exit code. */
export async function runCli(argv: readonly string[], program: Program): Promise<number> {
  const run = new Run(argv, program)
  return run.toEnd()
}

class Run {
  readonly #argv: readonly string[]
  readonly #program: Program
  readonly #commands: CommandSource
  readonly #abort = new AbortController()
  #screen: Screen
  #command: Command | undefined
  #stoppedBy: string | undefined

  constructor(argv: readonly string[], program: Program) {
    this.#argv = argv
    this.#program = program
    this.#commands = program.commands ?? commandsIn(new URL('./commands/', import.meta.url))
    this.#screen = this.#openScreen(likelyOptions(argv))
  }

  async toEnd(): Promise<number> {
    const { terminal } = this.#program
    const stopSignals = terminal.onSignal((signal) => this.#interrupt(signal))
    const stopUncaught = terminal.onUncaught((error) => {
      this.#report(error)
      // Whoever has something to put away hears of the end.
      this.#abort.abort(error)
      // After an uncaught error nothing that still runs can be relied on, not even to end.
      terminal.endNow(exitCodes.failed)
    })
    try {
      const exitCode = await this.#run()
      await this.#screen.close().catch((error: unknown) => {
        throw error instanceof Failure && this.#changes ? error.with({ state: 'What it was to do is done.' }) : error
      })
      return exitCode
    } catch (error) {
      const exitCode = this.#report(error)
      if (this.#stoppedBy !== undefined) await this.#endUnlessRead(exitCode)
      return exitCode
    } finally {
      stopSignals()
      stopUncaught()
    }
  }

  /** A reader that does not read would keep an interrupted program alive for as long as it likes. */
  async #endUnlessRead(exitCode: number): Promise<void> {
    try {
      await this.#screen.written(AbortSignal.timeout(unreadMilliseconds))
    } catch {
      this.#program.terminal.endNow(exitCode)
    }
  }

  #openScreen(options: Pick<ScreenOptions, 'json' | 'color' | 'quiet'> & { verbatim?: boolean }): Screen {
    return new Screen(this.#program.terminal, { verbatim: false, ...options, signal: this.#abort.signal })
  }

  async #run(): Promise<number> {
    const found = findCommand(this.#argv, this.#commands.names)
    if (found.kind !== 'command') {
      const { values, words, literal } = parseFlags(found.kind === 'noun' ? found.name : '', globalFlags, found.rest)
      this.#screen = this.#openScreen(screenOptions(values))
      if (values['version']) return this.#showVersion()
      const [word] = [...words, ...literal]
      if (word !== undefined && found.kind === 'noun') throw unknownVerb(found.name, word, this.#commands.names)
      if (found.kind === 'noun' && !values['help']) return this.#missVerb(found.name)
      return this.#help(found.kind === 'noun' ? found.name.split(' ') : [], values)
    }

    const command = await this.#commands.load(found.name)
    const parsed = parseCommand(command, found.rest)
    if (parsed.values['version']) return this.#showVersion()
    if (parsed.values['help']) return this.#help(command.name.split(' '), parsed.values)
    return this.#runCommand(command, parsed)
  }

  async #runCommand(command: Command, { values, words, literal }: ParsedFlags): Promise<number> {
    this.#command = command
    this.#screen = this.#openScreen({ ...screenOptions(values), verbatim: command.verbatim === true })
    if (command.handsOver && values['json']) {
      throw new Failure('usage', `"${command.name}" hands the terminal over, so it has no result to print as JSON.`)
    }
    const typed = commonOf(values, command.name, this.#argv, this.#program.version)
    if (typed.url !== undefined && holdsPassword(typed.url)) {
      this.#screen.warn(
        'The password in --url can be seen by others in the list of processes. Put the URL in the environment: DATABASE_URL.',
      )
    }

    if (command.aws && values['iam'] === true) return this.#showPolicy(command.aws, typed.region)
    const tools = this.#createTools(typed)
    const bound = await bindWords(command, words, literal, typed.target, {
      isTarget: (word) => tools.isTarget(word),
      targetNames: () => tools.targetNames(),
      isFile: (word) => isFileIn(this.#program.terminal.folder, word),
      verbs: verbsOf(command.name, this.#commands.names),
    })
    const common = bound.target === undefined ? typed : { ...typed, target: bound.target }
    return this.#execute(command, { ...values, ...bound.values }, common)
  }

  /** `run` works, then `show` shows. */
  async #execute(command: Command, values: Record<string, unknown>, common: CommonFlags): Promise<number> {
    const tools = this.#createTools(common)
    this.#abort.signal.throwIfAborted()
    const data = await this.#work(command, values, tools)
    if (common.json) this.#screen.value(data)
    else await command.show(data, this.#screen, values as never)
    return command.exit?.(data, values as never) ?? exitCodes.done
  }

  async #work(command: Command, values: Record<string, unknown>, tools: Tools): Promise<unknown> {
    let failed: unknown
    try {
      return await command.run(values as never, tools)
    } catch (error) {
      failed = error
      throw error
    } finally {
      await tools.ended(failed)
    }
  }

  #createTools(common: CommonFlags): Tools {
    const create = this.#program.createTools ?? createTools
    return create(common, this.#screen, this.#abort.signal, this.#commands)
  }

  async #help(words: readonly string[], values: Record<string, unknown>): Promise<number> {
    const help = await this.#commands.load('help')
    this.#screen = this.#openScreen(screenOptions(values))
    return this.#execute(
      help,
      { words },
      commonOf({ ...values, target: undefined, url: undefined }, 'help', this.#argv, this.#program.version),
    )
  }

  async #missVerb(noun: string): Promise<number> {
    const verbs = verbsOf(noun, this.#commands.names)
    throw new Failure('usage', `"${noun}" needs a second word: ${verbs.join(', ')}.`, { hint: `pgrig ${noun} --help` })
  }

  #showPolicy(actions: readonly string[], region: string | undefined): number {
    const policy = leastPolicy(actions, region === undefined ? {} : { region })
    if (this.#screen.json) this.#screen.value(policy)
    else this.#screen.line(JSON.stringify(policy, undefined, 2))
    return exitCodes.done
  }

  #showVersion(): number {
    if (this.#screen.json) this.#screen.value({ version: this.#program.version })
    else this.#screen.line(this.#program.version)
    return exitCodes.done
  }

  #interrupt(signal: EndSignal): void {
    // Ctrl-C goes to every program of the terminal; while one has it to itself, it is meant for that one.
    if (signal === 'SIGINT' && this.#screen.lent) return
    if (this.#stoppedBy !== undefined) {
      this.#screen.release()
      return this.#program.terminal.endNow(exitCodes.interrupted)
    }
    this.#stoppedBy = signal
    if (this.#program.terminal.stderr.isTTY) this.#screen.note('Stopping. Press Ctrl-C again to end at once.')
    this.#abort.abort(new Failure('interrupted', 'Interrupted.'))
  }

  #report(error: unknown): number {
    this.#screen.release()
    const failure = this.#asFailure(error)
    if (failure) {
      reportFailure(failure, this.#screen)
      return failure.exitCode
    }
    const { version, node, reportTo } = this.#program
    reportBug(error, this.#screen, { version, node, reportTo })
    return exitCodes.failed
  }

  #asFailure(error: unknown): Failure | undefined {
    const interrupted = error instanceof Failure && error.code === 'interrupted'
    if (interrupted || (this.#stoppedBy !== undefined && (error instanceof Failure || isAbort(error)))) {
      return interruption(error, this.#stoppedBy ?? 'SIGINT', this.#changes)
    }
    return error instanceof Failure ? error : undefined
  }

  get #changes(): boolean {
    return this.#command?.changes === true || this.#command?.destructive === true
  }
}

/** How to print before the flags are understood: an error in them must come as JSON too, when JSON was asked for. */
function likelyOptions(argv: readonly string[]) {
  const end = argv.indexOf('--')
  const flags = end < 0 ? argv : argv.slice(0, end)
  return { json: flags.includes('--json'), color: !flags.includes('--no-color'), quiet: false }
}

function screenOptions(values: Record<string, unknown>) {
  return { json: values['json'] === true, color: values['noColor'] !== true, quiet: values['quiet'] === true }
}

function commonOf(
  values: Record<string, unknown>,
  command: string,
  argv: readonly string[],
  version: string,
): CommonFlags {
  const text = (key: string) => {
    const value = values[key]
    return typeof value === 'string' ? value : undefined
  }
  return {
    ...screenOptions(values),
    target: text('target'),
    url: text('url'),
    folder: text('folder'),
    confirm: text('confirm'),
    region: text('region'),
    profile: text('profile'),
    dryRun: values['dryRun'] === true,
    yes: values['yes'] === true,
    command,
    program: `pgrig ${version}`,
    commandWith: (flag) => commandWith(argv, flag),
  }
}

function holdsPassword(url: string): boolean {
  return /^[^/]*:\/\/[^/@]*:[^@]+@/.test(url) || /[?&\s]password=/.test(url)
}
