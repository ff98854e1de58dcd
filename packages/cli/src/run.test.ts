import { Failure } from '@pgrig/core'
import { expect, test } from 'vitest'
import { defineCommand } from './command.ts'
import { help } from './commands/help.ts'
import { argument, flag } from './flag.ts'
import { type RunOptions, pgrig as runPgrig, testTerminal } from './testing.ts'

const load = defineCommand({
  name: 'schema load',
  summary: 'Run db/schema.sql in one transaction',
  description: 'What fails leaves nothing behind.',
  examples: ['schema load', 'schema load db/other.sql prod'],
  target: 'database',
  changes: true,
  arguments: { file: argument.optional('The script', 'file') },
  flags: {
    timeout: flag.duration('Give up on a statement after this long'),
    set: flag.list('Set a variable', 'NAME=VALUE'),
    role: flag.string('Run as this role', 'NAME', { default: 'owner' }),
  },
  run: async ({ file, timeout, set, role }, { common, dryRun }) => ({
    file: file ?? null,
    timeout: timeout ?? null,
    set,
    role,
    target: common.target ?? null,
    url: common.url ?? null,
    dryRun,
  }),
  show(data, screen) {
    screen.list({ file: data.file, target: data.target, url: data.url })
  },
})

const dump = defineCommand({
  name: 'schema dump',
  summary: 'Write db/schema.sql from the database',
  examples: ['schema dump'],
  target: 'database',
  flags: { exitCode: flag.boolean('Exit with 5 when it differs') },
  run: () => ({ differs: true }),
  show(_, screen) {
    screen.line('It differs.')
  },
  exit: ({ differs }, { exitCode }) => (differs && exitCode ? 5 : 0),
})

const sessions = defineCommand({
  name: 'sessions',
  summary: 'List who is connected',
  examples: ['sessions'],
  target: 'server',
  run: () => [{ pid: 42, user: 'andrew', query: 'select 1' }],
  show(list, screen) {
    screen.table(list, { pid: (s) => s.pid, user: (s) => s.user, query: (s) => s.query })
  },
})

const end = defineCommand({
  name: 'sessions end',
  summary: 'End sessions',
  examples: ['sessions end 4711'],
  target: 'server',
  destructive: true,
  arguments: { pid: argument.rest('The pid of a session', 'number') },
  async run({ pid }, { confirm, confirmName, common }) {
    if (common.target === 'prod') await confirmName('Type the name of the database:', 'cruddur')
    else await confirm(`End ${pid.length} sessions?`)
    return pid
  },
  show(pids, screen) {
    screen.line(`Ended ${pids.join(', ')}.`)
  },
})

/** Ends as its argument says. */
const finish = defineCommand({
  name: 'finish',
  summary: 'Finish in some way',
  examples: ['finish well'],
  target: 'none',
  changes: true,
  arguments: { how: argument.required('How') },
  async run({ how }, { signal, progress }) {
    if (how === 'bug') throw new TypeError('x is not a function; postgres://me:geheim@host/db')
    if (how === 'sql') throw sqlFailure
    if (how === 'plain') {
      throw new Failure('connection_refused', 'Cannot connect to postgres://me:geheim@db:5432/cruddur.', {
        hint: 'pgrig server start',
      })
    }
    if (how === 'slow') {
      progress.line('Working')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
    }
    if (how === 'slow-sql') {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw new Failure('sql_error', 'canceling statement due to user request', {
        state: 'The transaction was rolled back.',
      })
    }
    return { how, big: 12n }
  },
  show: ({ how }, screen) => screen.line(how),
})

const sqlFailure = new Failure('sql_error', 'type "uid" does not exist', {
  hint: 'pgrig schema load --dry-run',
  state: 'The transaction was rolled back: the database is as it was.',
  location: { file: 'db/schema.sql', line: 41, column: 12, text: '\t日本\tid uid,' },
  sql: { sqlstate: '42704', severity: 'ERROR', detail: 'There is none.', hint: 'Create it.', where: 'line 3' },
})

const commands = [load, dump, sessions, end, finish, help]
const pgrig = (line: string, options: RunOptions = {}) =>
  runPgrig(line.split(' ').filter(Boolean), { commands, ...options })

test('the program says what its commands are', async () => {
  const { exitCode, stdout, stderr } = await pgrig('help')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatchInlineSnapshot(`
    "A Postgres database from a laptop to Amazon RDS: one command per action.

    Usage
      pgrig COMMAND [TARGET] [flags]

    Database
      schema dump   Write db/schema.sql from the database
      schema load   Run db/schema.sql in one transaction
      sessions      List who is connected
      sessions end  End sessions

    Tools
      finish        Finish in some way
      help          Say what the commands do, or what one of them does

    Flags of every command
          --target NAME  The target: local, prod, or a name in pgrig.json
          --url URL      A connection URL, for this run only
      -C, --folder DIR   The project folder, instead of the nearest one with a
                         pgrig.json
          --json         Print the result, or the error, as one JSON value
          --no-color     Print without colours
      -q, --quiet        Print neither target line nor progress
      -h, --help         Show this help
      -V, --version      Show the version

    \`pgrig help COMMAND\` tells more of one. See also \`pgrig help targets\` and \`pgrig
    help exit-codes\`.
    "
  `)
  expect(await pgrig('--help')).toEqual({ exitCode, stdout, stderr })
  expect(await pgrig('')).toEqual({ exitCode, stdout, stderr })
})

test('a command says all about itself', async () => {
  const { exitCode, stdout } = await pgrig('schema load --help')
  expect(exitCode).toBe(0)
  expect(stdout).toMatchInlineSnapshot(`
    "Run db/schema.sql in one transaction.

    What fails leaves nothing behind.

    Usage
      pgrig schema load [FILE] [TARGET] [flags]

    Arguments
      [FILE]    The script
      [TARGET]  local unless said; see pgrig help targets

    Flags
          --timeout TIME    Give up on a statement after this long
          --set NAME=VALUE  Set a variable
          --role NAME       Run as this role (default: owner)
          --dry-run         Print what would be done, and do nothing

    Flags of every command
          --target NAME  The target: local, prod, or a name in pgrig.json
          --url URL      A connection URL, for this run only
      -C, --folder DIR   The project folder, instead of the nearest one with a
                         pgrig.json
          --json         Print the result, or the error, as one JSON value
          --no-color     Print without colours
      -q, --quiet        Print neither target line nor progress
      -h, --help         Show this help
      -V, --version      Show the version

    Examples
      pgrig schema load
      pgrig schema load db/other.sql prod

    Exit codes
      0 done · 1 failed · 2 cannot connect · 3 SQL error · 64 usage · 130
      interrupted
    "
  `)
  expect((await pgrig('help schema load')).stdout).toBe(stdout)
  expect((await pgrig('-h schema load')).stdout).toBe(stdout)
})

test('a command that has commands under it names them', async () => {
  expect((await pgrig('sessions --help')).stdout).toMatchInlineSnapshot(`
    "List who is connected.

    Usage
      pgrig sessions [TARGET] [flags]

    Arguments
      [TARGET]  local unless said; see pgrig help targets

    Commands
      sessions end  End sessions

    Flags of every command
          --target NAME  The target: local, prod, or a name in pgrig.json
          --url URL      A connection URL, for this run only
      -C, --folder DIR   The project folder, instead of the nearest one with a
                         pgrig.json
          --json         Print the result, or the error, as one JSON value
          --no-color     Print without colours
      -q, --quiet        Print neither target line nor progress
      -h, --help         Show this help
      -V, --version      Show the version

    Examples
      pgrig sessions

    Exit codes
      0 done · 1 failed · 2 cannot connect · 3 SQL error · 64 usage · 130
      interrupted
    "
  `)
})

test('a noun lists its verbs, and alone is not enough', async () => {
  expect((await pgrig('schema --help')).stdout).toMatchInlineSnapshot(`
    "Usage
      pgrig schema COMMAND [TARGET] [flags]

    Commands
      schema dump  Write db/schema.sql from the database
      schema load  Run db/schema.sql in one transaction

    \`pgrig help schema COMMAND\` tells more of one.
    "
  `)
  expect(await pgrig('schema')).toMatchInlineSnapshot(`
    {
      "exitCode": 64,
      "stderr": "error: "schema" needs a second word: dump, load.
    try: pgrig schema --help
    ",
      "stdout": "",
    }
  `)
})

test('help has pages on exit codes and targets', async () => {
  expect((await pgrig('help exit-codes')).stdout).toMatchInlineSnapshot(`
    "Exit codes
        0  Done.
        1  Failed, for a reason that has no code of its own here; the message says
           which.
        2  The server or the database could not be reached, or the connection broke.
        3  PostgreSQL reported an error in a statement.
        4  It could lose data, and nobody confirmed it. Nothing was done.
        5  It worked, and the answer is one to act on: a difference, a finding,
           something pending.
       64  The command line was not understood. Nothing was done.
      130  You stopped it. The message says what state things are in.

    0 to 3 are those of psql with ON_ERROR_STOP set. With --json the same number is
    in error.exitCode on stderr, beside error.code, which says more exactly what
    happened.
    "
  `)
  expect((await pgrig('help targets')).stdout).toMatchInlineSnapshot(`
    "Targets
    A command works on one target, and on that one in all its steps. Before anything
    is done to it, stderr says which it is.

      local     unless said: DATABASE_URL, CONNECTION_URL or the libpq variables; if
                there are none, the embedded server
      prod      PROD_DATABASE_URL or PROD_CONNECTION_URL
      any NAME  that is in pgrig.json, or for which NAME_DATABASE_URL or
                NAME_CONNECTION_URL is set

    How to name it
      pgrig schema load prod           as the last word
      pgrig schema load --target prod  as a flag
      pgrig schema load --url URL      by its address, for one run; a password in it
                                       can be seen by others in the list of
                                       processes

    Where a URL comes from
    --url, then the environment, then .env, then pgrig.json, then the default.
    \`pgrig config\` prints each value and where it came from.

    A file or a target?
    The last word is the target when a target has that name. A word with a dot or a
    slash, or that a file is called, is a file. A word that is both is an error:
    write ./prod for the file, --target prod for the target. A word that is neither
    is an error too. Words after -- are never targets.
    "
  `)
})

test('help of what does not exist is an error', async () => {
  expect(await pgrig('help schema laod')).toMatchInlineSnapshot(`
    {
      "exitCode": 64,
      "stderr": "error: There is no command "schema laod". Did you mean pgrig schema load?
    try: pgrig schema --help
    ",
      "stdout": "",
    }
  `)
  expect(await pgrig('help exit-code')).toMatchInlineSnapshot(`
    {
      "exitCode": 64,
      "stderr": "error: There is no command "exit-code". Did you mean pgrig exit-codes?
    try: pgrig help
    ",
      "stdout": "",
    }
  `)
})

test('no page of help is wider than 80 columns', async () => {
  for (const page of [
    'help',
    'help schema',
    'help schema load',
    'help sessions end',
    'help exit-codes',
    'help targets',
  ]) {
    const { stdout } = await pgrig(page)
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([])
  }
})

test('help as JSON describes every command', async () => {
  const { stdout, stderr } = await pgrig('help --json')
  expect(stderr).toBe('')
  const all = JSON.parse(stdout)
  expect(all.commands.map((command: { name: string }) => command.name)).toEqual([
    'finish',
    'help',
    'schema dump',
    'schema load',
    'sessions',
    'sessions end',
  ])
  expect(JSON.parse((await pgrig('schema load --help --json')).stdout).command).toMatchObject({
    name: 'schema load',
    usage: 'pgrig schema load [FILE] [TARGET] [flags]',
    exitCodes: [0, 1, 2, 3, 64, 130],
  })
})

test('the version is printed wherever it is asked for', async () => {
  expect(await pgrig('--version')).toEqual({ exitCode: 0, stdout: '0.0.0-test\n', stderr: '' })
  expect((await pgrig('schema load -V')).stdout).toBe('0.0.0-test\n')
  expect((await pgrig('--json --version')).stdout).toBe('{\n  "version": "0.0.0-test"\n}\n')
})

test.each([
  ['shcema load', 'There is no command "shcema". Did you mean pgrig schema?'],
  ['schema laod', 'There is no command "schema laod". Did you mean pgrig schema load?'],
  ['schema frobnicate', 'There is no command "schema frobnicate". It is one of: dump, load.'],
  ['db-sessions', 'There is no command "db-sessions". Did you mean pgrig sessions?'],
  ['sessions cancle', '"cancle" is not a target (local, prod, production).'],
  ['sessions edn', '"edn" is not a target (local, prod, production). Did you mean pgrig sessions end?'],
  ['schema load --jsn', '"schema load" has no flag --jsn. Did you mean --json?'],
  ['schema load --frobnicate', '"schema load" has no flag --frobnicate.'],
  ['schema load -x', '"schema load" has no flag -x.'],
  ['--tagret prod schema load', 'pgrig has no flag --tagret. Did you mean --target?'],
  ['sessions --yes', '"sessions" has no flag --yes.'],
  ['schema load --json=yes', '--json takes no value.'],
  ['schema load --target', '--target needs a value: --target NAME.'],
  ['schema load --target --dry-run', '--target needs a value: --target NAME; --dry-run is a flag itself.'],
  ['schema load --target local --target prod', '--target was given twice: local and prod.'],
  ['schema load --timeout soon', '--timeout takes a time such as 30s, 10m or 1h30m, not "soon".'],
  ['schema load --target=', '--target was given an empty value.'],
  ['sessions end one', '"one" is neither a target (local, prod, production) nor a number.'],
  ['sessions end -- one', 'PID takes a whole number from 0, not "one".'],
  ['finish', 'HOW is missing: how.'],
  ['finish well done', '"finish" takes one word; "done" is too many.'],
  [
    'schema load a.sql b.sql',
    '"b.sql" is not a target (local, prod, production), and "schema load" takes one word before it.',
  ],
])('pgrig %s: %s', async (line, message) => {
  const { exitCode, stdout, stderr } = await pgrig(line)
  expect(stderr.split('\n')[0]).toBe(`error: ${message}`)
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
  const error = JSON.parse((await pgrig(`--json ${line}`)).stderr.replace('--json ', '')).error
  expect(error).toMatchObject({ exitCode: 64 })
})

test('an empty word is not taken for none', async () => {
  expect((await runPgrig(['schema', 'load', ''], { commands })).exitCode).toBe(64)
  expect((await runPgrig(['schema', 'load', '--target', ''], { commands })).exitCode).toBe(64)
})

test('flags are read by their kind', async () => {
  const read = async (line: string) => JSON.parse((await pgrig(`schema load --json ${line}`)).stdout)
  expect(await read('')).toEqual({
    file: null,
    timeout: null,
    set: [],
    role: 'owner',
    target: null,
    url: null,
    dryRun: false,
  })
  expect(await read('--timeout 1h30m --set a=1,b=2 --set c=3 --dry-run --role me')).toMatchObject({
    timeout: 5400,
    set: ['a=1', 'b=2', 'c=3'],
    dryRun: true,
    role: 'me',
  })
  expect(await read('--timeout=500ms --timeout 500ms')).toMatchObject({ timeout: 0.5 })
})

test('global flags may stand anywhere', async () => {
  for (const line of [
    '--json --target prod schema load x.sql',
    'schema --target=prod load x.sql --json',
    'schema load --json x.sql -q prod -C .',
  ]) {
    expect(JSON.parse((await pgrig(line)).stdout)).toMatchObject({ file: 'x.sql', target: 'prod' })
  }
})

test('a failure says where, what, why and what to try', async () => {
  const { exitCode, stdout, stderr } = await pgrig('finish sql')
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  expect(stderr).toMatchInlineSnapshot(`
    "db/schema.sql:41:12: ERROR: type "uid" does not exist
    	日本	id uid,
    	    	       ^
    DETAIL: There is none.
    HINT: Create it.
    CONTEXT: line 3
    SQLSTATE: 42704
    The transaction was rolled back: the database is as it was.
    try: pgrig schema load --dry-run
    "
  `)
})

test('a failure as JSON is all that stderr holds', async () => {
  const { exitCode, stdout, stderr } = await pgrig('finish sql --json')
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(stderr)).toEqual({
    error: {
      code: 'sql_error',
      exitCode: 3,
      message: 'type "uid" does not exist',
      hint: 'pgrig schema load --dry-run',
      state: 'The transaction was rolled back: the database is as it was.',
      sqlstate: '42704',
      detail: 'There is none.',
      serverHint: 'Create it.',
      where: 'line 3',
      file: 'db/schema.sql',
      line: 41,
      column: 12,
    },
  })
})

test('the result as JSON is all that stdout holds', async () => {
  expect(await pgrig('finish well --json')).toEqual({
    exitCode: 0,
    stdout: '{\n  "how": "well",\n  "big": 12\n}\n',
    stderr: '',
  })
})

test('what is no failure is a fault of ours, with its stack', async () => {
  const { exitCode, stderr } = await pgrig('finish bug')
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^TypeError: x is not a function; postgres:\/\/me:\*\*\*@host\/db\n +at /)
  expect(stderr).toContain(
    'This is a fault in pgrig, not in what you did. Report it, with these lines and what you typed.',
  )
  const { error } = JSON.parse((await pgrig('finish bug --json')).stderr)
  expect(error).toMatchObject({ code: 'bug', exitCode: 1, message: 'x is not a function; postgres://me:***@host/db' })
})

test('a command may answer with an exit code of its own', async () => {
  expect(await pgrig('schema dump')).toMatchObject({ exitCode: 0, stdout: 'It differs.\n' })
  expect(await pgrig('schema dump --exit-code')).toMatchObject({ exitCode: 5, stdout: 'It differs.\n' })
})

test('a command that hands the terminal over has no JSON to give', async () => {
  const connect = defineCommand({
    name: 'connect',
    summary: 'x',
    examples: [],
    target: 'none',
    handsOver: true,
    run: () => null,
    show: () => {},
    exit: () => 7,
  })
  expect(await pgrig('connect', { commands: [connect] })).toEqual({ exitCode: 7, stdout: '', stderr: '' })
  expect(await pgrig('connect --json', { commands: [connect] })).toMatchObject({ exitCode: 64, stdout: '' })
})

test('a command that is interrupted before it began does nothing', async () => {
  const terminal = testTerminal()
  const running = pgrig('finish well', { terminal })
  terminal.signal('SIGINT')
  expect(await running).toMatchObject({ exitCode: 130, stdout: '' })
})

test('while a program has the terminal, Ctrl-C is for that program', async () => {
  const terminal = testTerminal()
  const lend = defineCommand({
    name: 'lend',
    summary: 'x',
    examples: [],
    target: 'none',
    run: async (_, { lendTerminal, signal }) => {
      await lendTerminal(async () => terminal.signal('SIGINT'))
      return signal.aborted
    },
    show: (aborted, screen) => screen.line(String(aborted)),
  })
  expect(await pgrig('lend', { terminal, commands: [lend] })).toMatchObject({ exitCode: 0, stdout: 'false\n' })
})

test('no password is printed anywhere', async () => {
  const url = 'postgres://me:geheim@db.example.com/cruddur'
  const outputs = [
    await pgrig(`schema load --url ${url}`),
    await pgrig(`schema load --url=${url} --json`),
    await pgrig(`schema load --url ${url} --frobnicate`),
    await pgrig(`schema load --url ${url} --url postgres://you:geheim@other/db`),
    await pgrig(`sessions end 1 --url ${url}`),
    await pgrig(`sessions end 1 --url ${url} --json`),
    await pgrig(`finish plain --url ${url}`),
    await pgrig(`finish bug --json`),
    await pgrig(`schema load ${url}`),
    await pgrig(url),
    await pgrig(`schema ${url}`),
    await pgrig(`help ${url}`),
  ]
  const spaced = "postgres://me:ge he'im@db.example.com/cruddur"
  outputs.push(
    await runPgrig(['schema', 'load', '--url', spaced], { commands }),
    await runPgrig(['schema', 'load', `--url=${spaced}`, '--json'], { commands }),
    await runPgrig(['sessions', 'end', '1', `--url=${spaced}`], { commands }),
    await runPgrig(['sessions', 'end', '1', '--url', spaced, '--url', url], { commands }),
  )
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain("he'im")
  for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain('geheim')
  expect(outputs[0]?.stdout).toContain('postgres://me:***@db.example.com/cruddur')
  expect(outputs[0]?.stderr).toMatchInlineSnapshot(`
    "warning: The password in --url can be seen by others in the list of processes. Put the URL in the environment: DATABASE_URL.
    "
  `)
})

test('with --json a warning waits until it is known that all is well', async () => {
  const url = 'postgres://me:geheim@db/cruddur'
  const { stdout, stderr } = await pgrig(`schema load --json --url ${url}`)
  expect(JSON.parse(stdout)).toMatchObject({ url: 'postgres://me:***@db/cruddur' })
  expect(stderr).toMatch(/^warning: The password in --url can be seen by others/)
  const failed = await pgrig(`sessions end 1 --json --url ${url}`)
  expect(failed).toMatchObject({ exitCode: 4, stdout: '' })
  expect(JSON.parse(failed.stderr).error).toMatchObject({
    code: 'refused',
    warnings: [expect.stringMatching(/^The password/)],
  })
})

test('without a terminal a question is a refusal that says what to type', async () => {
  expect(await pgrig('sessions end 42')).toMatchInlineSnapshot(`
    {
      "exitCode": 4,
      "stderr": "error: End 1 sessions? Nobody confirmed it: there is no terminal to ask on.
    Nothing was changed.
    try: pgrig sessions end 42 --yes
    ",
      "stdout": "",
    }
  `)
  expect(await pgrig('sessions end 42 prod --yes')).toMatchInlineSnapshot(`
    {
      "exitCode": 4,
      "stderr": "error: The name "cruddur" was not confirmed: there is no terminal to ask on.
    Nothing was changed.
    try: pgrig sessions end 42 prod --yes --confirm cruddur
    ",
      "stdout": "",
    }
  `)
  expect(await pgrig('sessions end 42 --yes')).toMatchObject({ exitCode: 0, stdout: 'Ended 42.\n' })
  expect(await pgrig('sessions end 42 prod --confirm cruddur')).toMatchObject({ exitCode: 0 })
  expect((await pgrig('sessions end 42 prod --confirm other')).stderr).toMatchInlineSnapshot(`
    "error: --confirm says "other", and the name is "cruddur".
    Nothing was changed.
    try: Is it the right target? Nothing is done unless the two are the same.
    "
  `)
})

test.each([
  ['Enter is no', '\r', 4, 'error: You answered no.'],
  ['y is yes', 'y', 0, ''],
  ['Ctrl-C stops', '\u0003', 130, 'error: Stopped at the question.'],
])('on a terminal a question is asked on stderr: %s', async (_, key, exitCode, said) => {
  const terminal = testTerminal({ stdinIsTty: true, stderrIsTty: true, env: { NO_COLOR: '1' } })
  const running = pgrig('sessions end 42', { terminal })
  await expect.poll(() => terminal.written.stderr).toContain('End 1 sessions?')
  terminal.stdin.write(key)
  expect((await running).exitCode).toBe(exitCode)
  expect(terminal.written.stderr).toContain(said)
  expect(terminal.written.stderr).not.toMatch(/\u001B\[\d+m/)
  expect(terminal.written.stdout).toBe(exitCode === 0 ? 'Ended 42.\n' : '')
})

test.each([
  ['cruddur', 0],
  ['Cruddur', 4],
])('the exact name is asked for: %s', async (name, exitCode) => {
  const terminal = testTerminal({ stdinIsTty: true, stderrIsTty: true })
  const running = pgrig('sessions end 42 prod --yes', { terminal })
  await expect.poll(() => terminal.written.stderr).toContain('Type the name of the database:')
  for (const key of [...name, '\r']) terminal.stdin.write(key)
  expect((await running).exitCode).toBe(exitCode)
})

test('the first Ctrl-C lets the command unwind, the second ends it', async () => {
  const terminal = testTerminal({ stderrIsTty: true, env: { NO_COLOR: '1' } })
  const running = pgrig('finish slow', { terminal })
  await new Promise((resolve) => setTimeout(resolve, 20))
  terminal.signal('SIGINT')
  expect(terminal.endedWith).toBeUndefined()
  terminal.signal('SIGINT')
  expect(terminal.endedWith).toBe(130)
  expect(await running).toMatchInlineSnapshot(`
    {
      "exitCode": 130,
      "stderr": "Stopping. Press Ctrl-C again to end at once.
    error: Interrupted.
    The open transaction, if there was one, was rolled back; what had been committed before it stays.
    ",
      "stdout": "",
    }
  `)
})

test('what an interrupted statement reports is an interruption with its state', async () => {
  const terminal = testTerminal()
  const running = pgrig('finish slow-sql', { terminal })
  await new Promise((resolve) => setTimeout(resolve, 20))
  terminal.signal('SIGTERM')
  expect(await running).toMatchInlineSnapshot(`
    {
      "exitCode": 130,
      "stderr": "error: Stopped by SIGTERM.
    The transaction was rolled back.
    ",
      "stdout": "",
    }
  `)
})

test('a reader that goes away is no error, a full disk is', async () => {
  const gone = await pgrig('help', { stdoutError: Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) })
  expect(gone).toEqual({ exitCode: 0, stdout: '', stderr: '' })
  const full = await pgrig('help', { stdoutError: Object.assign(new Error('no space'), { code: 'ENOSPC' }) })
  expect(full).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'error: The result could not be written to standard output: no space.\n',
  })
})

test('an error that nobody caught is reported and ends the program', async () => {
  const terminal = testTerminal()
  const running = pgrig('finish slow', { terminal })
  await new Promise((resolve) => setTimeout(resolve, 20))
  terminal.uncaught(new Error('lost'))
  expect(terminal.endedWith).toBe(1)
  expect(terminal.written.stderr).toContain('This is a fault in pgrig')
  terminal.signal('SIGINT')
  await running
})
