import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { appendFile, chmod, chown, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, type Connection } from '../connection.ts'
import { addressOf, removeServer, startServer, type Server } from '../embedded/server.ts'
import { signatureHash } from './certificate.ts'

const openssl = (...args: string[]) => promisify(execFile)('openssl', args)
const nastyPassword = `pä'ss"\\ „wörd“ ,=n,, 🐘`
const preparedPassword = 'ﬁ\u00a0e\u0301\u00ad\u2168'
// A character that Unicode 3.2 did not have: such a password is not prepared.
const unpreparedPassword = `${preparedPassword}🐘`
const asciiPassword = `a,b=c'"\\ %41\u0007`

let project: string
let server: Server
let owner: Connection

/** A server where each way to log in has a database of its own. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'pgrig-login-'))
  await chmod(project, 0o755)
  server = await startServer(project, { durable: false })
  owner = await connect(addressOf(server, 'postgres'), { application: 'tests' })
  for (const name of ['scram', 'md5', 'cleartext', 'trusted', 'refused']) {
    await owner.run(`create database "${name}"`)
  }
  for (const [encryption, role, password] of [
    ['scram-sha-256', 'scram', nastyPassword],
    ['scram-sha-256', 'ascii', asciiPassword],
    ['scram-sha-256', 'prepared', preparedPassword],
    ['scram-sha-256', 'unprepared', unpreparedPassword],
    ['md5', 'md5', nastyPassword],
  ] as const) {
    await owner.run(`set password_encryption = '${encryption}'`)
    const [row] = await owner.query<{ literal: string }>`select quote_literal(${password}) as literal`
    await owner.run(`create role ${role} login password ${row?.literal}`)
  }
  await writeFile(
    join(server.dataFolder, 'pg_hba.conf'),
    `local all all trust
host scram all 127.0.0.1/32 scram-sha-256
host md5 all 127.0.0.1/32 md5
host cleartext all 127.0.0.1/32 password
host trusted all 127.0.0.1/32 trust
`,
  )
  await owner.run('select pg_reload_conf()')
  await sleep(100)
})

afterAll(async () => {
  await owner.close()
  await removeServer(project)
  await rm(project, { recursive: true, force: true })
})

async function logIn(database: string, user: string, password?: string, tls = false): Promise<string> {
  const address = {
    ...addressOf(server, database),
    host: '127.0.0.1',
    user,
    ...(password !== undefined && { password }),
    tls: { mode: tls ? ('require' as const) : ('disable' as const) },
  }
  const connection = await connect(address, { application: 'tests' })
  try {
    const [row] = await connection.query<{ user: string }>`select current_user::text as user`
    return row?.user ?? ''
  } finally {
    await connection.close()
  }
}

test.each([
  ['scram', 'scram', nastyPassword],
  ['scram', 'ascii', asciiPassword],
  ['scram', 'prepared', preparedPassword],
  ['scram', 'unprepared', unpreparedPassword],
  ['md5', 'md5', nastyPassword],
  ['md5', 'scram', nastyPassword],
  ['cleartext', 'scram', nastyPassword],
  ['cleartext', 'md5', nastyPassword],
])(
  'where pg_hba.conf says %s, %s gets in with the password, and not with another or none',
  async (way, user, right) => {
    expect(await logIn(way, user, right)).toBe(user)
    const denied = await logIn(way, user, `${right}.`).catch((error: unknown) => error)
    expect(denied).toMatchObject({ code: 'connection_denied', sql: { sqlstate: '28P01' } })
    await expect(logIn(way, user)).rejects.toMatchObject({
      code: 'connection_denied',
      message: 'The server asks for a password, and none is given.',
    })
  },
)

test('a password that is the same in Unicode is the same, where all of it can be prepared', async () => {
  const same = 'fi éIX'
  expect(await logIn('scram', 'prepared', same)).toBe('prepared')
  await expect(logIn('scram', 'unprepared', `${same}🐘`)).rejects.toMatchObject({ sql: { sqlstate: '28P01' } })
})

test('who is trusted needs no password, and whom no line lets in is told so', async () => {
  expect(await logIn('trusted', 'scram')).toBe('scram')
  await expect(logIn('refused', 'scram')).rejects.toMatchObject({
    code: 'connection_denied',
    sql: { sqlstate: '28000' },
  })
})

test('many iterations of SCRAM are as many as the server says', async () => {
  await owner.run(`set scram_iterations = 100000; set password_encryption = 'scram-sha-256'`)
  await owner.run(`create role slow login password 'slow'`)
  expect(await logIn('scram', 'slow', 'slow')).toBe('slow')
})

test.each([
  ['RSA', 'sha256', ['-newkey', 'rsa:2048', '-sha256']],
  ['RSA with SHA-512', 'sha512', ['-newkey', 'rsa:2048', '-sha512']],
  ['RSA with SHA-1', 'sha256', ['-newkey', 'rsa:2048', '-sha1']],
  ['RSA-PSS with SHA-384', 'sha384', ['-newkey', 'rsa:2048', '-sha384', '-sigopt', 'rsa_padding_mode:pss']],
  ['ECDSA', 'sha256', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-sha256']],
])('over TLS SCRAM is bound to the certificate: %s', async (_, hash, options) => {
  expect(signatureHash(await useCertificate(options))).toBe(hash)
  expect(await logIn('scram', 'scram', nastyPassword, true)).toBe('scram')
  await expect(logIn('scram', 'scram', 'wrong', true)).rejects.toMatchObject({ sql: { sqlstate: '28P01' } })
})

test('a certificate without a hash function of its own is not bound to, and good all the same', async () => {
  expect(signatureHash(await useCertificate(['-newkey', 'ed25519']))).toBeUndefined()
  expect(await logIn('scram', 'scram', nastyPassword, true)).toBe('scram')
})

/** Has the server use a new certificate, which is returned. */
async function useCertificate(options: string[]): Promise<Buffer> {
  const key = join(project, 'server.key')
  const certificate = join(project, 'server.crt')
  const subject = ['-subj', '/CN=localhost', '-days', '2']
  await openssl('req', '-x509', ...options, '-nodes', '-keyout', key, '-out', certificate, ...subject)
  const { uid, gid } = await stat(server.dataFolder)
  for (const [file, name] of [
    [key, 'server.key'],
    [certificate, 'server.crt'],
  ] as const) {
    const target = join(server.dataFolder, name)
    await copyFile(file, target)
    await chmod(target, 0o600)
    await chown(target, uid, gid)
  }
  await appendFile(join(server.dataFolder, 'postgresql.auto.conf'), 'ssl = on\n')
  await owner.run('select pg_reload_conf()')
  await sleep(200)
  return new X509Certificate(await readFile(certificate)).raw
}
