import { spawn } from 'node:child_process'
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { constants as osConstants, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Address } from './address.ts'

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
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-psql-'))
  try {
    const env = await psqlVariables(address, options, folder)
    const child = spawn(options.psql, options.args, { stdio: 'inherit', env })
    options.signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true })
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0)))
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function psqlVariables(address: Address, options: PsqlOptions, folder: string): Promise<Variables> {
  const { tls } = address
  const file = async (name: string, text: string) => {
    const path = join(folder, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
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
    PGSSLMODE: tls.mode,
    PGSSLROOTCERT: tls.authorities && (await file('authorities.pem', tls.authorities.join('\n'))),
    PGSSLCERT: tls.certificate && (await file('certificate.pem', tls.certificate)),
    PGSSLKEY: tls.key && (await file('key.pem', tls.key)),
  }
}
