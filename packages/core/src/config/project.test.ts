import { execFileSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findProject } from './project.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pgrig project ä-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function find(path: string) {
  mkdirSync(join(root, path), { recursive: true })
  return findProject({ variables: {}, home: root, folder: join(root, path), hostAddresses: [] })
}

describe('the project is', () => {
  test('the nearest folder with a pgrig.json, also when a package.json is nearer', async () => {
    write('pgrig.json', '{}')
    write('app/pgrig.json', '{"database": "Mine"}')
    write('app/api/package.json', '{"name": "api"}')
    expect(await find('app/api/src')).toEqual({
      folder: join(root, 'app'),
      settingsFile: join(root, 'app', 'pgrig.json'),
      settings: { database: 'Mine' },
      database: 'Mine',
      databaseOrigin: 'pgrig.json database',
    })
  })

  test.each(['package.json', '.git/HEAD', 'db/schema.sql'])('else the nearest folder with %s', async (marker) => {
    write(`app/${marker}`)
    expect(await find('app/deep/down')).toEqual({
      folder: join(root, 'app'),
      settings: {},
      database: 'app',
      databaseOrigin: 'name of the folder',
    })
  })

  test('else the current folder', async () => {
    // Above the temporary folder there is none either, or this says nothing.
    const { folder } = await find('plain')
    expect(folder).toBe(join(root, 'plain'))
  })
})

describe('the database is called after the package, or after the folder', () => {
  test.each([
    ['{"name": "cruddur"}', 'cruddur', 'package.json name'],
    ['{"name": "@acme/My-App.js"}', 'my_app_js', 'package.json name'],
    ['{"name": "2048"}', '_2048', 'package.json name'],
    ['{"name": "postgres"}', 'postgres_app', 'package.json name'],
    [`{"name": "${'x'.repeat(100)}"}`, 'x'.repeat(63), 'package.json name'],
    ['{"name": "日本"}', 'cafe_shop', 'name of the folder'],
    ['{"name": 1}', 'cafe_shop', 'name of the folder'],
    ['{}', 'cafe_shop', 'name of the folder'],
    ['not json', 'cafe_shop', 'name of the folder'],
  ])('%s: %s', async (json, database, databaseOrigin) => {
    write('Café Shop/package.json', json)
    expect(await find('Café Shop')).toMatchObject({ database, databaseOrigin })
  })

  test('and app where neither has a letter', async () => {
    write('日本/package.json', '{}')
    expect(await find('日本')).toMatchObject({ database: 'app' })
  })
})

test('a pgrig.json that cannot be used is a failure, not another project', async () => {
  write('package.json', '{}')
  write('app/pgrig.json', '{')
  await expect(find('app')).rejects.toMatchObject({ code: 'config_invalid' })
})

describe('a pgrig.json that is no file is a failure, not another project', () => {
  const link = (target: string) => () => symlinkSync(target, join(root, 'app', 'pgrig.json'))
  test.each([
    ['a link to itself', link('pgrig.json'), 'is a link that leads back to itself.'],
    ['a link to nothing', link('gone.json'), 'is a link to something that does not exist.'],
    ['a folder', () => mkdirSync(join(root, 'app', 'pgrig.json')), 'is a folder, not a file.'],
    ['a pipe', () => execFileSync('mkfifo', [join(root, 'app', 'pgrig.json')]), 'is a named pipe, not a file.'],
  ])('%s', async (_, make, sentence) => {
    write('package.json', '{}')
    mkdirSync(join(root, 'app'))
    make()
    await expect(find('app/api')).rejects.toMatchObject({
      code: 'config_invalid',
      message: `${join(root, 'app', 'pgrig.json')} ${sentence}`,
    })
  })

  test('nor is a package.json waited for that is a pipe', async () => {
    mkdirSync(join(root, 'app'))
    execFileSync('mkfifo', [join(root, 'app', 'package.json')])
    expect(await find('app')).toMatchObject({ database: 'app', databaseOrigin: 'name of the folder' })
  })
})
