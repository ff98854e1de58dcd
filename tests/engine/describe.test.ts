import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administer, testDatabase, type TestDatabase } from '../support/database.ts'
import { programs, psqlIsThere } from '../support/postgres-programs.ts'
import { makeFolder, runPgrig, runPsql } from './engine.ts'

// What \d, \l and \sf print is asked of psql itself, over a database with every kind of object.

const serverMajor = 18

const lists = [
  ...'a A Ac Af Ao Ap c C d D E es et eu ew f fa fn fp ft fw F Fd Fp Ft g i l L m n o O p P Pt Pi Pn'.split(' '),
  ...'rds rg Rp Rs s t T u v x X y'.split(' '),
]
const describing = [
  String.raw`\d`,
  String.raw`\d+`,
  ...lists.flatMap((list) => [`\\d${list}`, `\\d${list}+`]),
  ...['a', 'd', 'f', 'i', 'n', 'o', 'p', 'P', 'T', 'tvmsE', 'C', 'c', 'L', 'y', 'x', 'X'].flatMap((command) => [
    `\\d${command}S`,
    `\\d${command} pg_catalog.a*`,
    `\\d${command}+ p[ao]*`,
  ]),
  ...['tx', 't+x', 'fx', 'xx', 'ux', 'px', 'Tx+', 'lx', 'x'].map((command) => `\\d${command}`),
  ...['l', 'lx', 'z', 'zx', 'zS pg_class', 'l post*'].map((command) => `\\${command}`),
  ...['twice', 'twice(int)', 'private.touch', 'log_it', 'add_all', '"weird;fn"', 'no_such', 'int4pl'].flatMap(
    (name) => [`\\sf ${name}`, `\\sf+ ${name}`],
  ),
  ...['shown', 'tree', 'checked', 'users', 'no_such'].flatMap((name) => [`\\sv ${name}`, `\\sv+ ${name}`]),
  ...'dt no_such,d no_such,dRp+ no_such,dF+ no_such,dFp+ no_such,dx+ no_such,drds no_such,db,dconfig fsync'.split(','),
  ...'dconfig+ work_*,dconfigx fsync,dt a.b.c.d,df a.b.c,dT other.public.mood,dfq,dq,dt users posts'.split(','),
  ...'df twice int,df * -,do + int,da joined,df *.touch,dfS abs int4,dAc btree int4,dAo * private.*'.split(','),
].map((command) => (command.startsWith('\\') ? command : `\\${command}`))

const looks: Record<string, string> = {
  aligned: '',
  'border 0': String.raw`\pset border 0`,
  'border 2, unicode': String.raw`\pset border 2 \pset linestyle unicode`,
  expanded: String.raw`\x on`,
  'expanded, border 2': String.raw`\x on \pset border 2`,
  'expanded when it is wide': String.raw`\pset columns 60 \x auto`,
  wrapped: String.raw`\pset format wrapped \pset columns 60`,
  unaligned: String.raw`\pset format unaligned`,
  'unaligned, expanded': String.raw`\pset format unaligned \x on`,
  csv: String.raw`\pset format csv`,
  html: String.raw`\pset format html`,
  'html, expanded': String.raw`\pset format html \x on`,
  asciidoc: String.raw`\pset format asciidoc`,
  'latex, expanded': String.raw`\pset format latex \x on`,
  'troff-ms': String.raw`\pset format troff-ms`,
  'null, tuples only': String.raw`\pset null ~ \pset tuples_only on`,
  'null, no footer, a title, thousands': String.raw`\pset null ~ \pset footer off \pset title T \pset numericlocale on`,
}

/** The names of all that `\d NAME` describes. */
const relations = `select format('%I.%I', nspname, relname) as name from pg_class join pg_namespace n on n.oid = relnamespace
  where nspname in ('public', 'private') order by 1`

function comparable(): boolean {
  if (!psqlIsThere('What \\d prints was not compared with psql')) return false
  if (programs.psql.major === serverMajor) return true
  console.warn(
    `What \\d prints was not compared with psql: it is psql ${programs.psql.major}, and ${serverMajor} is wanted.`,
  )
  return false
}

describe.runIf(comparable())('psql and pgrig describe alike:', () => {
  let database: TestDatabase
  let all: string[]
  beforeAll(async () => {
    // Those of the corpus are other tests' own.
    const reader = 'described reader'
    const writer = 'described"writer'
    const quote = (role: string) => `"${role.replaceAll('"', '""')}"`
    afterAll(() => administer(`drop role if exists ${quote(reader)}, ${quote(writer)}`))
    for (const role of [reader, writer]) await administer(`create role ${quote(role)}`)
    database = await testDatabase()
    const texts = await Promise.all(
      ['corpus/objects.sql', 'describe.sql'].map((file) => readFile(new URL(file, import.meta.url), 'utf8')),
    )
    const script = texts.join('').replaceAll(/"corpus( reader|""writer)"/g, '"described$1"')
    const made = await runPsql(['objects.sql'], { folder: await makeFolder({ 'objects.sql': script }), database })
    expect(made.stderr.replaceAll(/.*(NOTICE|WARNING|HINT).*\n/g, '')).toBe('')
    const connection = await database.connect()
    // Otherwise the sizes would change in between.
    await connection.run('vacuum')
    // A database with a subscription cannot be dropped.
    afterAll(async () => {
      const last = await database.connect()
      await last.run('drop subscription quiet')
      await last.close()
    })
    const named = await connection.run<{ name: string }>(relations)
    await connection.close()
    all = named.map(({ name }) => `\\d+ ${name}`)
  }, 60_000)

  test.each(Object.entries(looks))('%s', { timeout: 120_000 }, async (_, setting) => {
    // There psql counts tokens whatever `footer` says.
    const commands = [...describing, ...all].filter((command) => command !== '\\dFp+' || !setting.includes('footer'))
    const script = commands.map((command) => `${command}\n\\echo ~~~~~~\n`).join('')
    const folder = await makeFolder({ 'describe.sql': `\\o /dev/null\n${setting}\n\\o\n${script}` })
    const theirs = await runPsql(['describe.sql'], { folder, database })
    const ours = await runPgrig(['describe.sql'], { folder, database }, ['--no-transaction', '-v', 'ON_ERROR_STOP=off'])
    const [printedByPsql, printed] = [theirs, ours].map(({ stdout }) => stdout.split('~~~~~~\n'))
    expect(printed).toHaveLength(commands.length + 1)
    const different = commands.flatMap((command, index) =>
      printed![index] === printedByPsql![index]
        ? []
        : [{ command, ours: printed![index], theirs: printedByPsql![index] }],
    )
    expect(different).toEqual([])
  })
})
