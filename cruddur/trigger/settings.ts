import { rdsAuthToken, rdsClientConfig, readDatabaseSecret, type RdsAddress } from '@pgrig/core'
import type { ClientConfig } from 'pg'

/** How to log in: `fresh` after the server has refused what was used last. */
export type Login = (fresh: boolean) => Promise<ClientConfig>

type Variables = Readonly<Record<string, string | undefined>>

const secretSeconds = 1.5

/**
 * Reads where the database is, and how to log in, from the environment of the function. A password stands only in a secret.
 * Throws where something is missing or contradicts itself.
 */
export function readLogin(variables: Variables): Login {
  const address = readAddress(variables)
  const arn = variables['DATABASE_SECRET_ARN']
  const endpoint = variables['AWS_ENDPOINT_URL_SECRETS_MANAGER']
  const iam = variables['DATABASE_IAM'] === 'true'
  if (iam === Boolean(arn)) throw new Error('Set one of DATABASE_SECRET_ARN and DATABASE_IAM=true')
  return async (fresh) => {
    const { user, password } = iam
      ? { user: address.user, password: () => rdsAuthToken(address) }
      : await readSecret(arn ?? '', { fresh, ...(endpoint && { endpoint }) })
    const config = await rdsClientConfig({ ...address, user }, password)
    // Only on a developer's machine: elsewhere nothing takes TLS away.
    return isThisMachine(address.host) ? { ...config, ssl: false } : config
  }
}

async function readSecret(arn: string, options: { fresh: boolean; endpoint?: string }) {
  const { user, password } = await readDatabaseSecret(arn, { ...options, timeoutSeconds: secretSeconds })
  return { user, password: () => password }
}

function readAddress(variables: Variables): RdsAddress {
  const url = variables['DATABASE_URL']
  if (url) return readUrl(url)
  const host = variables['DATABASE_HOST']
  if (!host) throw new Error('Set DATABASE_URL, without a password, or DATABASE_HOST')
  return {
    host,
    port: Number(variables['DATABASE_PORT'] || 5432),
    database: variables['DATABASE_NAME'] || 'cruddur',
    user: variables['DATABASE_USER'] || 'cruddur_trigger',
  }
}

function readUrl(text: string): RdsAddress {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    // The parser's error would quote it.
    throw new Error('DATABASE_URL cannot be read')
  }
  if (url.password !== '') throw new Error('DATABASE_URL holds a password: put it into a secret of Secrets Manager')
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)) || 'cruddur',
    user: decodeURIComponent(url.username) || 'cruddur_trigger',
  }
}

function isThisMachine(host: string): boolean {
  return ['localhost', '127.0.0.1', '::1', '[::1]'].includes(host)
}
