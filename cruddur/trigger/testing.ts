import { execFile, fork, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import { onTestFinished } from 'vitest'

/** Builds the function, and unpacks what would be uploaded. Returns the file that Lambda would load. */
export async function unpackTrigger(folder: string): Promise<string> {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'build.mjs'), folder])
  const files = unzipSync(await readFile(join(folder, 'trigger.zip')))
  const file = join(folder, 'unpacked.cjs')
  await writeFile(file, files['index.cjs'] ?? '')
  return file
}

/** How an invocation ended. */
interface Invocation {
  event: { triggerSource: string }
  result?: unknown
  error?: { errorType: string; errorMessage: string }
  /** What the function left in its context. */
  waits?: boolean
}

export interface Lambda {
  /** Where AWS Lambda's API is: only `Invoke`, of whatever function. */
  endpoint: string
  invocations: Invocation[]
  /** What the function has written, as CloudWatch would have it. */
  log(): string
  invoke(event: object): Promise<Invocation>
}

// As Lambda's own runtime: it loads the file, and calls the function for one event after the other.
const runtime = `
const { handler } = require(process.argv[2])
process.on('message', async ({ id, event, milliseconds }) => {
  const end = Date.now() + milliseconds
  const context = { awsRequestId: id, callbackWaitsForEmptyEventLoop: true, getRemainingTimeInMillis: () => end - Date.now() }
  try {
    const result = await handler(event, context)
    process.send({ id, result, waits: context.callbackWaitsForEmptyEventLoop })
  } catch (error) {
    console.error(JSON.stringify({ ...error, stack: error.stack }))
    process.send({ id, error: { errorType: error.name, errorMessage: error.message } })
  }
})
`

const timeLimit = 5_000

/** Runs the function in a process of its own, with nothing in its environment but what is said, and lets it be invoked. */
export async function startLambda(file: string, environment: Record<string, string>): Promise<Lambda> {
  const runtimeFile = join(await temporaryFolder(), 'runtime.cjs')
  await writeFile(runtimeFile, runtime)
  const written: string[] = []
  const invocations: Invocation[] = []
  const waiting = new Map<string, (ended: Omit<Invocation, 'event'>) => void>()
  let child: ChildProcess | undefined

  function start(): ChildProcess {
    const started = fork(runtimeFile, [file], {
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [started.stdout, started.stderr])
      stream?.on('data', (bytes) => void written.push(String(bytes)))
    started.on('message', ({ id, ...ended }: { id: string } & Omit<Invocation, 'event'>) => waiting.get(id)?.(ended))
    return started
  }

  async function invoke(event: object): Promise<Invocation> {
    const running = (child ??= start())
    const id = randomUUID()
    const ended = await new Promise<Omit<Invocation, 'event'>>((resolve) => {
      const timer = setTimeout(() => {
        running.kill('SIGKILL')
        child = undefined
        resolve({ error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 5.00 seconds' } })
      }, timeLimit)
      waiting.set(id, (ended) => {
        clearTimeout(timer)
        resolve(ended)
      })
      running.send({ id, event, milliseconds: timeLimit })
    })
    waiting.delete(id)
    const invocation = { event: event as Invocation['event'], ...ended }
    invocations.push(invocation)
    return invocation
  }

  const endpoint = await serve(async (request, response) => {
    const { error, result } = await invoke(JSON.parse(await readBody(request)) as object)
    response.writeHead(200, error ? { 'x-amz-function-error': 'Unhandled' } : {})
    response.end(JSON.stringify(error ?? result))
  })
  onTestFinished(() => void child?.kill('SIGKILL'))
  return { endpoint, invocations, invoke, log: () => written.join('') }
}

export interface Secret {
  arn: string
  endpoint: string
  reads: number
  value: object
}

/** AWS Secrets Manager with one secret in it, which may be changed. */
export async function serveSecret(value: object): Promise<Secret> {
  const secret: Secret = {
    arn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:cruddur',
    endpoint: '',
    reads: 0,
    value,
  }
  secret.endpoint = await serve(async (request, response) => {
    await readBody(request)
    secret.reads += 1
    response.end(JSON.stringify({ ARN: secret.arn, SecretString: JSON.stringify(secret.value) }))
  })
  return secret
}

export interface Gate {
  port: number
  /** What becomes of those who come: they get in, are refused, or wait for ever. Those who are in are put out, or no longer heard. */
  set(state: 'open' | 'closed' | 'silent'): Promise<void>
  connections: number
}

/** What stands before the database, and can be as a network is. */
export async function openGate(target: { host: string; port: number }): Promise<Gate> {
  const inside = new Set<{ client: Socket; database?: Socket }>()
  let silent = false
  const server: Server = createSocketServer((client) => {
    gate.connections += 1
    client.on('error', () => {})
    if (silent) return void inside.add({ client: client.resume() })
    const database = connect(target).on('error', () => {})
    inside.add({ client, database })
    client.pipe(database).pipe(client)
    client.once('close', () => database.destroy())
    database.once('close', () => client.destroy())
  })
  const gate: Gate = {
    port: 0,
    connections: 0,
    async set(state) {
      silent = state === 'silent'
      for (const { client, database } of inside) {
        if (silent && database) client.unpipe(database).resume()
        else client.destroy()
      }
      if (!silent) inside.clear()
      if (state === 'closed') await new Promise((resolve) => server.close(resolve))
      else if (!server.listening) await listen(server, gate.port)
    },
  }
  gate.port = await listen(server, 0)
  onTestFinished(() => gate.set('closed'))
  return gate
}

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Promise<string> {
  const server = createServer((request, response) => void answer(request, response))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${await listen(server, 0)}`
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

/** A folder that goes when the test is done. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-trigger-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
