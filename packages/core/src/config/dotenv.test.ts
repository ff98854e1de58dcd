import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Failure } from '../errors.ts'
import { readDotenv } from './dotenv.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgrig-dotenv-'))
  file = join(folder, '.env')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function read(text: string): Record<string, string> {
  writeFileSync(file, text)
  return readDotenv(folder)
}

function failureOf(text: string): Failure {
  try {
    read(text)
  } catch (error) {
    return error as Failure
  }
  return expect.unreachable('it was read')
}

test.each([
  'A=1\nB = two words \n\nC=\nD=x#y # z\n',
  '# A=1\nexport C=3\n  export D = "4" # four',
  `A="it's # 1"\nB='say "x"'\nC=\`"'\`\nD=don't`,
  'A="one\\ntwo"\nB=\'one\\ntwo\'\nC=one\\ntwo',
  'KEY="-----BEGIN-----\nMII=\n-----END-----\n"\r\nB=2\r\n',
  '\uFEFFA-B.c=postgresql://u:p=@h/db?x=y',
  '',
])('what is right is read as Node.js reads it: %j', (text) => {
  expect(read(text)).toEqual(parseEnv(text.replace(/^\uFEFF/, '')))
})

describe('what Node.js would drop or mix up is told with its place, and without the value', () => {
  test.each([
    ['DATABASE_URL="postgresql://u:s3cr3t@h/db', '.env does not close the " of DATABASE_URL.', 1, 14],
    ['# x\n  export A = \'s3cr3t\nB="2"\n', ".env does not close the ' of A.", 2, 14],
    ['B=1\nA="s3cr3t\nB="2"\n', '.env does not close the " of A.', 2, 3],
    ['A="s3cr3t"x"\nB=2', '.env has something after the " that closes A.', 1, 3],
    [`A='it's3cr3t'\nB=2`, ".env has something after the ' that closes A.", 1, 3],
    ['A=1\ns3cr3t\nB=2', '.env is not NAME=value.', 2, 1],
    ['=s3cr3t\nB=2', '.env is not NAME=value.', 1, 1],
  ])('%j', (text, message, line, column) => {
    const failure = failureOf(text)
    expect(failure).toMatchObject({ code: 'config_invalid', message, location: { file, line, column } })
    expect(JSON.stringify({ ...failure, message })).not.toContain('s3cr3t')
  })
})

test('a comment that is indented is one', () => {
  expect(read('A=1\n  # B="\nC=3\n')).toEqual({ A: '1', C: '3' })
})

test('a pipe is an error that says so, and is not waited for', () => {
  execFileSync('mkfifo', [file])
  expect(() => readDotenv(folder)).toThrow(`${file} is a named pipe, not a file.`)
})

test('a .env that a container covers with the null device is empty', () => {
  symlinkSync('/dev/null', file)
  expect(readDotenv(folder)).toEqual({})
})
