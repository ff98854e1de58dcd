import { chmodSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Environment } from './environment.ts'
import { findPassword } from './password-file.ts'

let home: string
let environment: Environment
const question = { host: 'db.example.com', port: 5432, database: 'cruddur', user: 'app' }

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pgrig-password-'))
  environment = { variables: {}, home, folder: home, hostAddresses: [] }
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

function write(text: string, name = '.pgpass'): void {
  writeFileSync(join(home, name), text, { mode: 0o600 })
}

describe('a line of the password file', () => {
  test.each([
    ['db.example.com:5432:cruddur:app:secret', 'secret'],
    ['*:*:*:*:secret', 'secret'],
    ['db.example.com:*:*:app:secret\r\n', 'secret'],
    [String.raw`*:*:*:*:a\:b\\c`, String.raw`a:b\c`],
    ['*:*:*:*:a:comment', 'a'],
    ['*:*:*:*:p@/%#? "\'', 'p@/%#? "\''],
    ['# *:*:*:*:other\n*:*:*:*:secret', 'secret'],
    ['*:*:*:other:x\n*:*:*:app:first\n*:*:*:app:second', 'first'],
    [String.raw`\*:*:*:*:no`, undefined],
    ['db.example.com:5433:cruddur:app:secret', undefined],
    ['db.example.com:5432:cruddur:app', undefined],
    ['db.example.com:5432:cruddur:app:', undefined],
    ['', undefined],
  ])('%j gives %j', (text, password) => {
    write(text)
    expect(findPassword(question, environment).password?.value).toBe(password)
  })

  test('can escape the colons of an IPv6 address', () => {
    write(String.raw`\:\:1:*:*:*:secret`)
    expect(findPassword({ ...question, host: '::1' }, environment).password?.value).toBe('secret')
  })

  test('that says localhost is also for the usual sockets, and for no others', () => {
    write('localhost:*:*:*:secret')
    expect(findPassword({ ...question, host: '/var/run/postgresql' }, environment).password?.value).toBe('secret')
    expect(findPassword({ ...question, host: '/tmp' }, environment).password?.value).toBe('secret')
    expect(findPassword({ ...question, host: '/elsewhere' }, environment).password).toBeUndefined()
  })

  test('is named where the password comes from', () => {
    write('x:*:*:*:no\n\n*:*:*:*:secret')
    expect(findPassword(question, environment).password?.origin).toBe('~/.pgpass line 3')
  })
})

test('PGPASSFILE names another file, and passfile yet another', () => {
  write('*:*:*:*:usual')
  write('*:*:*:*:variable', 'variable')
  write('*:*:*:*:parameter', 'parameter')
  environment.variables['PGPASSFILE'] = 'variable'
  expect(findPassword(question, environment).password?.value).toBe('variable')
  expect(findPassword({ ...question, file: join(home, 'parameter') }, environment).password?.value).toBe('parameter')
})

test('a file that others may read is ignored with a warning', () => {
  write('*:*:*:*:secret')
  chmodSync(join(home, '.pgpass'), 0o640)
  expect(findPassword(question, environment)).toEqual({
    warning: '~/.pgpass was ignored, as psql does: others may read it. chmod 0600 it.',
  })
})

test('what is not a file is ignored with a warning, and what does not exist without one', () => {
  expect(findPassword(question, environment)).toEqual({})
  mkdirSync(join(home, '.pgpass'))
  expect(findPassword(question, environment)).toEqual({ warning: '~/.pgpass was ignored: it is not a plain file.' })
})
