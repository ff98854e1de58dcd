// pgrig run beside psql, on the embedded server: many statements, COPY data, a slow network, and on demand memory.
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { connect, createDatabase, dropDatabase, freeBytes, removeServer, startServer, type Cluster } from '@pgrig/core'
import { startDelayProxy } from './load/delay-proxy.ts'
import { makeCopyDump, makeInserts, makeLargeDump, writeScript } from './load/make-data.ts'
import { makeSchema, pagilaShape, railsShape } from './load/make-schema.ts'
import { load, race, verdict, type Loader } from './load/race.ts'

const usage = `npm run bench -- load [statements] [copy] [network] [memory] [--quick] [--rounds N] [--gib N] [--inserts]

  statements   a schema of some 5,000 statements
  copy         a dump of 67 MB of COPY data
  network      2,000 inserts, and a small dump, 50 ms away; psql takes two minutes of it, with --quick a tenth
  memory       a dump of 2 GiB (--gib), of COPY data or of --inserts; takes minutes, so only where it is named
`
const parts = { statements, copy, network, memory }
const roundTripMilliseconds = 50

const pgrig = fileURLToPath(new URL('../../packages/cli/bin/pgrig.js', import.meta.url))
const { named, quick, rounds, gib, inserts } = readWords(process.argv.slice(3))
const interrupted = new AbortController()
const { signal } = interrupted
// A second one ends it at once, and leaves the server and the files behind.
process.once('SIGINT', () => interrupted.abort())

const project = mkdtempSync(join(tmpdir(), 'pgrig-bench-'))
chmodSync(project, 0o755)
writeFileSync(join(project, 'pgrig.json'), JSON.stringify({ database: 'loaded' }))
const server = await startServer(project)
try {
  for (const part of named) await parts[part]()
} catch (error) {
  if (!signal.aborted) throw error
  process.exitCode = 130
} finally {
  await removeServer(project)
  rmSync(project, { recursive: true, force: true })
}

async function statements(): Promise<void> {
  const schema = makeSchema(railsShape)
  const file = join(project, 'schema.sql')
  await writeFile(file, schema.text)
  await race({
    title: `A schema of ${schema.statements} statements, ${sizeOf(file)}, on the embedded server`,
    loaders: [pgrigLoader('run', file), psqlLoader(file), pgrigLoader('schema load', file)],
    rounds: rounds ?? 7,
    goal: { ratioAtMost: 1 },
    prepare,
    signal,
  })
}

async function copy(): Promise<void> {
  const file = join(project, 'copy.sql')
  await writeScript(file, makeCopyDump(67e6), signal)
  await race({
    title: `A dump of COPY data, ${sizeOf(file)}, on the embedded server`,
    loaders: [pgrigLoader('run', file), psqlLoader(file)],
    rounds: rounds ?? 11,
    goal: { ratioAtMost: 1.1 },
    prepare,
    signal,
  })
}

async function network(): Promise<void> {
  const proxy = await startDelayProxy(join(server.socketFolder, `.s.PGSQL.${server.port}`), roundTripMilliseconds)
  try {
    const url = `postgresql://postgres@127.0.0.1:${proxy.port}/loaded?sslmode=disable`
    const measured = await measureRoundTrip(proxy.port)
    console.log(`\nThe server is ${measured.toFixed(1)} ms away from here on, without a limit of bandwidth.`)
    await inserts2000(url)
    await smallDump(url)
  } finally {
    await proxy.close()
  }
}

async function inserts2000(url: string): Promise<void> {
  const [file, tenth] = [join(project, 'inserts.sql'), join(project, 'inserts-200.sql')]
  await writeScript(file, makeInserts(2000), signal)
  await writeScript(tenth, makeInserts(200), signal)
  const psql = quick ? psqlLoader(tenth, url) : psqlLoader(file, url)
  await race({
    title: '2,000 inserts of one row, over the slow network; psql once',
    loaders: [
      pgrigLoader('run', file, url),
      { ...psql, once: true, ...(quick && { name: 'psql -1 -f, 200 of them, times 10', scale: 10 }) },
    ],
    rounds: rounds ?? 3,
    goal: { timesFasterAtLeast: 50 },
    prepare,
    signal,
  })
}

async function smallDump(url: string): Promise<void> {
  const dump = makeSchema(pagilaShape)
  const file = join(project, 'pagila.sql')
  await writeFile(file, dump.text)
  await race({
    title: `A dump like Pagila’s: ${dump.statements} statements, 21 of them COPY, ${sizeOf(file)}, over the slow network; psql once`,
    loaders: [pgrigLoader('run', file, url), { ...psqlLoader(file, url), once: true }],
    rounds: rounds ?? 3,
    goal: { timesFasterAtLeast: 25 },
    prepare,
    signal,
  })
}

async function memory(): Promise<void> {
  const bytes = gib * 2 ** 30
  const free = await freeBytes(project)
  // The file, the table, and what they need beside it.
  if (free < bytes * 2.5 + 2 ** 30) {
    throw new Error(`${project} has ${(free / 2 ** 30).toFixed(1)} GiB left, too few for a dump of ${gib} GiB: --gib N`)
  }
  const file = join(project, 'large.sql')
  await writeScript(file, makeLargeDump(bytes, inserts ? 'inserts' : 'copy'), signal)
  const what = inserts ? 'inserts' : 'COPY data'
  console.log(`\nMemory: a dump of ${gib} GiB of ${what} into an unlogged table, on the embedded server, once`)
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}\n`)
  for (const [index, loader] of [pgrigLoader('run', file), psqlLoader(file)].entries()) {
    await prepare()
    const { milliseconds, peakBytes } = await load(loader, signal)
    const mebibytes = (peakBytes ?? 0) / 2 ** 20
    const peak = peakBytes === undefined ? 'memory is measured on Linux only' : `peak ${mebibytes.toFixed(0)} MiB`
    const goal = index === 0 && peakBytes !== undefined ? verdict('less than 150 MiB', mebibytes < 150) : ''
    const seconds = `${(milliseconds / 1000).toFixed(1)} s`
    console.log(`${loader.name.padEnd(44)} ${seconds.padStart(8)}   ${peak}   ${goal}`.trimEnd())
  }
  rmSync(file)
}

/** On the embedded server as the project's own, or at the URL. */
function pgrigLoader(words: string, file: string, url?: string): Loader {
  return {
    name: `pgrig ${words}`,
    command: process.execPath,
    args: [pgrig, ...words.split(' '), file],
    cwd: project,
    ...(url !== undefined && { env: { DATABASE_URL: url } }),
  }
}

/** On the embedded server over the socket and without a password, as pgrig goes there, or at the URL. */
function psqlLoader(file: string, url?: string): Loader {
  const near = `postgresql://postgres@${encodeURIComponent(server.socketFolder)}:${server.port}/loaded`
  return {
    name: 'psql -1 -f',
    command: 'psql',
    args: ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-1', '-f', file, '-d', url ?? near],
    cwd: project,
  }
}

/** Makes the database anew. */
async function prepare(): Promise<void> {
  signal.throwIfAborted()
  const cluster = clusterAt(server.socketFolder, server.port)
  await dropDatabase(cluster, { force: true })
  await createDatabase(cluster)
}

function clusterAt(host: string, port: number): Cluster {
  const tls = { mode: 'disable' } as const
  return {
    database: 'loaded',
    connect: (database = 'loaded') =>
      connect({ host, port, database, user: 'postgres', tls, connectTimeoutSeconds: 10 }, { application: 'bench' }),
  }
}

async function measureRoundTrip(port: number): Promise<number> {
  const connection = await clusterAt('127.0.0.1', port).connect('postgres')
  try {
    const started = performance.now()
    for (let count = 0; count < 10; count++) await connection.run('select 1')
    return (performance.now() - started) / 10
  } finally {
    await connection.close()
  }
}

function sizeOf(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(1)} MB`
}

interface Words {
  named: (keyof typeof parts)[]
  quick: boolean
  rounds: number | undefined
  gib: number
  inserts: boolean
}

function readWords(words: string[]): Words {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        gib: { type: 'string', default: '2' },
        inserts: { type: 'boolean', default: false },
      },
    })
    const { quick, inserts } = values
    const gib = readNumber('--gib', values.gib)
    const rounds = values.rounds === undefined ? undefined : readNumber('--rounds', values.rounds)
    const named = positionals.map((word) => readPart(word))
    return { named: named.length > 0 ? named : ['statements', 'copy', 'network'], quick, inserts, gib, rounds }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(64)
  }
}

function readPart(word: string): keyof typeof parts {
  if (word in parts) return word as keyof typeof parts
  throw new Error(`There is no part "${word}".`)
}

function readNumber(flag: string, text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw new Error(`${flag} wants a number above zero, not "${text}".`)
}
