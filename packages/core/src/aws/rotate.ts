import { Failure } from '../errors.ts'
import type { RdsInstance } from './instances.ts'
import type { Aws, Clock } from './port.ts'
import { parseSecret } from './secret.ts'

/** The login of a master user, as its secret has it. */
export interface MasterLogin {
  user: string
  password: string
  /** Which version of the secret it is. */
  version: string
  /** When that version was made. */
  madeAt: Date
}

export interface RotationWatch {
  clock: Clock
  signal?: AbortSignal
  /** Default: five minutes. */
  timeoutSeconds?: number
}

/** The secret that RDS manages for a master user. Throws `aws_state` with what to do where there is none, or it cannot be rotated. */
export function readMasterSecretArn({ name, kind, source, masterSecretArn, masterUser, status }: RdsInstance): string {
  const refuse = (message: string, hint: string) =>
    new Failure('aws_state', message, { hint, state: 'Nothing was changed.' })
  if (kind === 'member')
    throw refuse(`${name} belongs to the cluster ${source}, which has the password.`, `Name that: ${source}.`)
  if (kind === 'replica')
    throw refuse(`${name} is a replica of ${source}, and has its roles from there.`, `Name that: ${source}.`)
  if (masterSecretArn === null) {
    throw refuse(
      `RDS does not manage the password of ${masterUser}, the master user of ${name}.`,
      `As any other role it gets a new one from: pgrig roles rotate ${masterUser}. A master user that logs in by IAM has none.`,
    )
  }
  if (status !== 'available') throw refuse(`${name} is ${status}.`, `See how it is: pgrig rds status ${name}.`)
  return masterSecretArn
}

/** Reads the newest version of a master user's secret. Throws `aws_not_found`, `aws_denied`, `config_invalid`. */
async function readMasterLogin(aws: Aws, secretArn: string): Promise<MasterLogin> {
  const { SecretString, VersionId, CreatedDate } = await aws.call('secretsmanager', 'GetSecretValue', {
    SecretId: secretArn,
  })
  return {
    ...parseSecret(SecretString, secretArn),
    version: VersionId ?? '',
    madeAt: CreatedDate ?? new Date(0),
  }
}

/**
 * Has RDS make a new password for the master user, and waits for the version of the secret that holds it. Whether the server takes it
 * is for the caller to find out. What is interrupted goes on at RDS.
 *
 * @throws `aws_state` where it cannot be rotated, or no new version is there in time; `aws_denied` before anything is changed.
 */
export async function rotateMasterPassword(
  aws: Aws,
  instance: RdsInstance,
  { clock, signal, timeoutSeconds = 300 }: RotationWatch,
): Promise<MasterLogin> {
  const arn = readMasterSecretArn(instance)
  // First, so that whoever may not read the secret changes nothing.
  const before = await readMasterLogin(aws, arn)
  const change = { RotateMasterUserPassword: true, ApplyImmediately: true }
  await (instance.kind === 'cluster'
    ? aws.call('rds', 'ModifyDBCluster', { DBClusterIdentifier: instance.name, ...change })
    : aws.call('rds', 'ModifyDBInstance', { DBInstanceIdentifier: instance.name, ...change }))
  const started = clock.now()
  for (;;) {
    signal?.throwIfAborted()
    const now = await readMasterLogin(aws, arn)
    if (now.version !== before.version) return now
    if (clock.now() - started > timeoutSeconds * 1000) {
      throw new Failure('aws_state', `RDS has made no new version of ${arn} within ${timeoutSeconds} seconds.`, {
        state: 'RDS was asked for it, and the password that was is in use until then.',
        hint: `See what RDS says of it: pgrig rds status ${instance.name}.`,
      })
    }
    await clock.sleep(3000, signal)
  }
}
