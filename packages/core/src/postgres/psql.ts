import { existsSync, writeFileSync } from 'node:fs'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Address } from './address.ts'
import { runWithVariables, type Variables } from './client-environment.ts'

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
  return runWithVariables(address, {
    ...options,
    command: options.psql,
    also: (folder) => writeStartUp(folder, startUpFile(options)),
  })
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

/** Writes psql's start-up file beside the certificates. Where it cannot be, the prompt is the user's own. */
function writeStartUp(folder: () => string, text: string): Variables {
  try {
    const file = join(folder(), 'psqlrc')
    writeFileSync(file, text, { mode: 0o600 })
    return { PSQLRC: file }
  } catch {
    return {}
  }
}
