import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { testDatabase } from '../tests/support/database.ts'
import { root } from '../tests/support/program.ts'
import { findFreePort } from './api/port.ts'
import { loadSql } from './db/test-client.ts'

// There is not everywhere a Docker: the steps of the Dockerfile are taken here by themselves.
const dockerfile = await readFile(join(import.meta.dirname, 'Dockerfile'), 'utf8')
const { url, clientConfig } = await testDatabase()

let app: string

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'cruddur-image-'))
  await promisify(execFile)(process.execPath, [join(root, stepOf(/node (cruddur\/bundle\.mjs) \/app$/m)), app])
  await chmod(app, 0o755)
  const client = new pg.Client(clientConfig)
  await client.connect()
  await loadSql(client, 'schema.sql')
  await client.end()
})
afterAll(() => rm(app, { recursive: true, force: true }))

function stepOf(pattern: RegExp): string {
  const [, step] = pattern.exec(dockerfile) ?? []
  if (step === undefined) throw new Error(`The Dockerfile has no ${String(pattern)}`)
  return step
}

/** The arguments of the last CMD, or of the one behind HEALTHCHECK: what Node.js is started with. */
const command = JSON.parse(stepOf(/^CMD (\[.*\])$/m)) as string[]
const [checkProgram, ...checkArguments] = JSON.parse(stepOf(/^ {2}CMD (\[.*\])$/m)) as string[]
const environment = Object.fromEntries(
  stepOf(/^ENV (.*)$/m)
    .split(' ')
    .map((pair) => pair.split('=') as [string, string]),
)

const settings = {
  DATABASE_URL: url,
  PUBLIC_URL: 'https://cruddur.example',
  SESSION_SECRET: 'a-secret-of-forty-characters-for-a-test-',
  COGNITO_USER_POOL_ID: 'eu-central-1_AbCdEf123',
  COGNITO_CLIENT_ID: 'abcdef123456',
}

/** Starts it as the container would: an ordinary user, to whom nothing of the folder belongs. */
async function startContainer(): Promise<{ child: ChildProcess; port: string; check: () => Promise<boolean> }> {
  const port = String(await findFreePort(24_567, 24_667))
  const env = { ...environment, ...settings, PORT: port }
  const user = process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : {}
  const child = spawn(process.execPath, command, { cwd: app, env, ...user })
  onTestFinished(() => void child.kill('SIGKILL'))
  let written = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (written += String(bytes)))
  const check = () =>
    promisify(execFile)(process.execPath, checkArguments, { env }).then(
      () => true,
      () => false,
    )
  await expect
    .poll(async () => child.exitCode ?? (await check()), { timeout: 30_000 })
    .toBe(true)
    .catch(() => {
      throw new Error(`It does not answer: ${written}`)
    })
  return { child, port, check }
}

test('what the image holds runs by itself, for a user who may change none of it, and ends when it is told to', async () => {
  const { child, port, check } = await startContainer()
  expect(await check()).toBe(true)
  const feed = await fetch(`http://127.0.0.1:${port}/api/activities/home`)
  expect(await feed.json()).toBeInstanceOf(Array)
  const page = await fetch(`http://127.0.0.1:${port}/`)
  expect(await page.text()).toMatch(/^<!doctype html>/i)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(await check()).toBe(false)
})

test('the image holds neither tests nor sources nor secrets, and is small', async () => {
  const files = await readdir(app, { recursive: true, withFileTypes: true })
  const names = files.map((file) => join(file.parentPath, file.name).slice(app.length + 1))
  const own = names.filter((name) => !name.startsWith('node_modules'))
  expect(own.filter((name) => /\.(ts|map)$|test|\.env|password|journal/.test(name))).toEqual([])
  expect(own).toEqual(expect.arrayContaining(['package.json', 'pgrig.json', 'db/schema.sql', command[0]]))
  const sizes = await Promise.all(names.map(async (name) => (await readFile(join(app, name)).catch(() => '')).length))
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(8_000_000)
})

test('the program of the health check is that of the image, and the image ends as a user without a shell', () => {
  const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image ?? '')
  expect(images).toHaveLength(2)
  const majors = images.map((image) => /node(?:js|:)(\d+)/.exec(image)?.[1])
  expect(new Set(majors).size).toBe(1)
  expect(images[1]).toMatch(/^gcr\.io\/distroless\/nodejs\d+-debian\d+:nonroot$/)
  expect(checkProgram).toBe('/nodejs/bin/node')
  expect(environment).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0' })
})

test('what the build leaves out it does not need, and what it must not see is left out', async () => {
  const left = (await readFile(join(import.meta.dirname, 'Dockerfile.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  expect(left).toEqual(expect.arrayContaining(['**/node_modules', '**/.env', '**/.pgrig', '.git']))
  const kept = ['package.json', 'package-lock.json', 'tsconfig.json', 'packages', 'cruddur', 'scripts', 'bench']
  for (const path of kept) expect(existsSync(join(root, path))).toBe(true)
  expect(left.filter((line) => kept.includes(line))).toEqual([])
})
