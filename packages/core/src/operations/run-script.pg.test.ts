import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { testDatabase } from '../../../../tests/support/database.ts'
import { Failure } from '../errors.ts'
import { runScript } from './run-script.ts'
import { fileSource, textSource } from './script-files.ts'

const passes = 'select 1'
const fails = 'select 1 / (select 0)'
const rows = '1\n'.repeat(300_000)
const script = `create table t (x int);\ncopy t from stdin;\n${rows}\\.\ninsert into t values (2);\n`

async function begin() {
  const database = await testDatabase()
  const connection = await database.connect()
  onTestFinished(() => connection.close())
  const tables = async () =>
    (await connection.run<{ name: string }>(`select relname as name from pg_class where relname in ('t', 'u')`)).map(
      ({ name }) => name,
    )
  return { connection, tables }
}

test('where the test passes, nobody is asked, and the transaction of the script begins behind it', async () => {
  const { connection, tables } = await begin()
  const ask = vi.fn(async () => {})
  const text = `set transaction isolation level serializable;\n${script}`
  const { statements, rows: changed } = await runScript(text, connection, { consent: { test: passes, ask } })
  expect({ statements, changed }).toEqual({ statements: 4, changed: 300_001 })
  expect(ask).not.toHaveBeenCalled()
  expect(await tables()).toEqual(['t'])
})

test('where it fails, consent is asked for before anything was run, and then the script runs once', async () => {
  const { connection, tables } = await begin()
  const seen: unknown[] = []
  const ask = async () => void seen.push(await tables(), connection.channel.transactionStatus)
  const { rows: changed } = await runScript(script, connection, { consent: { test: fails, ask } })
  expect(seen).toEqual([[], 'I'])
  expect(changed).toBe(300_001)
  expect(await connection.run('select count(*)::int from t')).toEqual([{ count: 300_001 }])
})

test('consent that is refused is what is thrown; nothing was run, and the connection can be used', async () => {
  const { connection, tables } = await begin()
  const refused = new Failure('refused', 'No.')
  const consent = { test: fails, ask: () => Promise.reject(refused) }
  await expect(runScript(script, connection, { consent })).rejects.toBe(refused)
  expect(await tables()).toEqual([])
  await runScript('create table u ()', connection)
  expect(await tables()).toEqual(['u'])
})

test.each([
  ['writes a file', '\\copy (select 1) to out\n'],
  ['empties one', "select 1 \\g 'out'\n"],
  ['reads a stream, which comes once', '\\copy t from pstdin\n'],
])('a script that %s is asked about before it starts', async (_, line) => {
  const { connection, tables } = await begin()
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-consent-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const out = join(folder, 'out')
  await writeFile(out, 'kept')
  const standardInput = vi.fn(async function* () {
    yield Buffer.from('1\n')
  })
  const refused = new Failure('refused', 'No.')
  const consent = { test: passes, ask: () => Promise.reject(refused) }
  const options = { folder, standardInput, consent }
  await expect(runScript(`create table t (x int);\n${line}`, connection, options)).rejects.toBe(refused)
  expect(await readFile(out, 'utf8')).toBe('kept')
  expect(standardInput).not.toHaveBeenCalled()
  expect(await tables()).toEqual([])
})

test.each([
  ['without a transaction', 'create table t ();\ncreate table u ();\n', 'none' as const],
  ['of a single statement', 'create table t ()', 'whole' as const],
])('a script %s is asked about before it starts', async (_, text, transaction) => {
  const { connection, tables } = await begin()
  const refused = new Failure('refused', 'No.')
  const consent = { test: passes, ask: () => Promise.reject(refused) }
  await expect(runScript(text, connection, { transaction, consent })).rejects.toBe(refused)
  expect(await tables()).toEqual([])
})

test('a small script is read once, and run from what was read', async () => {
  const { connection, tables } = await begin()
  const source = textSource(script)
  const open = vi.fn(() => source.open())
  await runScript({ ...source, open }, connection)
  expect(open).toHaveBeenCalledTimes(1)
  expect(await tables()).toEqual(['t'])
})

test('a file that is read in many pieces arrives as it is', async () => {
  const { connection } = await begin()
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-pieces-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'large.sql')
  const lines = Array.from({ length: 150_000 }, (_, row) => `${row} ${'\\\\.'.repeat(row % 7)} ${'x'.repeat(row % 97)}`)
  const block = (table: string) =>
    `create table ${table} (line text);\ncopy ${table} from stdin;\n${lines.join('\n')}\n\\.\n`
  await writeFile(file, `${block('t')}${block('u')}insert into u values ('the end');\n`)
  const { rows: changed } = await runScript(await fileSource(file), connection)
  expect(changed).toBe(300_001)
  const expected = createHash('md5').update(lines.join('\n').replaceAll('\\\\', '\\')).digest('hex')
  const ordered = `string_agg(line, e'\\n' order by split_part(line, ' ', 1)::int)`
  for (const table of ['t', 'u']) {
    const [row] = await connection.run(`select md5(${ordered}) as hash from ${table} where line <> 'the end'`)
    expect(row).toEqual({ hash: expected })
  }
})
