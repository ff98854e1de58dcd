import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { programs, psqlIsThere } from '../../../../tests/support/postgres-programs.ts'
import { Failure } from '../errors.ts'
import { readArguments } from './arguments.ts'
import { isBranch } from './conditional.ts'
import { parseCopy } from './copy.ts'
import type { MetaCommand } from './metacommand.ts'
import type { ScriptItem } from './items.ts'
import { Scanner, splitScript } from './scan.ts'
import type { Statement } from './statement.ts'
import { isVariableName, readBoolean } from './variables.ts'

// What psql sends is asked of psql itself: it runs the scripts against a server that only listens.

const { path: psql } = programs.psql

/** Queries as `query …`, what is sent as COPY data as `data …`, and its end as `done`. */
type Sent = string[]

class ListeningServer {
  readonly #server: Server = createServer((socket) => this.#serve(socket))
  sent: Sent = []

  async start(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return (this.#server.address() as AddressInfo).port
  }

  stop(): void {
    this.#server.close()
  }

  #serve(socket: Socket): void {
    let input: Buffer = Buffer.alloc(0)
    let greeted = false
    let standardStrings = true
    let copies = 0
    const ready = message('Z', 'I')
    const copyIn = message('G', Buffer.alloc(3))
    const complete = message('C', 'SELECT 0\0')
    const answer = (type: string, body: Buffer): Buffer[] => {
      if (type === 'd') {
        this.#note('data', body.toString('latin1'))
        return []
      }
      if (type === 'c' || type === 'f') this.sent.push('done')
      if (type === 'c' || type === 'f') return --copies > 0 ? [complete, copyIn] : [complete, ready]
      if (type !== 'Q') return []
      const text = body.toString('utf8', 0, body.length - 1)
      this.#note('query', text)
      copies = countCopies(text, standardStrings)
      if (copies > 0) return [copyIn]
      const setting = readSetting(text, standardStrings)
      if (setting === standardStrings) return [complete, ready]
      standardStrings = setting
      return [complete, message('S', `standard_conforming_strings\0${setting ? 'on' : 'off'}\0`), ready]
    }
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      input = Buffer.concat([input, bytes])
      for (;;) {
        const head = greeted ? 1 : 0
        if (input.length < head + 4) return
        const length = head + input.readInt32BE(head)
        if (input.length < length) return
        const type = greeted ? String.fromCharCode(input[0]!) : 'startup'
        const body = input.subarray(head + 4, length)
        input = input.subarray(length)
        if (greeted) socket.write(Buffer.concat(answer(type, body)))
        else {
          greeted = true
          const parameters = { server_version: '18.0', client_encoding: 'UTF8', standard_conforming_strings: 'on' }
          const statuses = Object.entries(parameters).map(([name, value]) => message('S', `${name}\0${value}\0`))
          socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ...statuses, ready]))
        }
      }
    })
  }

  #note(kind: 'query' | 'data', text: string): void {
    noteSent(this.sent, kind, text)
  }
}

function message(type: string, body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body)
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(bytes.length + 4, 1)
  return Buffer.concat([head, bytes])
}

function split(text: string, standardConformingStrings: boolean): Statement[] {
  return splitScript(text, { standardConformingStrings }).filter((item) => item.kind === 'statement')
}

/** A real server would know by parsing; psql hangs up when the answer is not what it counted itself. */
function countCopies(text: string, standardStrings: boolean): number {
  return split(text, standardStrings).flatMap(({ parts }) => parts.filter((part) => part.copyFromStdin)).length
}

/** What `standard_conforming_strings` is after a query. */
function readSetting(text: string, standardStrings: boolean): boolean {
  const set = /^(?:\s|\/\*.*?\*\/)*(?:set|reset)\s+standard_conforming_strings(?:\s*(?:=|to)\s*'?(\w+))?/is
  const settings = split(text, standardStrings).flatMap((statement) => set.exec(statement.text) ?? [])
  return settings.length === 0 ? standardStrings : settings.at(-1) !== 'off'
}

function noteSent(sent: Sent, kind: 'query' | 'data', text: string): void {
  const last = sent.at(-1)
  if (kind === 'data' && last?.startsWith('data ') === true) sent[sent.length - 1] = last + text
  else sent.push(`${kind} ${text}`)
}

let server: ListeningServer
let port: number
let folder: string
beforeAll(async () => {
  server = new ListeningServer()
  port = await server.start()
  folder = mkdtempSync(join(tmpdir(), 'pgrig-psql-'))
})
afterAll(() => {
  server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const boundary = 'select 1 as boundary;'
const reset = 'reset standard_conforming_strings /* between two scripts */;'

/** Runs scripts in one psql, each from a file of its own, and tells what it sent for each. */
async function sentByPsql(scripts: readonly (string | Uint8Array)[]): Promise<Sent[]> {
  server.sent = []
  const between = join(folder, 'between.sql')
  writeFileSync(between, `${reset}\n\\unset v1\n\\unset v2\n\\unset é\n${boundary}\n`)
  const files = scripts.flatMap((script, index) => {
    const file = join(folder, `${index}.sql`)
    writeFileSync(file, script)
    return ['-f', between, '-f', file]
  })
  const connection = `host=127.0.0.1 port=${port} user=u dbname=d sslmode=disable gssencmode=disable`
  const child = spawn(psql, ['-X', '-q', ...files, connection], {
    cwd: folder,
    env: { ...process.env, PGCLIENTENCODING: 'UTF8' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr.on('data', (bytes: Buffer) => (complaints += bytes.toString('utf8')))
  await new Promise((resolve) => child.on('close', resolve))
  const broken = /(\d+)\.sql:\d+: .*(?:aborting connection|server closed).*/.exec(complaints)
  expect({ broken: broken?.[0], script: scripts[Number(broken?.[1])] }).toEqual({
    broken: undefined,
    script: undefined,
  })
  const groups: Sent[] = []
  for (const entry of server.sent) {
    if (entry === `query ${boundary}`) groups.push([])
    else if (entry !== `query ${reset}`) groups.at(-1)?.push(entry)
  }
  return groups.map(tidy)
}

function tidy(sent: Sent): Sent {
  return sent
    .map((entry) => {
      if (!entry.startsWith('data ')) return entry
      // psql up to 17 sends the terminator of COPY data along.
      return entry.replace(/(^data |\n)\\\.\r?\n$/, '$1')
    })
    .filter((entry) => entry !== 'data ')
}

/** What our scanner sends for a script, driven as an executor would drive it. */
function sentByScanner(script: string | Uint8Array, chunkSize: number): Sent {
  const sent: Sent = []
  const variables = new Map<string, string>()
  const scanner = new Scanner({ variables })
  let last = ''
  const bytes = Buffer.from(script)
  let pushed = 0
  for (;;) {
    const item = scanner.next()
    if (item !== undefined) follow(item)
    else if (pushed < bytes.length) scanner.push(bytes.subarray(pushed, (pushed += chunkSize)))
    else if (pushed === Number.POSITIVE_INFINITY) break
    else {
      scanner.end()
      pushed = Number.POSITIVE_INFINITY
    }
  }
  return tidy(sent)

  function follow(item: ScriptItem): void {
    if (item.kind === 'copy-data') return noteSent(sent, 'data', item.chunk.toString('latin1'))
    if (item.kind === 'copy-end') {
      sent.push('done')
      return
    }
    if (item.kind === 'meta') return followCommand(item)
    last = item.text
    noteSent(sent, 'query', item.text)
  }

  function followCommand(command: MetaCommand): void {
    try {
      if (isBranch(command)) {
        scanner.branch(command, () => readBoolean(words(command).join(' ')) ?? false)
      } else if (!command.active) return
      else if (command.name === 'set') {
        const [name, ...values] = words(command)
        if (name !== undefined && !isVariableName(name))
          throw new Failure('script_unsupported', 'invalid variable name')
        if (name !== undefined) variables.set(name, values.join(''))
      } else if (command.name === 'unset') {
        const [name] = words(command)
        if (name === undefined) throw new Failure('script_unsupported', 'missing required argument')
        variables.delete(name)
      } else if (command.name === 'copy') noteSent(sent, 'query', `COPY  ${parseCopy(command).what} FROM STDIN `)
      else if (command.name === 'g' || command.name === 'gx') noteSent(sent, 'query', last)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      scanner.discardLine()
    }
  }

  function words(command: MetaCommand): string[] {
    try {
      return readArguments(command, variables).map(({ text }) => text)
    } catch {
      return []
    }
  }
}

/** Scripts on the edges of psql's rules. */
const scripts: string[] = [
  'select 1; select 2;select 3',
  '\uFEFFselect 1;',
  ';',
  ';;; ; select 1;',
  '-- only a comment',
  '/* only a comment */',
  '-- a\n/* b */ select 1 -- c\n; -- d\n',
  'select 1 -- ;\n, 2 /* ; */;',
  'select 1 /* a /* nested; */ still; */ ;',
  'select 1 /* never closed ; \n select 2;',
  `select 'a;b', 'it''s;', '\\'; select 2;`,
  `select E'a\\';b', e'\\\\'; select 2;`,
  `select 'a'\n  'b;' ; select 2;`,
  `select E'a'\n'b\\';c'; select 2;`,
  `select E'a'\r'b\\';c'; select 2;`,
  `select E'a'--;\r'b\\';c'; select 2;`,
  `select U&'\\0061;', u&"a;""b", B'01;''', x'ff;', N'n;'; select 2;`,
  `select u&x, n 'a', e, b;`,
  'select "a;""b;" from t;',
  'select $$;$$, $a$;$$;$b$;$a$, $é$;$é$; select 2;',
  'select $1, $1$;$1; select a$b$;c$b$;',
  'select 1a$b$;1.5e3$$;$$; select 1$$;$$;',
  'select $a;$a$;$a$;',
  'select (1; 2); select 3;',
  'select 1); select 2;',
  'create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3;',
  'create or replace procedure p() begin atomic insert into t values (1); end; select 1;',
  'create function f() returns int language sql as $$ begin; end; $$; begin; select 1; end;',
  'create rule r as on insert to t do also (select 1; select 2); select 3;',
  'begin; create table t (); end;',
  'select 1\\; select 2; select 3\\;\nselect 4',
  'select a::int, a:b, :c, b := 1, c[1:2];',
  `select ':v', ":v", $$:v$$; /* :v */`,
  'copy t from stdin;\n1\t2\n\\N\n\\.\nselect 1;',
  'copy t from stdin;\r\n1\r\n\\.\r\nselect 1;\r\n',
  'copy t from stdin; select 1;\n1;\n\\.\nselect 2;',
  'copy t from stdin; copy u from stdin;\n1\n\\.\n2\n\\.\nselect 2;',
  'copy t from stdin\\; copy u from stdin;\n1\n\\.\n2\n\\.\nselect 2;',
  'copy t from stdin;\n\\.\ncopy t from stdin;\n\\. \n\\.x\n \\.\n\\.\nselect 1;',
  `copy binary a.b.c (d, e) from stdin with (format csv, delimiter ';');\n1;2\n\\.\nselect 1;`,
  'copy t from stdin \\g\n1\n\\.\nselect 1;',
  'copy (select 1) to stdout;\nselect 1;',
  'copy t from stdin;\n1\n2',
  '\\copy t from stdin\n1;\n\\.\nselect 1;',
  '\\copy t (a, "b c") from stdin\n1;\n\\.\nselect 1;',
  'select 1 \\g\nselect 2 \\g \\\\ select 3;\nselect 4 \\gx\n\\g\n',
  `\\echo 'a\\'b' "c d" \\\\ select 1;\nselect \\echo 2\n3;`,
  'sel\\echo a\\\\ect 1;',
  'select 1\n\\echo a\n\n;\n',
  'select 1 \\r\nselect 2;',
  '\\nosuch a; select 1; \\\\ select 2;\nselect 3;',
  `\\set v1 1 2 '3;' \nselect :v1 4;`,
  `\\set v1 'a''b\\\\c'\nselect :'v1', :"v1", :{?v1}, :{?v2}, :'v2', :"v2", :v2;`,
  `\\set v1 'select 1; select'\n:v1 2;`,
  '\\set v1 :v1\nselect :v1;',
  `\\set v2 'x :v1 y'\n\\set v1 'a :v2 b'\nselect :v1;`,
  `\\set v1 '\\'open '\nselect :v1 still; ' closed;`,
  `\\set v1 '\\\\echo a'\nselect 1 :v1 b \\\\ + 2;`,
  `\\set v1 '-- comment'\nselect 1 :v1 + 2;`,
  `\\set v1 'copy t from stdin; select'\n:v1 1;\n5;\n\\.\nselect 2;`,
  `\\set v1 'E'\nselect :v1'a\\';`,
  `\\set v1 '\\303\\251\\x21'\nselect ':v1', :'v1';`,
  '\\set é 1\nselect :é;',
  '\\if true\nselect 1;\n\\else\nselect 2;\n\\endif\nselect 3;',
  '\\if false\nselect 1; \\if true select 2; \\else \\endif\n\\elif yes\nselect 3;\n\\elif on\nselect 4;\n\\else\nselect 5;\n\\endif',
  'select \\if false\n(1;\n\\else\n2\n\\endif\n+ 3; select 4;',
  `\\if 0\nselect 'open;\n\\endif ';\n\\endif\nselect 1;`,
  '\\if 0\ncopy t from stdin;\nselect 1;\n\\.\n\\set v1 1\n\\endif\nselect :{?v1};',
  '\\if nonsense\nselect 1;\n\\endif\n\\endif select 2;\nselect 3;',
  '\\if off \\else\n\\else select 1;\nselect 2;\n\\elif true\nselect 3;\n\\endif\nselect 4;',
  `set standard_conforming_strings = off; select 'a\\';\nselect 'b\\';';\nreset standard_conforming_strings;\nselect 'c\\';`,
  `set standard_conforming_strings to 'off';\nselect 'a\\';b';\nset standard_conforming_strings to on;\nselect 'c\\';`,
  'select 1;\r\n\r\nselect 2\r\n;\r\n',
  'select 1 \\',
  'select 1 \\\nselect 2;',
  `select 'never closed;\nselect 2;`,
]

/** Mulberry32. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

// No bare backslash, bar or backquote among them: psql would start an editor or a shell.
// Nor anything that psql's lexer, value by value, and the server's, which sees the whole, take for different words.
// Nor what changed between psql 15 and 18: which words it counts before CREATE FUNCTION, and 1_0.
const words =
  'select from stdin begin end case e b x n U t é a$b 1 1.5 1a 1e5 _x 0x1F 1. .5 1.5e+5 1e- 1e+ 1..2 .'.split(' ')
const quotes = [
  `'`,
  `'`,
  '"',
  `''`,
  `'a'`,
  `'a''b'`,
  `'\\'`,
  `E'\\''`,
  `e'\\\\'`,
  `e'`,
  `U&'a'`,
  'u&"a"',
  `B'0'`,
  `X'f'`,
  `N'n'`,
  'u&',
  '"a""b"',
]
const continued = [`'a'\n'b'`, `'a'\r'b'`, `E'a'\r'\\''`, `'a'--\r'b'`, `E'a' -- c\r 'b\\''`]
const dollars = ['$', '$$', '$a$', '$b$', '$1', '$1a', 'a$b$', '$é$', '$a', '$$ ; $$', '$a$ $$ ; $a$', '$_1$']
const comments = ['--', '-- c\n', '/*', '*/', '/* c */', '/* /* */ */', '/', '*', '-', '+', '+-', '**/', '/**/']
const marks = [
  ';',
  ';',
  ';',
  ';',
  ')',
  '()',
  '(1; 2)',
  ',',
  '=',
  '<',
  '[',
  ']',
  ':',
  '::',
  ':=',
  '.',
  '\\: ',
  '#',
  '@',
  '&',
  '~',
]
const spaces = [' ', ' ', ' ', '\n', '\n', '\n', '\n\n', '\r\n', '\t', '\r', '\f', ' \n ']
const references = [' :v1 ', ' :v2 ', ` :'v1' `, ' :"v2" ', ':v3', `:'v3'`, ' :é ', `:'v1`, ':{?v1', ':"v', ':1']
// A word after each COPY: psql 18.6 takes a next statement without one for another COPY.
const blocks = [
  ';create function f() returns int begin atomic select 1; select case when true then 1 end; end;',
  '; create or replace procedure p() begin atomic select 1; end;',
  'create function f() returns int as $$ begin; end $$ language sql;',
  'copy t from stdin;\n1\t2\n;\n\\.\nselect ',
  'copy t (a) from stdin with csv; \n1\n\\.\nselect ',
  'copy t from stdin; select 1;\r\n1\r\n\\.\r\n',
  'copy t from stdout;\n\\.\nselect ',
  '\nset standard_conforming_strings = off;\n',
  '\nset standard_conforming_strings to on;',
  '\nreset standard_conforming_strings;\n',
]
const commands = [
  '\\echo a \\\\ ',
  '\n\\echo a\n',
  `\\echo 'a\\'b' "c \\\\ `,
  `\\echo 'open\n`,
  '\\r\n',
  '\\nosuch ; select 1\n',
  '\n\\if true\n',
  '\n\\if false\n',
  '\n\\if :{?v1}\n',
  '\\elif 1 \\\\ ',
  '\n\\elif :v2\n',
  '\n\\else\n',
  '\n\\endif\n',
  '\n\\endif\n',
  '\\endif \\\\ ',
  '\n\\copy t from stdin\n1\n\\.\n',
  '\n\\.\n',
  '\\unset v1\n',
  `\n\\set v1 'select 1; select 2'\n`,
  `\n\\set v1 'it''s :v2 '\n`,
  `\n\\set v1 '/* ; */'\n`,
  `\n\\set v2 '$a$'\n`,
  `\n\\set v2 a ';' :v1\n`,
  `\n\\set v2 'E'\n`,
  `\n\\set v2 'a\\n''b''\\n''c'''\n`,
  `\n\\set v2 '\\\\echo x'\n`,
  `\n\\set é '1;'\n`,
  `\n\\set v1 'copy t from stdin; select'\n`,
]
// Never both in one script: psql 18.6 does not find a COPY behind `\;` when `\g` sends it.
const joining = ['\\;', '\\; ', '\\;\n', 'copy t from stdin\\; copy t from stdin;\n1\n\\.\n2\n\\.\nselect ']
const sending = ['\\g\n', '\\gx \\\\ ', 'copy t from stdin \\g\n1\n\\.\nselect ']
const kinds = [
  words,
  words,
  words,
  quotes,
  quotes,
  continued,
  dollars,
  comments,
  marks,
  marks,
  spaces,
  spaces,
  spaces,
  references,
  blocks,
  commands,
]

function randomScript(random: (below: number) => number): string {
  const kindsHere = [...kinds, random(2) === 0 ? joining : sending]
  let script = ''
  for (let left = 5 + random(60); left > 0; left--) {
    const kind = kindsHere[random(kindsHere.length)]!
    script += kind[random(kind.length)]!
    if (random(3) === 0) script += ' '
  }
  return script
}

async function expectSame(compared: readonly (string | Uint8Array)[], chunkSizes: readonly number[]): Promise<void> {
  const theirs = await sentByPsql(compared)
  expect(theirs).toHaveLength(compared.length)
  compared.forEach((script, index) => {
    for (const chunkSize of chunkSizes) {
      const sent = sentByScanner(script, chunkSize)
      const text = Buffer.from(script).toString()
      expect({ script: text, sent }).toEqual({ script: text, sent: theirs[index] })
    }
  })
}

describe.runIf(psqlIsThere('The scanner was not compared with psql'))('the scanner sends what psql sends', () => {
  test('for scripts on the edges of its rules', async () => {
    await expectSame(scripts, [1, 7, 65536])
  })

  test('for the files of the corpus', async () => {
    const corpus = new URL('corpus/', import.meta.url)
    const files = readdirSync(corpus).filter((name) => name.endsWith('.sql'))
    await expectSame(
      files.map((name) => readFileSync(new URL(name, corpus))),
      [1, 13, 65536],
    )
  })

  test('for random scripts', async () => {
    const random = randomNumbers(Number(process.env.FUZZ_SEED ?? 20261124))
    const count = Number(process.env.FUZZ_COUNT ?? 400)
    await expectSame(
      Array.from({ length: count }, () => randomScript(random)),
      [3, 65536],
    )
  })
})
