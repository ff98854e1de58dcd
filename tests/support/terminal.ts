import { spawn } from 'node:child_process'
import { expect, onTestFinished } from 'vitest'

export interface TestTerminal {
  /** All that was written, with its control sequences. */
  output(): string
  /** The page that a full screen shows last, without control sequences. */
  page(): string
  type(keys: string): void
  /** Takes the terminal away, as closing its window does. */
  hangUp(): void
  /** Waits until the page has a text. */
  shows(text: string | RegExp): Promise<void>
  /** What was written after the page was left, when all has ended. */
  end(): Promise<string>
}

/**
 * Runs a command of a shell in a terminal of 80 columns and 24 rows, which `script` makes: every Linux and macOS has it, and it
 * needs no compiled package. Where it is missing, the test fails and says so.
 */
export function openTerminal(
  command: string,
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): TestTerminal {
  const whole = `stty cols 80 rows 24; ${command}`
  const args = process.platform === 'darwin' ? ['-q', '/dev/null', 'sh', '-c', whole] : ['-qfec', whole, '/dev/null']
  const child = spawn('script', args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      SHELL: '/bin/sh',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill())
  let output = ''
  let failed: Error | undefined
  child.on('error', (error) => {
    failed = new Error(
      `There is no terminal to test in: script (of bsdutils or util-linux) does not start. ${error.message}`,
    )
  })
  child.stdin.on('error', () => {})
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))

  const page = () => withoutSequences(output.slice(output.lastIndexOf('\u001B[?2026h')))
  const see = <Value>(read: () => Value): Value => {
    if (failed) throw failed
    return read()
  }
  return {
    output: () => output,
    page,
    type: (keys) => void child.stdin.write(keys),
    hangUp: () => void child.kill('SIGKILL'),
    async shows(text) {
      await expect.poll(() => see(page), { timeout: 20_000 }).toMatch(text)
    },
    async end() {
      await ended
      return see(() => withoutSequences(output.slice(output.lastIndexOf('\u001B[?1049l'))).replaceAll('\r', ''))
    },
  }
}

function withoutSequences(text: string): string {
  return text.replace(/\u001B\[[\d;?]*[A-Za-z]/g, '')
}
