import { Failure } from '@pgrig/core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Screen, type ScreenOptions, wantsColor } from './screen.ts'
import { type TestOptions, testTerminal } from './testing.ts'

function openScreen(terminalOptions: TestOptions = {}, options: Partial<ScreenOptions> = {}) {
  const terminal = testTerminal(terminalOptions)
  const screen = new Screen(terminal, {
    json: false,
    color: true,
    quiet: false,
    verbatim: false,
    signal: new AbortController().signal,
    ...options,
  })
  return { screen, terminal, written: terminal.written }
}

test.each([
  ['a terminal', true, {}, true, true],
  ['a pipe', false, {}, true, false],
  ['--no-color', true, {}, false, false],
  ['--no-color against FORCE_COLOR', true, { FORCE_COLOR: '1' }, false, false],
  ['NO_COLOR', true, { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR', true, { NO_COLOR: '' }, true, true],
  ['NO_COLOR against FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['FORCE_COLOR on a pipe', false, { FORCE_COLOR: '1' }, true, true],
  ['an empty FORCE_COLOR on a pipe', false, { FORCE_COLOR: '' }, true, true],
  ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, true, false],
  ['a dumb terminal', true, { TERM: 'dumb' }, true, false],
])('colours: %s', (_, isTTY, env, color, expected) => {
  expect(wantsColor({ isTTY }, env, color)).toBe(expected)
})

test('stdout and stderr are coloured each for itself', () => {
  const { screen, written } = openScreen({ stdoutIsTty: false, stderrIsTty: true })
  screen.heading('Result')
  screen.warn('careful')
  expect(written.stdout).toBe('Result\n')
  expect(written.stderr).toBe('\u001B[33mwarning:\u001B[39m careful\n')
  const other = openScreen({ stdoutIsTty: true, stderrIsTty: false })
  other.screen.heading('Result')
  other.screen.warn('careful')
  expect(other.written.stdout).toBe('\u001B[1mResult\u001B[22m\n')
  expect(other.written.stderr).toBe('warning: careful\n')
})

test('the target line and notes go to stderr, with --quiet no target line, with --json neither', () => {
  const say = (options: Partial<ScreenOptions>) => {
    const { screen, written } = openScreen({}, options)
    screen.target('local · cruddur')
    screen.note('noted')
    screen.warn('careful')
    return written
  }
  expect(say({})).toEqual({ stdout: '', stderr: '→ local · cruddur\nnoted\nwarning: careful\n' })
  expect(say({ quiet: true })).toEqual({ stdout: '', stderr: 'noted\nwarning: careful\n' })
  expect(say({ json: true })).toEqual({ stdout: '', stderr: '' })
})

test('names and values stand under one another', () => {
  const { screen, written } = openScreen()
  screen.list({ version: 'PostgreSQL 18.4', pid: 42, password: undefined, 'data folder': null })
  expect(written.stdout).toBe('version      PostgreSQL 18.4\npid          42\ndata folder\n')
})

test('a table is cut on a terminal and whole in a pipe', () => {
  const rows = [{ pid: 1, query: 'select '.repeat(30).trim() }]
  const columns = { pid: (r: (typeof rows)[number]) => r.pid, query: (r: (typeof rows)[number]) => r.query }
  const terminal = openScreen({ stdoutIsTty: true, columns: 30, env: { NO_COLOR: '1' } })
  terminal.screen.table(rows, columns)
  expect(terminal.written.stdout).toBe('pid  query\n  1  select select select sel…\n')
  const pipe = openScreen({ columns: 30 })
  pipe.screen.table(rows, columns)
  expect(pipe.written.stdout).toContain(rows[0]?.query)
})

test('what others wrote can neither move the cursor nor hide text', () => {
  const { screen, written } = openScreen()
  screen.line('a\u001B[2Jb\u0007\u202Ec')
  screen.table(['x\u001B]0;title\u0007y'], { text: (row) => row })
  expect(written.stdout).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u202E]/)
})

test('raw is the user’s own data: nothing is masked, replaced or added', () => {
  const { screen, written } = openScreen()
  screen.raw('postgres://me:pw@db\u001B[31m')
  expect(written.stdout).toBe('postgres://me:pw@db\u001B[31m')
})

test('results are masked unless the command gives them as they are', () => {
  const masked = openScreen()
  masked.screen.line('postgres://me:pw@db')
  masked.screen.value({ url: 'postgres://me:pw@db', note: 'say "hi@there"' })
  expect(masked.written.stdout).toBe(
    'postgres://me:***@db\n{\n  "url": "postgres://me:***@db",\n  "note": "say \\"hi@there\\""\n}\n',
  )
  const verbatim = openScreen({}, { verbatim: true })
  verbatim.screen.line('postgres://me:pw@db')
  verbatim.screen.warn('postgres://me:pw@db')
  expect(verbatim.written).toEqual({ stdout: 'postgres://me:pw@db\n', stderr: 'warning: postgres://me:***@db\n' })
})

test.each([
  ['stdin is no terminal', { stderrIsTty: true }, {}, 'there is no terminal to ask on'],
  ['stderr is no terminal', { stdinIsTty: true }, {}, 'there is no terminal to ask on'],
  ['--json', { stdinIsTty: true, stderrIsTty: true }, { json: true }, 'with --json nobody is asked'],
])('nobody is asked: %s', async (_, terminal, options, because) => {
  const { screen } = openScreen(terminal, options)
  const refusal = await screen.ask('Drop it?', 'pgrig drop --yes').catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Failure)
  expect(refusal).toMatchObject({
    code: 'refused',
    message: `Drop it? Nobody confirmed it: ${because}.`,
    hint: 'pgrig drop --yes',
  })
  await expect(screen.askExact('Name?', 'x', 'pgrig drop --confirm x')).rejects.toMatchObject({ code: 'refused' })
})

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  test('nothing is shown for what takes less than a second', () => {
    const { screen, written } = openScreen({ stderrIsTty: true })
    const line = screen.progress.line('Working')
    vi.advanceTimersByTime(900)
    line.end()
    vi.advanceTimersByTime(5000)
    expect(written.stderr).toBe('')
  })

  test('on a terminal the line is redrawn at most ten times a second and erased at the end', () => {
    const { screen, written } = openScreen({ stderrIsTty: true })
    const line = screen.progress.line('Working')
    vi.advanceTimersByTime(2000)
    line.update('Still working')
    vi.advanceTimersByTime(100)
    expect(written.stderr).toContain('\r\u001B[2K⠋ Working')
    expect(written.stderr).toContain(' Still working')
    expect(written.stderr.split('\r').length - 1).toBeLessThanOrEqual(12)
    line.end()
    expect(written.stderr.endsWith('\r\u001B[2K')).toBe(true)
  })

  test('a bar has a rate and the time left, and never wraps', () => {
    const { screen, written } = openScreen({ stderrIsTty: true, columns: 100 })
    const bar = screen.progress.bar('Loading', 10 * 1024 * 1024, 'bytes')
    vi.advanceTimersByTime(1500)
    bar.update(5 * 1024 * 1024)
    vi.advanceTimersByTime(500)
    expect(written.stderr.split('\u001B[2K').at(-1)).toMatch(
      /^. Loading █{10}░{10} 50 %  5 MB of 10 MB, 2\.5 MB\/s, 2\.0 s left$/,
    )
    const narrow = openScreen({ stderrIsTty: true, columns: 20 })
    narrow.screen.progress.line('x'.repeat(50))
    vi.advanceTimersByTime(1100)
    expect(narrow.written.stderr.split('\u001B[2K').at(-1)).toMatch(/^. x+…$/)
    expect(narrow.written.stderr.split('\u001B[2K').at(-1)).toHaveLength(19)
  })

  test('elsewhere it is plain lines, at most one a second, and none that says nothing new', () => {
    const { screen, written } = openScreen()
    const bar = screen.progress.bar('Copying', 1000, 'rows')
    for (let step = 1; step <= 30; step += 1) {
      bar.update(step * 10)
      vi.advanceTimersByTime(100)
    }
    vi.advanceTimersByTime(3000)
    bar.end()
    const lines = written.stderr.trim().split('\n')
    expect(lines[0]).toBe('Copying: 10 %, 100 of 1,000 rows, 100 rows/s, 9.0 s left')
    expect(lines.length).toBeLessThanOrEqual(6)
    const other = openScreen()
    other.screen.progress.line('Waiting')
    vi.advanceTimersByTime(10_000)
    expect(other.written.stderr).toBe('Waiting\n')
  })

  test('what is written meanwhile takes the line away first', () => {
    const { screen, written } = openScreen({ stderrIsTty: true })
    screen.progress.line('Working')
    vi.advanceTimersByTime(1000)
    screen.note('by the way')
    expect(written.stderr.endsWith('Working\r\u001B[2Kby the way\n')).toBe(true)
  })

  test.each([{ quiet: true }, { json: true }])('with %o there is none', (options) => {
    const { screen, written } = openScreen({ stderrIsTty: true }, options)
    screen.progress.line('Working')
    screen.progress.bar('Loading', 10, 'bytes')
    vi.advanceTimersByTime(5000)
    expect(written.stderr).toBe('')
  })

  test('a dumb terminal gets lines', () => {
    const { screen, written } = openScreen({ stderrIsTty: true, env: { TERM: 'dumb' } })
    screen.progress.line('Working')
    vi.advanceTimersByTime(1000)
    expect(written.stderr).toBe('Working\n')
  })
})
