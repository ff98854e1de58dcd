import type { RdsInstance, WatchOptions } from '@pgrig/core'
import type { Tools } from './command.ts'
import { timeText } from './copies-view.ts'
import type { Screen } from './screen.ts'

/** What looking for an instance by its name asks. */
export const lookActions = ['rds:DescribeDBInstances', 'rds:DescribeDBClusters'] as const

/** What waiting for one asks. */
export const watchActions = [...lookActions, 'rds:DescribeEvents'] as const

/** Waiting, with what RDS tells meanwhile as lines that stay. */
export function watchOptions(tools: Tools): WatchOptions {
  return { clock: tools.clock, signal: tools.signal, progress: (line) => tools.note(`  ${line}`) }
}

/** `cruddur-db.….rds.amazonaws.com:5432`, or nothing while there is none. */
export function endpointOf({ host, port }: RdsInstance): string | undefined {
  return host === null ? undefined : `${host}:${port ?? 5432}`
}

/** `instance`, `replica of cruddur-db`, `cluster` … */
export function kindText({ kind, source }: RdsInstance): string {
  if (kind === 'replica') return `replica of ${source}`
  return kind === 'member' ? `member of ${source}` : kind
}

/** One instance or cluster, field by field. */
export function showInstance(instance: RdsInstance, screen: Screen): void {
  const { startsAgainAt, restorableUntil, tags } = instance
  const own = Object.entries(tags).map(([key, value]) => `${key}=${value}`)
  screen.list({
    name: instance.name,
    is: kindText(instance),
    status: instance.status,
    engine: `${instance.engine} ${instance.version}`,
    class: instance.class ?? undefined,
    endpoint: endpointOf(instance) ?? 'none yet',
    reader: instance.readerHost ?? undefined,
    database: instance.database ?? undefined,
    'master user': `${instance.masterUser}, ${masterLogin(instance)}`,
    'login by IAM': yesNo(instance.iamAuthentication),
    public: yesNo(instance.publiclyAccessible),
    encrypted: yesNo(instance.encrypted),
    'two zones': yesNo(instance.multiAz),
    'deletion protection': yesNo(instance.deletionProtection),
    backups:
      instance.backupDays === 0
        ? 'none'
        : `${instance.backupDays} days${restorableUntil === null ? '' : `, up to ${timeText(restorableUntil)}`}`,
    storage: `${instance.storageGib} GiB`,
    replicas: instance.replicas.length === 0 ? undefined : instance.replicas.join(', '),
    'starts again': startsAgainAt === null ? undefined : `${timeText(startsAgainAt)}, by RDS`,
    tags: own.length === 0 ? undefined : own.join(', '),
  })
}

function masterLogin({ masterSecretArn, tags }: RdsInstance): string {
  if (masterSecretArn !== null) return 'its password managed by RDS'
  return tags['pgrig:master-login'] === 'iam' ? 'by IAM alone' : 'with a password that somebody made'
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}
