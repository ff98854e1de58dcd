import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import pg from 'pg'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { rdsClientConfig, type RdsClientConfig } from './client-config.ts'

const host = 'cruddur.c8x2.eu-central-1.rds.amazonaws.com'

let key: string
let certificate: string

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-rds-'))
  const [keyFile, certificateFile] = [join(folder, 'key'), join(folder, 'crt')]
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certificateFile, '-days', '2']
  const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  await promisify(execFile)('openssl', ['req', '-x509', ...made, ...named])
  key = await readFile(keyFile, 'utf8')
  certificate = await readFile(certificateFile, 'utf8')
  await rm(folder, { recursive: true })
})

/** The beginning of a PostgreSQL server: it answers the question about TLS, and counts what comes after it. */
async function startServer(answer: 'S' | 'N') {
  const heard = { bytes: 0 }
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(answer)
      const inside = answer === 'S' ? new TLSSocket(socket, { isServer: true, key, cert: certificate }) : socket
      inside.on('error', () => {})
      inside.on('data', (bytes: Buffer) => {
        heard.bytes += bytes.length
        socket.destroy()
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, heard }
}

async function connectTo(
  port: number,
  hostName: string,
  change: Partial<RdsClientConfig['ssl']> = {},
): Promise<unknown> {
  const config = await rdsClientConfig({ host: hostName, port, user: 'u', database: 'd' }, () => 'secret')
  const client = new pg.Client({ ...config, ssl: { ...config.ssl, ...change } })
  client.on('error', () => {})
  return client.connect().then(
    () => 'connected',
    (error: unknown) => error,
  )
}

test('the driver checks certificate and name, and trusts the authorities of RDS alone', async () => {
  const config = await rdsClientConfig({ host, port: 5432, user: 'u', database: 'cruddur' }, () => 'secret')
  expect(config).toMatchObject({ host, user: 'u', database: 'cruddur', ssl: { rejectUnauthorized: true } })
  const issuers = config.ssl.ca.map((pem) => new X509Certificate(pem).subject)
  expect(issuers.filter((subject) => subject.includes('eu-central-1'))).not.toEqual([])
  expect(issuers.filter((subject) => !subject.includes('Amazon') && !subject.includes('Starfield'))).toEqual([])
  expect(JSON.stringify(config)).not.toContain('secret')
})

test('a server that anybody may have certified hears nothing', async () => {
  const { port, heard } = await startServer('S')
  expect(await connectTo(port, 'localhost')).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  expect(heard.bytes).toBe(0)
})

test('nor does one whose certificate is good and whose name is another', async () => {
  const { port, heard } = await startServer('S')
  expect(await connectTo(port, '127.0.0.1', { ca: [certificate] })).toMatchObject({
    code: 'ERR_TLS_CERT_ALTNAME_INVALID',
  })
  expect(heard.bytes).toBe(0)
  await connectTo(port, 'localhost', { ca: [certificate] })
  expect(heard.bytes).toBeGreaterThan(0)
})

test('nor does one that does not speak TLS', async () => {
  const { port, heard } = await startServer('N')
  expect(String(await connectTo(port, 'localhost'))).toContain('does not support SSL')
  expect(heard.bytes).toBe(0)
})
