import { Failure } from '../errors.ts'
import { explain } from './failure.ts'

export interface RdsLogin {
  /** The endpoint of the instance, the cluster or the proxy itself: a token for another name of it is refused. */
  host: string
  port: number
  /** A role of the database that is a member of `rds_iam`. */
  user: string
  /** Where the host's name does not say it. */
  region?: string
  /** A profile of `~/.aws/config`. Default: `AWS_PROFILE`. */
  profile?: string
}

/**
 * Makes a token that takes the place of a password at Amazon RDS. It is good for beginning a session, for 15 minutes. It is signed
 * here and nobody is asked, so that a missing `rds-db:connect` shows first when it is used. Throws `aws_credentials` without credentials.
 */
export async function rdsAuthToken({ host, port, user, region = regionOf(host), profile }: RdsLogin): Promise<string> {
  if (region === undefined) {
    throw new Failure('config_invalid', `The name ${host} does not say in which region of AWS it is.`, {
      hint: 'A token holds for the endpoint that RDS gave: use that name, or say the region.',
    })
  }
  // Loaded only here: most of what uses core never signs anything.
  const { Signer } = await import('@aws-sdk/rds-signer')
  try {
    return await new Signer({
      hostname: host,
      port,
      username: user,
      region,
      ...(profile !== undefined && { profile }),
    }).getAuthToken()
  } catch (error) {
    throw explain(error, { service: 'rds-db', operation: 'connect', region })
  }
}

/** `name.id.eu-central-1.rds.amazonaws.com`; in China `name.id.rds.cn-north-1.amazonaws.com.cn`. */
function regionOf(host: string): string | undefined {
  const [, before, after] = /\.(?:([a-z\d-]+)\.rds|rds\.([a-z\d-]+))\.amazonaws\.com(?:\.cn)?\.?$/i.exec(host) ?? []
  return (after ?? before)?.toLowerCase()
}
