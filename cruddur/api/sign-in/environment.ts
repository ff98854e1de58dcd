import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '@pgrig/core'
import type { CognitoSettings } from './settings.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** What the environment says of the sign-in. */
export interface SignInEnvironment {
  /** Undefined where people sign in with the provider of a laptop. */
  cognito: CognitoSettings | undefined
  /** The first seals, all open. Empty where nobody said. */
  secrets: string[]
}

const shortestSecret = 32

/**
 * Reads the variables of the sign-in. `productionSigns` are what speaks for production; then all of them have to be there. Throws
 * `config_invalid`, which names the variables and never shows a secret.
 */
export function readSignInEnvironment(
  variables: Variables,
  publicUrl: URL | undefined,
  productionSigns: readonly string[],
): SignInEnvironment {
  const cognito = readCognito(variables)
  const secrets = readSecrets(variables['SESSION_SECRET'])
  if (productionSigns.length > 0) refuseIncomplete({ cognito, secrets }, publicUrl, productionSigns)
  // Cookies that are not Secure are for this machine alone.
  if (publicUrl?.protocol === 'http:' && !isThisMachine(publicUrl.hostname))
    throw invalid(`PUBLIC_URL has to begin with https:// where it is not this machine: ${publicUrl.origin}.`)
  return { cognito, secrets }
}

/** Whether a name is one that browsers on this machine alone know it by. */
export function isThisMachine(hostname: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]', '::1'].includes(hostname)
}

/** What says that this is production: the environment, and what speaks for it of the database. */
export function listProductionSigns(variables: Variables, databaseSigns: readonly string[]): string[] {
  return [...(variables['NODE_ENV'] === 'production' ? ['NODE_ENV is production'] : []), ...databaseSigns]
}

/** Makes the folder of what a laptop keeps. Nothing in it is for the repository. */
export async function makeOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(join(folder, '.gitignore'), '*\n')
}

/** The secret of a laptop: made once, and kept where only its owner may read it. */
export async function keepSecret(folder: string): Promise<string> {
  const file = join(folder, 'session-secret')
  await makeOwnFolder(folder)
  const aside = join(folder, `session-secret-${randomUUID()}`)
  await writeFile(aside, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  try {
    // Whoever is first makes it, and nobody finds it half written.
    await link(aside, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    await unlink(aside)
  }
  return (await readFile(file, 'utf8')).trim()
}

function readCognito(variables: Variables): CognitoSettings | undefined {
  const userPoolId = variables['COGNITO_USER_POOL_ID'] || undefined
  const clientId = variables['COGNITO_CLIENT_ID'] || undefined
  const clientSecret = variables['COGNITO_CLIENT_SECRET'] || undefined
  if (userPoolId === undefined && clientId === undefined && clientSecret === undefined) return undefined
  if (userPoolId === undefined || clientId === undefined) {
    const missing = userPoolId === undefined ? 'COGNITO_USER_POOL_ID' : 'COGNITO_CLIENT_ID'
    throw invalid(`${missing} is not set, and another variable of Cognito is.`, 'Set both, or none to sign in locally.')
  }
  // The part before the underscore is the region.
  if (!/^[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]{1,55}$/.test(userPoolId))
    throw invalid(`COGNITO_USER_POOL_ID is an id like eu-central-1_AbCdEf123, not "${userPoolId}".`)
  if (!/^[\w+]{1,128}$/.test(clientId))
    throw invalid('COGNITO_CLIENT_ID is the id of an app client: letters and digits, without spaces.')
  return { kind: 'cognito', userPoolId, clientId, clientSecret }
}

function readSecrets(text = ''): string[] {
  const secrets = text.split(/[\s,]+/).filter((secret) => secret !== '')
  const short = secrets.findIndex(({ length }) => length < shortestSecret)
  if (short >= 0) {
    const which = secrets.length === 1 ? 'SESSION_SECRET' : `Secret ${short + 1} of SESSION_SECRET`
    throw invalid(`${which} has less than ${shortestSecret} characters.`, 'Make one: openssl rand -base64 32')
  }
  return secrets
}

function refuseIncomplete(
  { cognito, secrets }: SignInEnvironment,
  publicUrl: URL | undefined,
  signs: readonly string[],
): void {
  const missing = [
    ...(cognito ? [] : ['COGNITO_USER_POOL_ID and COGNITO_CLIENT_ID (people sign in with Amazon Cognito)']),
    ...(publicUrl ? [] : ['PUBLIC_URL (where browsers find it, as https://cruddur.example)']),
    ...(secrets.length > 0 ? [] : ['SESSION_SECRET (seals what is kept of sessions: openssl rand -base64 32)']),
  ]
  if (missing.length > 0) {
    throw invalid(`This is production (${signs.join(', ')}), and something is not set.`, `Set ${missing.join('; ')}.`)
  }
  if (publicUrl?.protocol !== 'https:')
    throw invalid(`This is production (${signs.join(', ')}), and PUBLIC_URL does not begin with https://.`)
}

function invalid(sentence: string, hint?: string): Failure {
  return new Failure('config_invalid', sentence, hint === undefined ? {} : { hint })
}
