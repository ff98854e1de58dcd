import { once } from 'node:events'
import { Failure, findProject, openTarget, readDotenv, readEnvironment, resolveTarget } from '@pgrig/core'
import type pg from 'pg'
import { buildApp } from './api/app.ts'
import { openPool, readPoolSettings } from './api/database.ts'
import { folder } from './api/folder.ts'
import { bufferedStdout } from './api/log.ts'
import { Metrics } from './api/metrics.ts'
import { keepPurging } from './api/purge.ts'
import { readSettings } from './api/settings.ts'
import { listProductionSigns, readSignInEnvironment } from './api/sign-in/environment.ts'
import { createStore } from './api/store/create-store.ts'
import { refuseElsewhere } from './provider/refusal.ts'
import { chooseAddress, listen, readHost } from './start/address.ts'
import { prepare, stopUnlessShared } from './start/database.ts'
import { openSignIn } from './start/sign-in.ts'

type Variables = Readonly<Record<string, string | undefined>>

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
  const variables = { ...readDotenv(folder), ...environment.variables }
  const project = await findProject(environment)
  const place = await resolveTarget(project, environment)
  if (variables['NODE_ENV'] === 'production' && place.kind === 'embedded') {
    const hint = 'Set DATABASE_URL to the database, with the role of the application.'
    throw new Failure('target_unset', 'NODE_ENV is production, and nothing says where the database is.', { hint })
  }
  // What is wrong with the settings is said before anything is started.
  readPoolSettings(variables)
  const { publicUrl } = readSettings(variables)
  const { cognito } = readSignInEnvironment(variables, publicUrl, listProductionSigns(variables, []))
  if (!cognito) refuseElsewhere([], publicUrl ?? new URL('http://localhost'), readHost(variables))

  const { signal } = stop
  const announce = (description: string) => say(`→ ${description}`)
  const target = await openTarget(place, { application: 'cruddur', progress: say, announce, signal })
  try {
    const ofDatabase = variables['NODE_ENV'] === 'production' ? [] : await target.productionSigns()
    const productionSigns = listProductionSigns(variables, ofDatabase)
    readSignInEnvironment(variables, publicUrl, productionSigns)
    await prepare(target, { productionSigns, userName: environment.userName, say })
    signal.throwIfAborted()
    /** Another way to the database, or another database with the same in it. */
    const configOf = async (url = ''): Promise<pg.ClientConfig | undefined> => {
      if (url === '') return undefined
      const other = await resolveTarget(project, environment, { url })
      return (await openTarget(other, { application: 'cruddur', signal })).clientConfig()
    }
    const config: pg.ClientConfig = await target.clientConfig()
    // A pooler that gives each transaction another session passes no notifications on.
    const direct = variables['DATABASE_POOLER'] === 'transaction' ? undefined : config
    const listen = (await configOf(variables['LISTEN_DATABASE_URL'])) ?? direct
    if (!listen) say('Nothing is live: behind a pooler LISTEN_DATABASE_URL has to name the server itself.')
    const read = await configOf(variables['READ_DATABASE_URL'])
    await serve(variables, { config, listen, read }, productionSigns)
  } finally {
    await stopUnlessShared(target, say)
  }
}

interface Databases {
  config: pg.ClientConfig
  /** The server itself, for LISTEN. */
  listen: pg.ClientConfig | undefined
  /** A replica. */
  read: pg.ClientConfig | undefined
}

async function serve(
  variables: Variables,
  { config, listen: listenConfig, read }: Databases,
  productionSigns: readonly string[],
): Promise<void> {
  const address = await chooseAddress(variables)
  const given = readSettings(variables)
  const publicUrl = given.publicUrl ?? new URL(`http://localhost:${address.port}`)
  const settings = { ...given, publicUrl }
  const environment = readSignInEnvironment(variables, given.publicUrl, productionSigns)
  const poolSettings = readPoolSettings(variables)
  const warn = (error: Error) => say(`The database ended an idle connection: ${error.message}`)
  const pool = openPool(config, warn, poolSettings)
  const readPool = read && openPool(read, warn, poolSettings)
  const store = createStore({ pool, ...(readPool && { readPool }) })
  try {
    const signIn = await openSignIn({ environment, publicUrl, host: address.host, productionSigns, pool, say })
    const metrics = new Metrics()
    const app = buildApp({
      pool,
      store,
      // Somebody at a terminal wants to see the address, not each request.
      log: { level: process.stdout.isTTY ? 'warn' : 'info', stream: bufferedStdout() },
      authenticator: signIn.authenticator,
      accounts: signIn.accounts,
      signIn: signIn.routes,
      settings,
      ...(listenConfig && { listen: listenConfig }),
      secret: signIn.hashSecret,
      metrics,
    })
    if (signIn.localRoutes) await app.register(signIn.localRoutes)
    const purging = keepPurging({
      pool,
      signal: stop.signal,
      report: (error) => app.log.warn({ err: error }, 'The purge failed; the next round makes it good'),
      onPurged: (_kind, count, seconds) => metrics.countPurge(count, seconds),
    })
    try {
      await listen(app, address)
      process.stdout.write(`Cruddur is at ${publicUrl.origin}\n`)
      if (!stop.signal.aborted) await once(stop.signal, 'abort')
    } finally {
      stop.abort()
      await app.close()
      await purging
      await signIn.settle()
    }
  } finally {
    await store.close()
    await Promise.all([pool.end(), readPool?.end()])
  }
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
