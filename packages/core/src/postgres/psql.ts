import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { constants as osConstants, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Failure, systemErrorCode } from '../errors.ts'
import type { Address, Tls } from './address.ts'

/** Variables of the environment; undefined: not set. */
export type Variables = Record<string, string | undefined>

/** Finds psql in the folders of PATH. */
export async function findPsql(variables: Variables): Promise<string | undefined> {
  for (const folder of (variables.PATH ?? '').split(delimiter)) {
    const path = join(folder || '.', 'psql')
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (runs) return path
  }
  return undefined
}

export interface PsqlOptions {
  psql: string
  /** More arguments for psql. */
  args: readonly string[]
  /** The environment that psql gets, before the address is put into it. */
  variables: Variables
  application: string
  readOnly: boolean
  /** Ends psql too. */
  signal: AbortSignal
}

/**
 * Hands the terminal over to psql, and returns its exit code. All of the address, and so the password, goes through the
 * environment: arguments can be read by every user of the machine.
 */
export async function runPsql(address: Address, options: PsqlOptions): Promise<number> {
  options.signal.throwIfAborted()
  const certificates = writeCertificates(address.tls)
  try {
    const env = { ...psqlVariables(address, options), ...certificates.variables }
    const { spawn } = await import('node:child_process')
    const child = spawn(options.psql, options.args, { stdio: 'inherit', env })
    const stop = () => {
      // Now and not only at the end: a second signal ends us without waiting for anything.
      certificates.remove()
      child.kill('SIGTERM')
    }
    options.signal.addEventListener('abort', stop, { once: true })
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0)))
    })
  } finally {
    certificates.remove()
  }
}

function psqlVariables(address: Address, options: PsqlOptions): Variables {
  const sessionOptions = [address.options, options.readOnly ? '-c default_transaction_read_only=on' : undefined].filter(
    Boolean,
  )
  return {
    ...options.variables,
    // These would change where psql connects to.
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
    PGSSLMODE: address.tls.mode,
  }
}

/** Writes the certificates into files, the only way that psql takes them, until `remove`. */
function writeCertificates(tls: Tls): { variables: Variables; remove: () => void } {
  const texts = {
    PGSSLROOTCERT: tls.authorities?.join('\n'),
    PGSSLCERT: tls.certificate,
    PGSSLKEY: tls.key,
  }
  // Those that are not given must not come from the environment either.
  const variables: Variables = { PGSSLROOTCERT: undefined, PGSSLCERT: undefined, PGSSLKEY: undefined }
  let folder: string | undefined
  const remove = () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const [variable, text] of Object.entries(texts)) {
      if (text === undefined) continue
      folder ??= mkdtempSync(join(tmpdir(), 'pgrig-psql-'))
      variables[variable] = join(folder, `${variable}.pem`)
      writeFileSync(variables[variable], text, { mode: 0o600 })
    }
    return { variables, remove }
  } catch (cause) {
    remove()
    const code = systemErrorCode(cause) ?? 'unknown error'
    throw new Failure(
      code === 'ENOSPC' ? 'disk_full' : 'file_unusable',
      `psql needs the certificates in files, and they cannot be written in ${tmpdir()} (${code}).`,
      { cause, hint: 'Set TMPDIR to a folder that exists and that you may write into.' },
    )
  }
}
