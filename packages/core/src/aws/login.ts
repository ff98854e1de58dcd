import { Failure } from '../errors.ts'
import { readRdsInstance, type RdsInstance } from './instances.ts'
import type { Aws } from './port.ts'
import { parseSecret } from './secret.ts'

/** How to log in to an instance. */
export interface LoginWish {
  /** Default: whom the secret names, or the master user. */
  user?: string
  /** Default: `secret` where there is one, else `iam`. */
  login?: 'secret' | 'iam'
  /** The name or ARN of a secret. Default: the one that RDS manages for the master user. */
  secret?: string
  /** The endpoint of a cluster for reading. */
  reader?: boolean
}

export interface Login {
  host: string
  port: number
  user: string
  database?: string
  /** For people to read. */
  passwordOrigin: string
  /** The password or token, asked for now; `fresh`: what was given before was refused. */
  findPassword(fresh: boolean): Promise<string>
}

/**
 * Finds where an instance is and how to log in there. A token is made for each connection, a secret is read again when the server
 * has refused what it held before: RDS changes it every week.
 *
 * @throws `aws_not_found`, `aws_state` where it has no endpoint or is stopped, `config_invalid`.
 */
export async function findLogin(aws: Aws, name: string, wish: LoginWish = {}): Promise<Login> {
  const instance = await readRdsInstance(aws, name)
  const { host, port } = endpointOf(instance, wish.reader === true)
  const secretId =
    wish.secret ?? (wish.user === undefined || wish.user === instance.masterUser ? instance.masterSecretArn : null)
  const place = { host, port, ...(instance.database !== null && { database: instance.database }) }
  if (wish.login !== 'iam' && secretId !== null) {
    const first = await readSecret(aws, secretId)
    if (wish.user !== undefined && wish.user !== first.user) {
      throw new Failure('config_invalid', `The secret ${secretId} is of ${first.user}, not of ${wish.user}.`)
    }
    let last = first.password
    return {
      ...place,
      user: first.user,
      passwordOrigin: 'AWS Secrets Manager',
      async findPassword(fresh) {
        if (fresh) last = (await readSecret(aws, secretId)).password
        return last
      },
    }
  }
  if (wish.login === 'secret') {
    throw new Failure('config_invalid', `No secret is known for ${wish.user ?? instance.masterUser} of ${name}.`, {
      hint: 'Name one with "secret" in pgrig.json, or let it log in with "login": "iam".',
    })
  }
  if (!instance.iamAuthentication) {
    throw new Failure('aws_state', `${name} has no secret that is known, and login by IAM is switched off.`, {
      hint: 'Give its URL and password in the environment, or name a secret with "secret" in pgrig.json.',
    })
  }
  const user = wish.user ?? instance.masterUser
  return { ...place, user, passwordOrigin: 'a token of IAM', findPassword: () => aws.authToken({ host, port, user }) }
}

function endpointOf(instance: RdsInstance, reader: boolean): { host: string; port: number } {
  const { name, status, port, startsAgainAt } = instance
  const host = reader ? (instance.readerHost ?? (instance.kind === 'replica' ? instance.host : null)) : instance.host
  if (status === 'stopped' || status === 'stopping') {
    const again = startsAgainAt === null ? '' : ` RDS starts it by itself at ${startsAgainAt}.`
    throw new Failure('aws_state', `${name} is ${status}.${again}`, { hint: `Start it: pgrig rds start ${name}.` })
  }
  if (host === null || port === null) {
    const why =
      reader && instance.host !== null ? 'has no endpoint for reading' : `has no endpoint yet: it is ${status}`
    throw new Failure('aws_state', `${name} ${why}.`, { hint: `See how it is: pgrig rds status ${name}.` })
  }
  return { host, port }
}

async function readSecret(aws: Aws, id: string) {
  const { SecretString } = await aws.call('secretsmanager', 'GetSecretValue', { SecretId: id })
  return parseSecret(SecretString, id)
}
