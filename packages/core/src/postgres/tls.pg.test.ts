import { execFile } from 'node:child_process'
import { chmod, chown, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Tls } from './address.ts'
import { connect } from './connection.ts'
import { addressOf, removeServer, startServer, type Server } from './embedded/server.ts'

const openssl = (args: string[]) => promisify(execFile)('openssl', args)

let project: string
let server: Server
let authority: string
let otherAuthority: string
let password: string

/** A server whose certificate is for `db.test` and 127.0.0.1 is not in it, signed by an authority of our own. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'pgrig-tls-'))
  await chmod(project, 0o755)
  server = await startServer(project)
  const file = (name: string) => join(project, name)
  for (const name of ['ca', 'other']) {
    const subject = ['-subj', `/CN=${name}`, '-days', '2']
    await openssl([
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.crt`),
      ...subject,
    ])
  }
  await openssl([
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    file('server.key'),
    '-out',
    file('server.csr'),
    '-subj',
    '/CN=localhost',
  ])
  await writeFile(file('names'), 'subjectAltName=DNS:localhost\n')
  const signed = [
    '-CA',
    file('ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    file('names'),
  ]
  await openssl(['x509', '-req', '-in', file('server.csr'), '-out', file('server.crt'), ...signed])
  const owner = await stat(server.dataFolder)
  for (const name of ['server.crt', 'server.key']) {
    const target = join(server.dataFolder, name)
    await copyFile(file(name), target)
    await chmod(target, 0o600)
    await chown(target, owner.uid, owner.gid)
  }
  const connection = await connect(addressOf(server, 'postgres'), { application: 'tests' })
  await connection.run('alter system set ssl = on')
  await connection.run('select pg_reload_conf()')
  while ((await connection.run<{ ssl: string }>('show ssl'))[0]?.ssl !== 'on') await sleep(10)
  await connection.close()
  authority = await readFile(file('ca.crt'), 'utf8')
  otherAuthority = await readFile(file('other.crt'), 'utf8')
  password = (await readFile(server.passwordFile, 'utf8')).trim()
})

afterAll(async () => {
  await removeServer(project)
  await rm(project, { recursive: true, force: true })
})

async function isEncrypted(host: string, tls: Tls): Promise<boolean | undefined> {
  const address = { ...addressOf(server, 'postgres'), host, password, tls }
  const connection = await connect(address, { application: 'tests' })
  const [row] = await connection.run<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()')
  await connection.close()
  return row?.ssl
}

test.each<[Tls['mode'], boolean]>([
  ['disable', false],
  ['allow', false],
  ['prefer', true],
  ['require', true],
])('%s, with an authority that nobody trusts: encrypted is %s', async (mode, encrypted) => {
  expect(await isEncrypted('127.0.0.1', { mode })).toBe(encrypted)
})

test('verify-full wants an authority that it knows and the name of the host', async () => {
  const authorities = [authority]
  expect(await isEncrypted('localhost', { mode: 'verify-full', authorities })).toBe(true)
  await expect(isEncrypted('127.0.0.1', { mode: 'verify-full', authorities })).rejects.toMatchObject({
    code: 'connection_tls',
    exitCode: 2,
  })
  await expect(isEncrypted('localhost', { mode: 'verify-full', authorities: [otherAuthority] })).rejects.toMatchObject({
    code: 'connection_tls',
  })
  await expect(isEncrypted('localhost', { mode: 'verify-full' })).rejects.toMatchObject({ code: 'connection_tls' })
})

test('verify-ca wants the authority, and no name', async () => {
  expect(await isEncrypted('127.0.0.1', { mode: 'verify-ca', authorities: [authority] })).toBe(true)
  await expect(isEncrypted('127.0.0.1', { mode: 'verify-ca', authorities: [otherAuthority] })).rejects.toMatchObject({
    code: 'connection_tls',
  })
})

test('a statement can be stopped over an encrypted connection too', async () => {
  const stop = new AbortController()
  const address = { ...addressOf(server, 'postgres'), host: '127.0.0.1', password, tls: { mode: 'require' as const } }
  const connection = await connect(address, { application: 'tests', signal: stop.signal })
  const running = connection.run('select pg_sleep(60)')
  setTimeout(() => stop.abort(new Error('stopped by the test')), 50)
  await expect(running).rejects.toThrow('stopped by the test')
  // The server has cancelled it: it was not hung up on.
  expect(connection.channel.failure).toBeUndefined()
  await connection.close()
})

test('a large result arrives whole over an encrypted connection', async () => {
  const address = { ...addressOf(server, 'postgres'), host: '127.0.0.1', password, tls: { mode: 'require' as const } }
  const connection = await connect(address, { application: 'tests' })
  const rows = await connection.run('select n, repeat(md5(n::text), 20) as text from generate_series(1, 20000) as n')
  await connection.close()
  expect(rows).toHaveLength(20_000)
  expect(rows.at(-1)).toMatchObject({ n: 20_000 })
})

test('what encrypts a connection is what the server says', async () => {
  const address = { ...addressOf(server, 'postgres'), host: '127.0.0.1', password, tls: { mode: 'require' as const } }
  const connection = await connect(address, { application: 'tests' })
  const [row] = await connection.run('select version, cipher, bits from pg_stat_ssl where pid = pg_backend_pid()')
  const { encryption, passwordUsed } = connection.channel
  await connection.close()
  expect({ version: encryption?.protocol, cipher: encryption?.cipher, bits: Number(encryption?.keyBits) }).toEqual(row)
  expect(encryption?.alpn).toBe('none')
  expect(passwordUsed).toBe(true)
})
