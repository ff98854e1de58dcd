import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { relative } from 'node:path'
import {
  Failure,
  findProject,
  listSessions,
  openTarget,
  prepareDatabase,
  readEnvironment,
  resolveTarget,
  withMaintenance,
  type OpenTarget,
} from '@pgrig/core'
import type pg from 'pg'
import { buildApp } from './api/app.ts'
import { openPool } from './api/database.ts'
import { folder } from './api/folder.ts'
import { findFreePort } from './api/port.ts'
import { readSettings, type Settings } from './api/settings.ts'
import { createStore } from './api/store/create-store.ts'
import type { Store } from './api/store/store.ts'

const stop = new AbortController()
let stopAskedAt = 0

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stop.signal.aborted) {
      stopAskedAt = Date.now()
      say('Stopping …')
      stop.abort()
    } else if (Date.now() - stopAskedAt > 500) {
      // Sooner it is the same Ctrl-C: the terminal sends it to all, and npm passes it on once more.
      process.exit(130)
    }
  })
}

// A terminal that was closed must not keep us from stopping in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

try {
  await start()
} catch (error) {
  if (error !== stop.signal.reason) report(error)
}

async function start(): Promise<void> {
  const environment = readEnvironment(folder)
  const { signal } = stop
  const port = readPort(environment.variables['PORT'])
  const place = await resolveTarget(await findProject(environment), environment)
  const announce = (description: string) => say(`→ ${description}`)
  const target = await openTarget(place, { application: 'cruddur', progress: say, announce, signal })
  try {
    await prepareDatabase(target, {
      schemaFile: place.schemaFile,
      seedFile: place.seedFile,
      nameFile: (path) => relative(folder, path),
      migrations: {
        folder: place.migrationsFolder,
        user: `${environment.userName ?? 'somebody'}@${hostname()}`,
        program: 'cruddur',
      },
      seedEmptyTables: (await target.productionSigns()).length === 0,
      progress: say,
    })
    signal.throwIfAborted()
    await serve(await target.clientConfig(), await choosePort(port), readSettings(environment.variables))
  } finally {
    if (target.startedServer) await stopUnlessShared(target)
  }
}

/** Another Cruddur, or somebody at a prompt, may use the server that we started. */
async function stopUnlessShared(target: OpenTarget): Promise<void> {
  const others = await withMaintenance(target, (connection) => listSessions(connection, { all: true })).catch(() => [])
  if (others.length > 0) return say('The database server goes on: others are connected to it.')
  await target.stopServer()
}

async function serve(config: pg.ClientConfig, port: number, settings: Settings): Promise<void> {
  const pool = openPool(config, (error) => app.log.warn({ err: error }, 'The server ended an idle connection'))
  // Somebody at a terminal wants to see the address, not each request.
  const store = createStore({ pool }) as Store
  const log = { level: process.stdout.isTTY ? 'warn' : 'info' }
  const app = buildApp({ pool, store, log, settings, listen: config })
  try {
    // Where PORT is 0 the system has chosen one.
    await app.listen({ host: 'localhost', port })
    const [address] = app.addresses() as AddressInfo[]
    process.stdout.write(`Cruddur is at http://localhost:${address?.port}\n`)
    if (!stop.signal.aborted) await once(stop.signal, 'abort')
  } finally {
    await app.close()
    await store.close()
    await pool.end()
  }
}

/** The port that was asked for, if one was. */
function readPort(wanted = ''): number | undefined {
  if (wanted === '') return undefined
  const port = /^\d{1,5}$/.test(wanted) ? Number(wanted) : Infinity
  if (port > 65_535) throw new Failure('config_invalid', `PORT is a number from 0 to 65535, not "${wanted}".`)
  return port
}

async function choosePort(wanted: number | undefined): Promise<number> {
  // Browsers refuse some ports (fetch.spec.whatwg.org, "bad port"); none from 4567 to 4587 is one.
  const port = await findFreePort(wanted ?? 4567, wanted ?? 4587)
  if (port !== undefined) return port
  const taken =
    wanted === undefined ? 'The ports 4567 to 4587 are all taken.' : `Port ${wanted} is taken, or not for you to use.`
  throw new Failure('permission', taken, { hint: 'Set PORT to another one.' })
}

function report(error: unknown): void {
  process.exitCode = error instanceof Failure ? error.exitCode : 1
  if (!(error instanceof Failure)) return say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  say(`error: ${error.message}`)
  if (error.hint !== undefined) say(`hint: ${error.hint}`)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
