import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from './environment.ts'
import { readService } from './service-file.ts'

let home: string
let environment: Environment

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pgrig-service-'))
  environment = { variables: { PGSYSCONFDIR: join(home, 'etc') }, home, folder: home, hostAddresses: [] }
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(text: string, name = '.pg_service.conf'): void {
  writeFileSync(join(home, name), text)
}

test('a service is a section of ~/.pg_service.conf', () => {
  write(
    "# mine\n[other]\nhost=no\n\n[cruddur]\nhost=db.example.com\nport = 5433\r\npassword=a b=c'\nhost=second\n# end\n[cruddur]\nuser=late\n",
  )
  expect(readService('cruddur', undefined, environment)).toEqual({
    values: { host: 'db.example.com', port: '5433', password: "a b=c'" },
    origin: 'service cruddur (~/.pg_service.conf)',
  })
})

test('PGSERVICEFILE takes the place of the usual file, servicefile of both, and the file of the system comes last', () => {
  mkdirSync(join(home, 'etc'))
  write('[s]\nhost=usual')
  write('[s]\nhost=variable', 'variable')
  write('[s]\nhost=parameter', 'parameter')
  write('[s]\nhost=system\n[t]\nhost=system', join('etc', 'pg_service.conf'))
  expect(readService('s', undefined, environment).values.host).toBe('usual')
  environment.variables['PGSERVICEFILE'] = 'variable'
  expect(readService('s', undefined, environment).values.host).toBe('variable')
  expect(readService('s', 'parameter', environment).values.host).toBe('parameter')
  expect(readService('t', undefined, environment).values.host).toBe('system')
})

describe('a service that cannot be used', () => {
  test('is told with the files that were looked in', () => {
    write('[cruddur]\nhost=h')
    expect(() => readService('cruddr', undefined, environment)).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: 'There is no service cruddr in ~/.pg_service.conf or ~/etc/pg_service.conf.',
        hint: 'Did you mean cruddur?',
      }),
    )
  })

  test('is told when PGSERVICEFILE does not exist', () => {
    environment.variables['PGSERVICEFILE'] = '/nowhere'
    expect(() => readService('s', undefined, environment)).toThrow('The service file /nowhere cannot be read (ENOENT).')
  })

  test.each([
    ['hots=h', '~/.pg_service.conf, line 2, has the keyword "hots", which PostgreSQL does not know.'],
    ['host', '~/.pg_service.conf, line 2, is not keyword=value.'],
    ['port=x', '~/.pg_service.conf, line 2, has a port that is not a number from 1 to 65535.'],
    ['service=t', '~/.pg_service.conf, line 2, names another service, which libpq does not allow.'],
  ])('is told with the line that holds %s', (line, message) => {
    write(`[s]\n${line}\n`)
    expect(() => readService('s', undefined, environment)).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message,
        location: { file: '~/.pg_service.conf', line: 2, column: 1 },
      }),
    )
  })
})
