import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
  /** Settings of the session: `default_transaction_read_only` … */
  settings: Readonly<Record<string, string>>
  /** What the prompt begins with, and how it is coloured: parameters of the terminal's SGR sequence, as `1;31`. */
  prompt: { readonly text: string; readonly colour: string | undefined }
  /** Ends psql too. */
  signal: AbortSignal
}

/**
 * Hands the terminal over to psql, and returns its exit code. All of the address, and so the password, goes through the
 * environment: arguments can be read by every user of the machine.
 */
export async function runPsql(address: Address, options: PsqlOptions): Promise<number> {
  options.signal.throwIfAborted()
  const files = writeFiles(address.tls, startUpFile(options))
  try {
    const env = { ...psqlVariables(address, options), ...files.variables }
    const { spawn } = await import('node:child_process')
    const child = spawn(options.psql, options.args, { stdio: 'inherit', env })
    const stop = () => {
      // Now and not only at the end: a second signal ends us without waiting for anything.
      files.remove()
      child.kill('SIGTERM')
    }
    options.signal.addEventListener('abort', stop, { once: true })
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? osConstants.signals[signal] : 0)))
    })
  } finally {
    files.remove()
  }
}

function psqlVariables(address: Address, options: PsqlOptions): Variables {
  const settings = Object.entries(options.settings).map(([name, value]) => `-c ${name}=${value}`)
  const sessionOptions = [...(address.options === undefined ? [] : [address.options]), ...settings]
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

/** What psql runs when it starts: the user's own start-up file, then our prompt. A variable on the command line would lose to it. */
function startUpFile({ variables, prompt }: PsqlOptions): string {
  const own = variables.PSQLRC ?? (variables.HOME === undefined ? undefined : join(variables.HOME, '.psqlrc'))
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
  // A % is psql's own in a prompt.
  const text = prompt.text.replaceAll('%', '%%')
  const shown = prompt.colour === undefined ? text : `%[%033[${prompt.colour}m%]${text}%[%033[0m%]`
  return [
    ...(own !== undefined && existsSync(own) ? [`\\i ${quoted(own)}`] : []),
    `\\set PROMPT1 ${quoted(`${shown} %/%R%x%# `)}`,
    `\\set PROMPT2 ${quoted(`${shown} %/%R%x%# `)}`,
    '',
  ].join('\n')
}

/** Writes the certificates and the start-up file, the only way that psql takes them, until `remove`. */
function writeFiles(tls: Tls, startUp: string): { variables: Variables; remove: () => void } {
  const texts: [variable: string, file: string, text: string | undefined][] = [
    ['PGSSLROOTCERT', 'root.pem', tls.authorities?.join('\n')],
    ['PGSSLCERT', 'certificate.pem', tls.certificate],
    ['PGSSLKEY', 'key.pem', tls.key],
  ]
  // Those that are not given must not come from the environment either.
  const variables: Variables = { PGSSLROOTCERT: undefined, PGSSLCERT: undefined, PGSSLKEY: undefined }
  let folder: string | undefined
  const remove = () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  }
  try {
    for (const [variable, file, text] of texts) {
      if (text === undefined) continue
      folder ??= mkdtempSync(join(tmpdir(), 'pgrig-psql-'))
      variables[variable] = join(folder, file)
      writeFileSync(variables[variable], text, { mode: 0o600 })
    }
  } catch (cause) {
    remove()
    const code = systemErrorCode(cause) ?? 'unknown error'
    throw new Failure(
      code === 'ENOSPC' ? 'disk_full' : 'file_unusable',
      `psql needs the certificates in files, and they cannot be written in ${tmpdir()} (${code}).`,
      { cause, hint: 'Set TMPDIR to a folder that exists and that you may write into.' },
    )
  }
  try {
    folder ??= mkdtempSync(join(tmpdir(), 'pgrig-psql-'))
    variables.PSQLRC = join(folder, 'psqlrc')
    writeFileSync(variables.PSQLRC, startUp, { mode: 0o600 })
  } catch {
    // The prompt is then the user's own.
    delete variables.PSQLRC
  }
  return { variables, remove }
}
