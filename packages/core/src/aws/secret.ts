import { Failure } from '../errors.ts'
import { explain } from './failure.ts'

/** Who logs in to a database. */
export interface DatabaseSecret {
  user: string
  password: string
}

export interface SecretOptions {
  /** Ask again, instead of returning what was read before: the server refused that, so it may have been rotated. */
  fresh?: boolean
  /** The URL of another service than Amazon's. */
  endpoint?: string
  timeoutSeconds?: number
}

const read = new Map<string, Promise<DatabaseSecret>>()

/**
 * Reads a secret of AWS Secrets Manager that is made as RDS makes it: JSON with `username` and `password`. What was read is kept
 * as long as the program runs. Throws `aws_not_found`, `aws_denied` and the like, and `config_invalid` for a secret of another kind.
 */
export async function readDatabaseSecret(arn: string, options: SecretOptions = {}): Promise<DatabaseSecret> {
  const key = `${options.endpoint ?? ''} ${arn}`
  const known = read.get(key)
  if (known && !options.fresh) return known
  // The promise is kept, so that two who ask at once are one request.
  const asked = ask(arn, options)
  read.set(key, asked)
  try {
    return await asked
  } catch (error) {
    if (read.get(key) === asked) read.delete(key)
    throw error
  }
}

async function ask(arn: string, { endpoint, timeoutSeconds = 5 }: SecretOptions): Promise<DatabaseSecret> {
  const region = /^arn:[\w-]+:secretsmanager:([\w-]+):\d+:secret:/.exec(arn)?.[1]
  if (region === undefined) {
    throw new Failure('config_invalid', `"${arn}" is not the ARN of a secret.`, {
      hint: 'It looks like this: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-abc123',
    })
  }
  // Loaded only here: most of what uses core never asks AWS.
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager')
  const client = new SecretsManagerClient({ region, ...(endpoint !== undefined && { endpoint }) })
  const abortSignal = AbortSignal.timeout(timeoutSeconds * 1000)
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }), { abortSignal })
    return parseSecret(SecretString, arn)
  } catch (error) {
    if (!abortSignal.aborted) throw explain(error, { service: 'secretsmanager', operation: 'GetSecretValue', region })
    throw new Failure('aws_unreachable', `AWS did not send the secret ${arn} within ${timeoutSeconds} seconds.`)
  } finally {
    client.destroy()
  }
}

/** Reads the text of a secret as RDS makes it. Throws `config_invalid`, without a word of the text. */
export function parseSecret(text: string | undefined, arn: string): DatabaseSecret {
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    // Neither the text nor the parser's error, which quotes it.
    throw unusable(arn)
  }
  const { username, password } = (value ?? {}) as { username?: unknown; password?: unknown }
  if (typeof username !== 'string' || username === '' || typeof password !== 'string' || password === '') {
    throw unusable(arn)
  }
  return { user: username, password }
}

function unusable(arn: string): Failure {
  return new Failure('config_invalid', `The secret ${arn} is not JSON with a username and a password.`)
}
