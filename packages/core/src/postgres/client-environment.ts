import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { constants as osConstants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure, systemErrorCode } from '../errors.ts'
import { isSocket, type Address, type Tls } from './address.ts'

/** Variables of the environment; undefined: not set. */
export type Variables = Record<string, string | undefined>

export interface ProgramOptions {
  command: string
  args: readonly string[]
  /** The environment that the program gets, before the address is put into it. */
  variables: Variables
  application: string
  /** Settings of the session: `default_transaction_read_only` … */
  settings: Readonly<Record<string, string>>
  /** Ends the program too. */
  signal: AbortSignal
  /** More variables, for files in a folder that is there as long as the program runs. */
  also?: (folder: () => string) => Variables
}

/**
 * Hands the terminal over to a program that finds the database in its environment: in the variables of libpq and in
 * `DATABASE_URL`. All of the address, and so the password, goes that way: arguments can be read by every user of the machine.
 * Returns its exit code.
 */
export async function runWithVariables(address: Address, options: ProgramOptions): Promise<number> {
  options.signal.throwIfAborted()
  const password = address.password ?? (await address.findPassword?.(false))
  const known = password === undefined ? address : { ...address, password }
  const files = writeFiles(address.tls)
  try {
    const env: Variables = { ...addressVariables(known, options), ...files.variables, ...options.also?.(files.folder) }
    env['DATABASE_URL'] = urlOf(known, env['PGSSLROOTCERT'])
    const { spawn } = await import('node:child_process')
    const child = spawn(options.command, options.args, { stdio: 'inherit', env })
    const stop = () => {
      // Now and not only at the end: a second signal ends us without waiting for anything.
      files.remove()
      child.kill('SIGTERM')
    }
    options.signal.addEventListener('abort', stop, { once: true })
    return await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(describeMissing(error, options.command)))
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0)))
    })
  } finally {
    files.remove()
  }
}

function describeMissing(error: Error, command: string): Error {
  const code = systemErrorCode(error)
  if (code === 'ENOENT') return new Failure('program_missing', `There is no program ${command}.`, { cause: error })
  if (code === 'EACCES') return new Failure('permission', `${command} may not be run.`, { cause: error })
  return error
}

function addressVariables(address: Address, options: ProgramOptions): Variables {
  const settings = Object.entries(options.settings).map(([name, value]) => `-c ${name}=${value}`)
  const sessionOptions = [...(address.options === undefined ? [] : [address.options]), ...settings]
  return {
    ...options.variables,
    // These would change where it connects to.
    PGSERVICE: undefined,
    PGHOSTADDR: undefined,
    PGHOST: address.host,
    PGPORT: String(address.port),
    PGUSER: address.user,
    PGDATABASE: address.database,
    PGPASSWORD: address.password,
    PGAPPNAME: options.application,
    PGCONNECT_TIMEOUT: String(Math.ceil(address.connectTimeoutSeconds)),
    PGOPTIONS: sessionOptions.join(' ') || undefined,
    PGSSLMODE: saidMode(address.tls),
  }
}

/** A connection URL that libpq and the drivers read, every part of it encoded. It holds the password, where there is one. */
function urlOf({ host, port, user, password, database, tls }: Address, rootCertificate?: string): string {
  const part = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const secret = password === undefined ? '' : `:${part(password)}`
  const mode = saidMode(tls)
  const query = new URLSearchParams({
    ...(isSocket(host) && { host, port: String(port) }),
    ...(mode !== undefined && { sslmode: mode }),
    ...(rootCertificate !== undefined && { sslrootcert: rootCertificate }),
  }).toString()
  const place = isSocket(host) ? '' : `${host.includes(':') ? `[${host}]` : host}:${port}`
  return `postgresql://${part(user)}${secret}@${place}/${part(database)}${query === '' ? '' : `?${query}`}`
}

/** The URL of a server on Amazon RDS, with the certificate checked; whoever uses it has RDS's authorities, or names them. */
export function verifiedUrl(address: Pick<Address, 'host' | 'port' | 'user' | 'database' | 'password'>): string {
  return urlOf({ ...address, tls: { mode: 'verify-full' }, connectTimeoutSeconds: 10 })
}

/** libpq does this unless told otherwise, and other drivers do not know it: the pg driver takes it for a demand. */
function saidMode({ mode }: Tls): string | undefined {
  return mode === 'prefer' ? undefined : mode
}

/** Writes the certificates, the only way that libpq takes them, until `remove`. */
function writeFiles(tls: Tls): { variables: Variables; folder: () => string; remove: () => void } {
  const texts: [variable: string, file: string, text: string | undefined][] = [
    ['PGSSLROOTCERT', 'root.pem', tls.authorities?.join('\n')],
    ['PGSSLCERT', 'certificate.pem', tls.certificate],
    ['PGSSLKEY', 'key.pem', tls.key],
  ]
  // Those that are not given must not come from the environment either.
  const variables: Variables = { PGSSLROOTCERT: undefined, PGSSLCERT: undefined, PGSSLKEY: undefined }
  let made: string | undefined
  const folder = () => (made ??= mkdtempSync(join(tmpdir(), 'pgrig-client-')))
  const remove = () => {
    if (made !== undefined) rmSync(made, { recursive: true, force: true })
  }
  try {
    for (const [variable, file, text] of texts) {
      if (text === undefined) continue
      const path = join(folder(), file)
      writeFileSync(path, text, { mode: 0o600 })
      variables[variable] = path
    }
  } catch (cause) {
    remove()
    const code = systemErrorCode(cause) ?? 'unknown error'
    throw new Failure(
      code === 'ENOSPC' ? 'disk_full' : 'file_unusable',
      `The certificates are needed in files, and they cannot be written in ${tmpdir()} (${code}).`,
      { cause, hint: 'Set TMPDIR to a folder that exists and that you may write into.' },
    )
  }
  return { variables, folder, remove }
}
