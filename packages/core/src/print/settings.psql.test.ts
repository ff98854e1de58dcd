import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts'
import { programs, psqlIsThere } from '../../../../tests/support/postgres-programs.ts'
import { Failure } from '../errors.ts'
import { listSettings } from './setting-words.ts'
import { changeSetting, defaultSettings } from './settings.ts'

const { path: psql, major: version } = programs.psql

type Setting = readonly [name: string, value?: string | undefined]

function quoteArgument(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
}

function writePset([name, value]: Setting): string {
  return value === undefined ? `\\pset ${name}\n` : `\\pset ${name} ${quoteArgument(value)}\n`
}

function runPsql(database: TestDatabase, script: string) {
  const { host, port, user } = database.clientConfig
  const connection = `host=${host} port=${port} user=${user} dbname=${database.database}`
  const ran = spawnSync(psql, ['-X', '-d', connection, '-f', '-'], {
    input: script,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { PATH: process.env.PATH, LC_ALL: 'C', PGCLIENTENCODING: 'UTF8' },
  })
  if (ran.error) throw ran.error
  return ran
}

test.runIf(psqlIsThere('Settings were not compared with psql'))(
  'a setting is what psql makes of it, and so is what is said of it',
  async () => {
    const database = await testDatabase()
    const changes: Setting[] = [
      ...['', 'a', 'al', 'as', 'c', 'H', 'la', 'latex-', 'latex-longtable', 't', 'u', 'w', 'unalignedx'].map(
        (value): Setting => ['format', value],
      ),
      ...['', 'a', 'o', 'U', 'x'].map((value): Setting => ['linestyle', value]),
      ...['border', 'column', 'header'].flatMap((kind): Setting[] =>
        [undefined, 'd', 'S', '', 'x'].map((value): Setting => [`unicode_${kind}_linestyle`, value]),
      ),
      ...[undefined, '2', '-1', '65536', 'x', ' 7x', '+3', ''].map((value): Setting => ['border', value]),
      ...['x', 'expanded', 'vertical'].flatMap((name): Setting[] =>
        [undefined, undefined, 'auto', undefined, 'on', 'AUTO', 'OFF', 'o', '1', 'yes', 'maybe', ''].map((value) => [
          name,
          value,
        ]),
      ),
      ...[undefined, ';', '', 'ab', '"', '\n', '\r', 'é', '\t'].map((value): Setting => ['csv_fieldsep', value]),
      ...['numericlocale', 'tuples_only', 't', 'footer'].flatMap((name): Setting[] =>
        [undefined, undefined, 'on', 'tr', 'fal', 'no', 'of', 'o', '', '2', undefined].map((value) => [name, value]),
      ),
      ...[undefined, '', 'x y', `it's`].flatMap((value): Setting[] =>
        ['null', 'fieldsep', 'recordsep', 'title', 'C', 'T', 'tableattr'].map((name) => [name, value]),
      ),
      ['recordsep', '\n'],
      ['fieldsep_zero'],
      ['fieldsep'],
      ['recordsep_zero', 'x'],
      ['recordsep'],
      ['fieldsep', ''],
      ...[undefined, undefined, 'always', undefined, 'off', 'on', 'maybe'].map((value): Setting => ['pager', value]),
      ...[undefined, '1', '10', '0'].map((value): Setting => ['pager_min_lines', value]),
      ...(version > 15 ? ['0x10', '010', '1x', 'x', ''] : []).map((value): Setting => ['pager_min_lines', value]),
      ...[undefined, '80', 'abc', '12abc', '-4'].map((value): Setting => ['columns', value]),
      ...(version > 15 ? [undefined, 'column', 'page', 'FULL', '12', '0', 'x'] : []).map((value): Setting => [
        'xheader_width',
        value,
      ]),
      ['nosuch', '1'],
      ['TITLE', '1'],
    ]
    // A wrong value stops neither, so what each says is compared, and at each step what is set.
    const script = changes.map((change) => `${writePset(change)}\\pset\n\\echo @@@\n\\warn @@@\n`).join('')
    const ran = runPsql(database, script)
    const said = ran.stdout.split('@@@\n')
    const warned = ran.stderr.split('@@@\n').map((text) => text.replaceAll(/^psql:<stdin>:\d+: error: /gm, ''))
    let settings = defaultSettings
    changes.forEach((change, index) => {
      let message = ''
      let failure = ''
      try {
        const changed = changeSetting(settings, change[0], change[1])
        settings = changed.settings
        if (changed.message !== undefined) message = `${changed.message}\n`
      } catch (error) {
        if (!(error instanceof Failure)) throw error
        // Ours allows json too.
        failure = `${error.message.replace(' json,', '')}\n`
      }
      const list = version > 15 ? listSettings(settings) : listSettings(settings).replace(/^xheader_width .*\n/m, '')
      expect({ change, said: message + list, failure }).toEqual({ change, said: said[index], failure: warned[index] })
    })
  },
)
