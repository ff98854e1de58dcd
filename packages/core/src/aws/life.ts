import { Failure } from '../errors.ts'
import { orMissing, readRdsInstance, type RdsInstance } from './instances.ts'
import type { Aws, Clock } from './port.ts'
import { watchInstance, type WatchOptions } from './watch.ts'

/** What stands in the way of stopping an instance, in sentences. */
export function findStopHindrances(instance: RdsInstance): string[] {
  const { name, kind, replicas, source, status } = instance
  return [
    ...(kind === 'member' ? [`${name} belongs to the cluster ${source}, which is stopped as a whole.`] : []),
    ...(kind === 'replica' ? [`${name} is a read replica of ${source}, and RDS stops no replica.`] : []),
    ...(kind === 'instance' && replicas.length > 0
      ? [`${name} has read replicas (${replicas.join(', ')}), and RDS does not stop what has.`]
      : []),
    ...(status === 'available' ? [] : [`${name} is ${status}; only what is available can be stopped.`]),
  ]
}

/** Asks RDS to stop an instance or cluster. Throws `aws_state` where it would refuse. */
export async function stopInstance(aws: Aws, instance: RdsInstance): Promise<void> {
  const hindrances = findStopHindrances(instance)
  if (hindrances.length > 0) throw new Failure('aws_state', hindrances.join(' '), { state: 'Nothing was changed.' })
  await (instance.kind === 'cluster'
    ? aws.call('rds', 'StopDBCluster', { DBClusterIdentifier: instance.name })
    : aws.call('rds', 'StopDBInstance', { DBInstanceIdentifier: instance.name }))
}

/** Asks RDS to start an instance or cluster. Throws `aws_state` where there is nothing to start. */
export async function startInstance(aws: Aws, instance: RdsInstance): Promise<void> {
  if (instance.status !== 'stopped') {
    throw new Failure('aws_state', `${instance.name} is ${instance.status}, not stopped.`, {
      state: 'Nothing was changed.',
    })
  }
  await (instance.kind === 'cluster'
    ? aws.call('rds', 'StartDBCluster', { DBClusterIdentifier: instance.name })
    : aws.call('rds', 'StartDBInstance', { DBInstanceIdentifier: instance.name }))
}

/** Waits until an instance is in a state. Resolves with it. */
export async function waitForStatus(
  aws: Aws,
  name: string,
  status: string,
  options: WatchOptions,
): Promise<RdsInstance> {
  await watchInstance(aws, name, (instance) => instance?.status === status, options)
  return readRdsInstance(aws, name)
}

/** What deleting an instance takes along, and what it leaves. */
export interface DeletionPlan {
  instance: RdsInstance
  /** Sentences: what makes RDS refuse it. */
  hindrances: string[]
  /** Undefined where none is to be made. */
  finalSnapshot: string | undefined
  keepAutomatedBackups: boolean
  /** What is gone with it, besides the data. */
  goes: string[]
  /** What pgrig made beside it, and nobody else uses. */
  leftOver: LeftOver[]
}

export interface LeftOver {
  kind: 'security group' | 'subnet group' | 'parameter group'
  name: string
  id: string
}

export interface DeletionRequest {
  skipFinalSnapshot: boolean
  keepAutomatedBackups: boolean
  /** Takes the protection off first. */
  unprotect: boolean
  now: Date
}

/** Looks at what deleting an instance would do. Changes nothing. */
export async function planDeletion(aws: Aws, name: string, request: DeletionRequest): Promise<DeletionPlan> {
  const instance = await readRdsInstance(aws, name)
  const { kind, status, deletionProtection, replicas } = instance
  if (kind === 'cluster' || kind === 'member') {
    throw new Failure(
      'aws_state',
      `${name} is ${kind === 'cluster' ? 'a cluster' : `a member of the cluster ${instance.source}`}, and pgrig deletes instances.`,
      {
        hint: 'Delete it with the console or aws rds delete-db-cluster, when you are sure.',
        state: 'Nothing was changed.',
      },
    )
  }
  const snapshots = !request.skipFinalSnapshot && kind === 'instance'
  return {
    instance,
    hindrances: [
      ...(deletionProtection && !request.unprotect
        ? ['It is protected from deletion: --unprotect takes that off first.']
        : []),
      ...(status === 'deleting' ? ['It is being deleted already.'] : []),
      ...(snapshots && status !== 'available' && status !== 'deleting'
        ? [
            `It is ${status}, and RDS makes a final snapshot of what is available: wait, start it, or give --skip-final-snapshot.`,
          ]
        : []),
    ],
    finalSnapshot: snapshots ? `${name}-final-${stamp(request.now)}` : undefined,
    keepAutomatedBackups: request.keepAutomatedBackups,
    goes: [
      ...(instance.masterSecretArn === null
        ? []
        : [
            'The master password in Secrets Manager goes with it: a snapshot has no password, and what is restored from one gets a new one.',
          ]),
      ...(request.keepAutomatedBackups || instance.backupDays === 0
        ? []
        : [
            `Its automated backups of ${instance.backupDays} days go with it: --keep-automated-backups keeps them until they expire.`,
          ]),
      ...(replicas.length > 0
        ? [`Its read replicas stay, each as an instance of its own: ${replicas.join(', ')}.`]
        : []),
    ],
    leftOver: await findLeftOver(aws, instance),
  }
}

/** The groups that carry pgrig's name and belong to this instance alone. */
async function findLeftOver(
  aws: Aws,
  { name, securityGroups, subnetGroup, parameterGroups }: RdsInstance,
): Promise<LeftOver[]> {
  const own = `pgrig-${name}`
  const found: LeftOver[] = []
  if (securityGroups.length > 0) {
    const { SecurityGroups = [] } = await aws.call('ec2', 'DescribeSecurityGroups', { GroupIds: securityGroups })
    for (const { GroupName, GroupId } of SecurityGroups) {
      if (GroupName === own && GroupId !== undefined) found.push({ kind: 'security group', name: own, id: GroupId })
    }
  }
  if (subnetGroup === own) found.push({ kind: 'subnet group', name: own, id: own })
  for (const group of parameterGroups) {
    if (group.startsWith(`${own}-`)) found.push({ kind: 'parameter group', name: group, id: group })
  }
  return found
}

/** Does what a plan says, up to the call that deletes; does not wait. Throws `aws_state` where RDS would refuse. */
export async function deleteInstance(
  aws: Aws,
  plan: DeletionPlan,
  options: WatchOptions & { clock: Clock },
): Promise<void> {
  const { instance, hindrances, finalSnapshot, keepAutomatedBackups } = plan
  const { name } = instance
  if (hindrances.length > 0)
    throw new Failure('aws_state', `${name} cannot be deleted. ${hindrances.join(' ')}`, {
      state: 'Nothing was changed.',
    })
  if (instance.deletionProtection) {
    await aws.call('rds', 'ModifyDBInstance', {
      DBInstanceIdentifier: name,
      DeletionProtection: false,
      ApplyImmediately: true,
    })
    await watchInstance(
      aws,
      name,
      (now) => now?.deletionProtection === false && now.status === instance.status,
      options,
    )
  }
  try {
    await aws.call('rds', 'DeleteDBInstance', {
      DBInstanceIdentifier: name,
      DeleteAutomatedBackups: !keepAutomatedBackups,
      ...(finalSnapshot === undefined
        ? { SkipFinalSnapshot: true }
        : { SkipFinalSnapshot: false, FinalDBSnapshotIdentifier: finalSnapshot }),
    })
  } catch (error) {
    if (!(error instanceof Failure) || !instance.deletionProtection) throw error
    throw error.with({ state: await protectAgain(aws, name) })
  }
}

async function protectAgain(aws: Aws, name: string): Promise<string> {
  try {
    await aws.call('rds', 'ModifyDBInstance', {
      DBInstanceIdentifier: name,
      DeletionProtection: true,
      ApplyImmediately: true,
    })
    return 'Nothing was deleted, and it is protected again.'
  } catch {
    return `Nothing was deleted, and ${name} is without protection now: it could not be put on again.`
  }
}

/** Waits until an instance is gone, and deletes what pgrig made beside it. Returns what would not go. */
export async function finishDeletion(
  aws: Aws,
  { instance, leftOver }: DeletionPlan,
  extras: boolean,
  options: WatchOptions,
): Promise<LeftOver[]> {
  await watchInstance(aws, instance.name, (now) => now === undefined, options)
  if (!extras) return leftOver
  const kept: LeftOver[] = []
  for (const one of leftOver) {
    try {
      await orMissing(deleteLeftOver(aws, one))
    } catch {
      kept.push(one)
    }
  }
  return kept
}

function deleteLeftOver(aws: Aws, { kind, id }: LeftOver): Promise<unknown> {
  if (kind === 'security group') return aws.call('ec2', 'DeleteSecurityGroup', { GroupId: id })
  if (kind === 'subnet group') return aws.call('rds', 'DeleteDBSubnetGroup', { DBSubnetGroupName: id })
  return aws.call('rds', 'DeleteDBParameterGroup', { DBParameterGroupName: id })
}

/** `20261124-093005`, in UTC: what a snapshot may be called. */
function stamp(now: Date): string {
  return now
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:]/g, '')
    .replace('T', '-')
}
