import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure, type Connection } from '../../packages/core/src/index.ts'
import type { ScriptItem } from '../../packages/core/src/script/items.ts'
import { Scanner } from '../../packages/core/src/script/scan.ts'
import { testDatabase, type TestDatabase } from '../support/database.ts'
import type { Outcome } from '../support/program.ts'
import { programs, psqlIsThere } from '../support/postgres-programs.ts'
import { makeFolder, randomNumbers, runPgrig, runPsql } from './engine.ts'
import { randomScript, type Freedoms } from './random-script.ts'

const seed = Number(process.env.FUZZ_SEED ?? 20261124)
const rounds = Number(process.env.FUZZ_ROUNDS ?? 16)

interface Side {
  database: TestDatabase
  connection: Connection
  run(file: string, whole: boolean): Promise<Outcome>
}

describe.runIf(psqlIsThere('Random scripts were not run by psql and pgrig'))('random scripts', () => {
  let sides: Side[]
  let folder: string

  beforeAll(async () => {
    folder = await makeFolder()
    const [theirs, ours] = [await testDatabase(), await testDatabase()]
    sides = [
      {
        database: theirs,
        connection: await theirs.connect(),
        run: (file, whole) => {
          const flags = whole ? ['-1', '-v', 'ON_ERROR_STOP=1'] : []
          return runPsql([file], { folder, database: theirs }, flags)
        },
      },
      {
        database: ours,
        connection: await ours.connect(),
        run: (file, whole) => {
          const flags = whole ? [] : ['--no-transaction', '-v', 'ON_ERROR_STOP=0']
          return runPgrig([file], { folder, database: ours }, flags)
        },
      },
    ]
  })
  afterAll(async () => {
    for (const { connection } of sides) await connection.close()
  })

  async function outcomeOf({ connection, run }: Side, file: string, whole: boolean) {
    await connection.run('drop schema public cascade; create schema public')
    const { code, stdout, stderr } = await run(file, whole)
    const tables = await connection.run<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
    )
    const rows: Record<string, string[]> = {}
    for (const { name } of tables) {
      const found = await connection.run<{ row: string }>(`select t::text as row from ${name} t order by 1`)
      rows[name] = found.map(({ row }) => row)
    }
    return { seen: { succeeded: code === 0, stdout, rows }, stderr }
  }

  async function expectSame(nth: number, freedoms: Freedoms, whole: boolean): Promise<void> {
    const script = randomScript(randomNumbers(seed + nth), freedoms)
    const file = `${seed + nth}.sql`
    await writeFile(join(folder, file), script)
    const [theirs, ours] = await Promise.all(sides.map((side) => outcomeOf(side, file, whole)))
    const said = `FUZZ_SEED=${seed + nth} FUZZ_ROUNDS=1\n${script}\n-- psql said:\n${theirs?.stderr}\n-- pgrig said:\n${ours?.stderr}`
    expect(ours?.seen, said).toEqual(theirs?.seen)
  }

  const modern = programs.psql.major >= 18

  test('end as in psql -1, all or nothing', async () => {
    for (let nth = 0; nth < rounds; nth += 2) {
      await expectSame(nth, { errors: nth % 3 === 0, transactions: false, modern }, true)
    }
  })

  test('end as in psql that goes on after errors', async () => {
    for (let nth = rounds === 1 ? 0 : 1; nth < rounds; nth += 2) {
      await expectSame(nth, { errors: true, transactions: true, modern }, false)
    }
  })
})

/** Items without their bytes, COPY data put together: what is the same however the input is cut. */
function scanAll(bytes: Buffer, sizes: () => number): string {
  const scanner = new Scanner({ variables: new Map([['v', ':v v;']]) })
  let said = ''
  const take = () => {
    for (let item = scanner.next(); item !== undefined; item = scanner.next()) said += describeItem(item)
  }
  try {
    for (let at = 0; at < bytes.length;) {
      const size = sizes()
      scanner.push(bytes.subarray(at, at + size))
      at += size
      take()
    }
    scanner.end()
    take()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    said += error.message
  }
  return said

  function describeItem(item: ScriptItem): string {
    if (item.kind === 'copy-data') return item.chunk.toString('latin1')
    if (item.kind === 'copy-end') return `<end ${item.terminated}>`
    if (item.kind !== 'meta') return `<${item.start.line}:${item.start.column} ${item.text}>`
    if (['if', 'elif', 'else', 'endif'].includes(item.name)) {
      try {
        scanner.branch(item, () => item.arguments.includes('1'))
      } catch (error) {
        if (!(error instanceof Failure)) throw error
      }
    }
    return `<${item.start.line}:${item.start.column} ${item.name} ${item.arguments}>`
  }
}

const particles =
  `' " $ $$ $a$ ; -- /* */ \\ \\; \\if \\endif \\else \\set \\echo \\. \\\\ ( ) : :v :'v' E' e'\\ U&' B' n \n \r\n \t copy\tt\tfrom\tstdin; begin atomic end create function a$b$ 1 é 👍 \u0301 \0 \u00a0 \``
    .split(' ')
    .map((particle) => particle.replaceAll('\t', ' '))

test('the scanner takes whatever comes, cut wherever', () => {
  for (let nth = 0; nth < 400; nth++) {
    const random = randomNumbers(seed + nth)
    const text = Array.from({ length: 1 + random(80) }, () => {
      const particle = particles[random(particles.length)]!
      return random(2) === 0 ? particle : `${particle} `
    }).join('')
    const bytes = Buffer.from(text)
    // Now and then what is not UTF-8 at all.
    if (random(10) === 0) bytes[random(bytes.length)] = 0x80 + random(0x80)
    const whole = scanAll(bytes, () => bytes.length)
    expect(
      scanAll(bytes, () => 1 + random(5)),
      `FUZZ_SEED=${seed + nth}: ${JSON.stringify(text)}`,
    ).toBe(whole)
  }
})

const [halfMegabyte, megabyte] = [1 << 19, 1 << 20]

/** Text that a careless scanner reads again and again, to be repeated. */
const adversaries: [string, string][] = [
  ['one string', `'`],
  ['dollars', '$'],
  ['dollar tags that close nothing', '$a$ $b$ '],
  ['one dollar quote', '$a$ $'],
  ['comments in comments', '/* '],
  ['stars', '*/*'],
  ['parentheses', '('],
  ['one word', 'a'],
  ['one number', '1'],
  ['dashes', '-'],
  ['minus signs apart', '- '],
  ['line comments', '--\n'],
  ['newlines', '\n'],
  ['carriage returns', '\r'],
  ['spaces', ' '],
  ['colons', ':'],
  ['variables', ':v '],
  ['names that never close', `:'v`],
  ['semicolons', ';'],
  ['statements', 'select 1;\n'],
  ['statements on one line', 'select 1;'],
  ['joined statements', 'select 1\\;'],
  ['one statement of many lines', 'select\n'],
  ['continued strings', `'a'\n`],
  ['escapes', `E'\\''`],
  ['commands', '\\echo a\n'],
  ['commands on one line', '\\echo a \\\\ '],
  ['quotes in commands', `\\echo 'a\n`],
  ['backslashes', '\\'],
  ['open blocks', '\\if 1\n'],
  ['open blocks not taken', '\\if 0\n'],
  ['functions', 'create function f() begin atomic '],
  ['ends', 'end '],
  ['empty copies', 'copy t from stdin;\n\\.\n'],
  ['copies on one line', 'copy t from stdin;'],
  ['almost the end of a copy', '\\.x\n'],
  ['identifiers', '""'],
  ['unicode', 'é'],
  ['standard_conforming_strings', 'set standard_conforming_strings = off;'],
]

test.each(adversaries)('the scanner reads half a megabyte of it in one pass: %s', { timeout: 20_000 }, (_, text) => {
  const copies = text === '\\.x\n' ? 'copy t from stdin;\n' : ''
  const bytes = Buffer.from(copies + text.repeat(Math.ceil(halfMegabyte / text.length)))
  const scanner = new Scanner({ variables: new Map([['v', '(v']]) })
  for (let at = 0; at < bytes.length; at += 65536) {
    scanner.push(bytes.subarray(at, at + 65536))
    while (scanner.next() !== undefined);
  }
  scanner.end()
  while (scanner.next() !== undefined);
})

test('the scanner reads eight megabytes of everything in one pass', { timeout: 20_000 }, () => {
  const random = randomNumbers(seed)
  let text = ''
  while (text.length < megabyte) text += randomScript(random, { errors: true, transactions: true, modern: true })
  const bytes = Buffer.from(text)
  const scanner = new Scanner()
  for (let left = 8; left > 0; left--) {
    scanner.push(bytes)
    while (scanner.next() !== undefined);
  }
  scanner.end()
  while (scanner.next() !== undefined);
})
