import { expect, test } from 'vitest'
import { defineCommand } from './command.ts'
import type { FullScreen } from './full-screen.ts'
import { pgrig as runPgrig, testTerminal, type TestOptions } from './testing.ts'

const enter = '\u001B[?1049h\u001B[?25l'
const leave = '\u001B[?7h\u001B[?25h\u001B[?1049l'

const look = defineCommand({
  name: 'look',
  summary: 'Look until it ends',
  examples: ['look'],
  target: 'none',
  async run(_, { openFullScreen, signal }) {
    const screen = openFullScreen()
    screen.draw(['password=geheim', screen.style('bold', 'two'), ...Array.from({ length: 50 }, () => 'more')])
    opened.push(screen)
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  },
  show: () => {},
})
const opened: FullScreen[] = []

const there = { stdinIsTty: true, stdoutIsTty: true, stderrIsTty: true }

/** Starts it, and waits until it has drawn. */
async function start(options: TestOptions = there) {
  const terminal = testTerminal(options)
  const running = runPgrig(['look'], { commands: [look], terminal })
  await expect.poll(() => terminal.written.stdout).toContain('more')
  return { terminal, running }
}

test('a page is drawn on the second screen, no higher than the terminal, without passwords', async () => {
  const { terminal, running } = await start({ ...there, env: { NO_COLOR: '1' } })
  expect(terminal.written.stdout.startsWith(enter)).toBe(true)
  expect(terminal.written.stdout).not.toContain('geheim')
  expect(terminal.written.stdout.match(/more/g)).toHaveLength(22)
  expect(terminal.written.stdout).not.toContain('\u001B[1m')
  terminal.signal('SIGTERM')
  await running
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s gives the first screen back before anything is said',
  async (signal) => {
    const { terminal, running } = await start()
    terminal.signal(signal)
    expect(await running).toMatchObject({ exitCode: 130 })
    expect(terminal.written.stdout.endsWith(leave)).toBe(true)
    expect(terminal.written.stdout.split(leave)).toHaveLength(2)
    opened.at(-1)?.draw(['too late'])
    expect(terminal.written.stdout).not.toContain('too late')
  },
)

test('so does an error that nobody caught, and a terminal that is gone stops nothing', async () => {
  const terminal = testTerminal(there)
  const modes: boolean[] = []
  Object.assign(terminal.stdin, {
    setRawMode(raw: boolean) {
      modes.push(raw)
      if (!raw) throw new Error('EIO')
    },
  })
  const running = runPgrig(['look'], { commands: [look], terminal })
  await expect.poll(() => terminal.written.stdout).toContain('more')
  terminal.uncaught(new TypeError('x is not a function'))
  expect(terminal.written.stdout.endsWith(leave)).toBe(true)
  expect(terminal.written.stderr).toContain('x is not a function')
  expect(terminal.endedWith).toBe(1)
  expect(modes).toEqual([true, false])
  await running
})

test.each([
  ['no terminal', { stdinIsTty: false, stdoutIsTty: true }],
  ['a pipe', { stdinIsTty: true, stdoutIsTty: false }],
  ['a dumb one', { stdinIsTty: true, stdoutIsTty: true, env: { TERM: 'dumb' } }],
])('%s is not enough', async (_, options) => {
  const { exitCode, stdout, stderr } = await runPgrig(['look'], { commands: [look], ...options })
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
  expect(stderr).toContain('This needs a terminal')
})
