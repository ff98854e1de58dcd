import type { DBCluster, DBInstance } from '@aws-sdk/client-rds'
import { Failure } from '../errors.ts'
import type { Aws } from './port.ts'

/** What a name stands for on RDS. A cluster's members and replicas are instances too, and never taken for it. */
type RdsKind = 'instance' | 'replica' | 'cluster' | 'member'

/** A database server on RDS, as far as commands need it. */
export interface RdsInstance {
  name: string
  kind: RdsKind
  /** `postgres`, `aurora-postgresql`, or another engine, which pgrig lists and does not touch. */
  engine: string
  version: string
  /** `db.t4g.micro`; a cluster of Aurora has none. */
  class: string | null
  /** RDS's word: `available`, `creating`, `stopped` … */
  status: string
  /** Null while it is being made. */
  host: string | null
  port: number | null
  /** Of a cluster: where reads go. */
  readerHost: string | null
  /** What `CREATE DATABASE` was told at the start; RDS calls it DBName. */
  database: string | null
  masterUser: string
  /** The secret that RDS manages for the master user. */
  masterSecretArn: string | null
  iamAuthentication: boolean
  publiclyAccessible: boolean
  encrypted: boolean
  multiAz: boolean
  deletionProtection: boolean
  backupDays: number
  /** The newest moment that can be restored, as ISO 8601. */
  restorableUntil: string | null
  storageGib: number
  /** Of a replica: what it follows. Of a member: its cluster. */
  source: string | null
  replicas: string[]
  arn: string
  /** What IAM calls it: `db-…`, `cluster-…`. */
  resourceId: string
  vpc: string | null
  subnets: string[]
  subnetGroup: string | null
  securityGroups: string[]
  parameterGroups: string[]
  /** IPV4 or DUAL. */
  networkType: string
  /** Of a stopped one: when RDS starts it by itself, as ISO 8601. */
  startsAgainAt: string | null
  createdAt: string | null
  tags: Record<string, string>
}

/** Lists instances, replicas, clusters and their members of all engines, by name. */
export async function listRdsInstances(aws: Aws): Promise<RdsInstance[]> {
  const [instances, clusters] = await Promise.all([
    readAll(
      (Marker) => aws.call('rds', 'DescribeDBInstances', marked(Marker)),
      (answer) => answer.DBInstances,
    ),
    readAll(
      (Marker) => aws.call('rds', 'DescribeDBClusters', marked(Marker)),
      (answer) => answer.DBClusters,
    ),
  ])
  return [...instances.map(describeInstance), ...clusters.map(describeCluster)].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  )
}

/** Finds an instance or cluster by its name; undefined where there is none. With `among`, only one of these is looked for. */
export async function findRdsInstance(
  aws: Aws,
  name: string,
  among: 'instances' | 'clusters' | 'all' = 'all',
): Promise<RdsInstance | undefined> {
  if (among !== 'clusters') {
    const answer = await orMissing(aws.call('rds', 'DescribeDBInstances', { DBInstanceIdentifier: name }))
    const [found] = answer?.DBInstances ?? []
    if (found) return describeInstance(found)
  }
  if (among === 'instances') return undefined
  const answer = await orMissing(aws.call('rds', 'DescribeDBClusters', { DBClusterIdentifier: name }))
  const [found] = answer?.DBClusters ?? []
  return found && describeCluster(found)
}

/** The same, where it has to be there. Throws `aws_not_found`, with what there is. */
export async function readRdsInstance(aws: Aws, name: string): Promise<RdsInstance> {
  const found = await findRdsInstance(aws, name)
  if (found) return found
  const names = (await listRdsInstances(aws).catch(() => [])).map((one) => one.name)
  const there = names.length === 0 ? 'There is none at all.' : `There are: ${names.join(', ')}.`
  throw new Failure('aws_not_found', `There is no instance ${name} in ${aws.region}.`, {
    hint: `${there} Another region is named with --region.`,
  })
}

function describeInstance(record: DBInstance): RdsInstance {
  const source = record.ReadReplicaSourceDBInstanceIdentifier ?? null
  const cluster = record.DBClusterIdentifier ?? null
  return {
    name: record.DBInstanceIdentifier ?? '',
    kind: cluster !== null ? 'member' : source !== null ? 'replica' : 'instance',
    engine: record.Engine ?? '',
    version: record.EngineVersion ?? '',
    class: record.DBInstanceClass ?? null,
    status: record.DBInstanceStatus ?? 'unknown',
    host: record.Endpoint?.Address ?? null,
    port: record.Endpoint?.Port ?? null,
    readerHost: null,
    database: record.DBName ?? null,
    masterUser: record.MasterUsername ?? '',
    masterSecretArn: record.MasterUserSecret?.SecretArn ?? null,
    iamAuthentication: record.IAMDatabaseAuthenticationEnabled === true,
    publiclyAccessible: record.PubliclyAccessible === true,
    // The boolean misses a key that AWS owns (API of 2026).
    encrypted: isEncrypted(record),
    multiAz: record.MultiAZ === true,
    deletionProtection: record.DeletionProtection === true,
    backupDays: record.BackupRetentionPeriod ?? 0,
    restorableUntil: record.LatestRestorableTime?.toISOString() ?? null,
    storageGib: record.AllocatedStorage ?? 0,
    source: cluster ?? source,
    replicas: record.ReadReplicaDBInstanceIdentifiers ?? [],
    arn: record.DBInstanceArn ?? '',
    resourceId: record.DbiResourceId ?? '',
    vpc: record.DBSubnetGroup?.VpcId ?? null,
    subnets: (record.DBSubnetGroup?.Subnets ?? []).flatMap(({ SubnetIdentifier: id }) =>
      id === undefined ? [] : [id],
    ),
    subnetGroup: record.DBSubnetGroup?.DBSubnetGroupName ?? null,
    securityGroups: groupsOf(record.VpcSecurityGroups),
    parameterGroups: (record.DBParameterGroups ?? []).flatMap(({ DBParameterGroupName: name }) =>
      name === undefined ? [] : [name],
    ),
    networkType: record.NetworkType ?? 'IPV4',
    startsAgainAt: record.AutomaticRestartTime?.toISOString() ?? null,
    createdAt: record.InstanceCreateTime?.toISOString() ?? null,
    tags: tagsOf(record.TagList),
  }
}

function describeCluster(record: DBCluster): RdsInstance {
  return {
    name: record.DBClusterIdentifier ?? '',
    kind: 'cluster',
    engine: record.Engine ?? '',
    version: record.EngineVersion ?? '',
    class: record.DBClusterInstanceClass ?? null,
    status: record.Status ?? 'unknown',
    host: record.Endpoint ?? null,
    port: record.Port ?? null,
    readerHost: record.ReaderEndpoint ?? null,
    database: record.DatabaseName ?? null,
    masterUser: record.MasterUsername ?? '',
    masterSecretArn: record.MasterUserSecret?.SecretArn ?? null,
    iamAuthentication: record.IAMDatabaseAuthenticationEnabled === true,
    publiclyAccessible: record.PubliclyAccessible === true,
    encrypted: isEncrypted(record),
    multiAz: record.MultiAZ === true,
    deletionProtection: record.DeletionProtection === true,
    backupDays: record.BackupRetentionPeriod ?? 0,
    restorableUntil: record.LatestRestorableTime?.toISOString() ?? null,
    storageGib: record.AllocatedStorage ?? 0,
    source: record.ReplicationSourceIdentifier ?? null,
    replicas: (record.DBClusterMembers ?? []).flatMap(({ DBInstanceIdentifier: id }) => (id === undefined ? [] : [id])),
    arn: record.DBClusterArn ?? '',
    resourceId: record.DbClusterResourceId ?? '',
    vpc: null,
    subnets: [],
    subnetGroup: record.DBSubnetGroup ?? null,
    securityGroups: groupsOf(record.VpcSecurityGroups),
    parameterGroups: record.DBClusterParameterGroup === undefined ? [] : [record.DBClusterParameterGroup],
    networkType: record.NetworkType ?? 'IPV4',
    startsAgainAt: record.AutomaticRestartTime?.toISOString() ?? null,
    createdAt: record.ClusterCreateTime?.toISOString() ?? null,
    tags: tagsOf(record.TagList),
  }
}

function isEncrypted(record: {
  StorageEncrypted?: boolean | undefined
  StorageEncryptionType?: string | undefined
}): boolean {
  return record.StorageEncryptionType === undefined
    ? record.StorageEncrypted === true
    : record.StorageEncryptionType !== 'none'
}

function groupsOf(groups: readonly { VpcSecurityGroupId?: string | undefined }[] | undefined): string[] {
  return (groups ?? []).flatMap(({ VpcSecurityGroupId: id }) => (id === undefined ? [] : [id]))
}

function tagsOf(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
}

/** What RDS calls the place of the next page. */
export function marked(marker: string | undefined): { Marker?: string } {
  return marker === undefined ? {} : { Marker: marker }
}

/** Reads all pages of a list of RDS. */
export async function readAll<Answer extends { Marker?: string | undefined }, Item>(
  ask: (marker: string | undefined) => Promise<Answer>,
  itemsOf: (answer: Answer) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = []
  let marker: string | undefined
  do {
    const answer = await ask(marker)
    items.push(...(itemsOf(answer) ?? []))
    marker = answer.Marker === '' ? undefined : answer.Marker
  } while (marker !== undefined)
  return items
}

/** An answer, or undefined where what was asked for does not exist. */
export async function orMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Failure && error.code === 'aws_not_found') return undefined
    throw error
  }
}
