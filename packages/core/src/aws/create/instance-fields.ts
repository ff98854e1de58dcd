import type { CreateDBInstanceCommandInput } from '@aws-sdk/client-rds'
import type { Offer } from './offers.ts'
import { prefix, instanceTag, type CheckedRequest } from './request.ts'
import type { Made } from './steps.ts'

/** What a field of the call protects from, and the checks of the audit that it satisfies. */
export interface FieldReason {
  field: keyof CreateDBInstanceCommandInput
  protects: string
  checks: string[]
}

/** Why each field that is about safety is sent, though AWS has a default for it. */
export const fieldReasons: readonly FieldReason[] = [
  {
    field: 'PubliclyAccessible',
    protects: 'no address on the internet, unless it was asked for',
    checks: ['net.public-flag'],
  },
  {
    field: 'DBSubnetGroupName',
    protects: 'subnets that are known, and not the default ones',
    checks: ['net.public-subnet', 'net.vpc'],
  },
  {
    field: 'VpcSecurityGroupIds',
    protects: 'a group of its own: a rule for it opens nothing else',
    checks: ['net.sg-default', 'net.sg-shared', 'net.sg-world'],
  },
  {
    field: 'StorageEncrypted',
    protects: 'disks, backups and snapshots cannot be read elsewhere',
    checks: ['enc.storage', 'enc.snapshots'],
  },
  {
    field: 'DBParameterGroupName',
    protects: 'TLS is forced, and who connects is logged',
    checks: ['tls.force', 'tls.min-version', 'life.default-group', 'mon.log-params'],
  },
  { field: 'CACertificateIdentifier', protects: 'a certificate that clients can check', checks: ['tls.ca'] },
  {
    field: 'ManageMasterUserPassword',
    protects: 'nobody knows the password, and it changes every week',
    checks: ['auth.master-managed', 'auth.secret-rotation'],
  },
  { field: 'MasterUserAuthenticationType', protects: 'there is no password at all', checks: ['auth.master-managed'] },
  { field: 'MasterUsername', protects: 'a name that scanners do not try', checks: ['auth.master-name'] },
  {
    field: 'EnableIAMDatabaseAuthentication',
    protects: 'roles can log in with tokens of 15 minutes',
    checks: ['auth.iam'],
  },
  { field: 'DeletionProtection', protects: 'it cannot be deleted by a slip', checks: ['life.deletion-protection'] },
  { field: 'BackupRetentionPeriod', protects: 'any second of these days can be restored', checks: ['bkp.retention'] },
  { field: 'CopyTagsToSnapshot', protects: 'a snapshot says whose it is', checks: ['bkp.copy-tags'] },
  { field: 'MultiAZ', protects: 'a second machine in another zone takes over', checks: ['ha.multi-az'] },
  { field: 'AutoMinorVersionUpgrade', protects: 'security fixes come by themselves', checks: ['life.auto-minor'] },
  {
    field: 'EngineLifecycleSupport',
    protects: 'no paid extended support without a decision',
    checks: ['life.extended-support'],
  },
  {
    field: 'EnableCloudwatchLogsExports',
    protects: 'logs outlive the instance',
    checks: ['mon.logs', 'auth.iam-error-log'],
  },
  { field: 'EnablePerformanceInsights', protects: 'what was slow can be seen afterwards', checks: ['mon.insights'] },
  { field: 'MaxAllocatedStorage', protects: 'it grows before it is full', checks: ['life.storage'] },
  { field: 'Tags', protects: 'it says whose it is, and what made it', checks: ['life.tags'] },
]

/** The call that makes the instance, with every field that matters said. A password is not among them and cannot be. */
export function instanceFields(
  request: CheckedRequest,
  offer: Offer,
  made: Made,
  parameterGroup: string,
): CreateDBInstanceCommandInput {
  const { name, production } = request
  return {
    DBInstanceIdentifier: name,
    DBName: request.database,
    Engine: 'postgres',
    EngineVersion: offer.version,
    DBInstanceClass: request.class,
    AllocatedStorage: request.storageGib,
    MaxAllocatedStorage: request.maxStorageGib,
    StorageType: 'gp3',
    StorageEncrypted: true,
    MasterUsername: request.masterUser,
    ...(request.master === 'iam'
      ? { MasterUserAuthenticationType: 'iam-db-auth' as const }
      : { ManageMasterUserPassword: true }),
    EnableIAMDatabaseAuthentication: offer.iam,
    Port: request.port,
    PubliclyAccessible: request.reachableFrom.length > 0,
    DBSubnetGroupName: `${prefix}${name}`,
    VpcSecurityGroupIds: [made.securityGroup],
    DBParameterGroupName: parameterGroup,
    MultiAZ: production,
    BackupRetentionPeriod: production ? 14 : 7,
    CopyTagsToSnapshot: true,
    DeletionProtection: true,
    AutoMinorVersionUpgrade: true,
    EngineLifecycleSupport: 'open-source-rds-extended-support-disabled',
    ...(offer.certificateAuthority !== null && { CACertificateIdentifier: offer.certificateAuthority }),
    NetworkType: 'IPV4',
    ...(offer.insights && {
      EnablePerformanceInsights: true,
      PerformanceInsightsRetentionPeriod: 7,
      DatabaseInsightsMode: 'standard' as const,
    }),
    EnableCloudwatchLogsExports: ['postgresql', 'upgrade', 'iam-db-auth-error'].filter((type) =>
      offer.logTypes.includes(type),
    ),
    Tags: tagList(request),
  }
}

/** The tags of an instance and of all that is made for it. */
export function tagList(request: CheckedRequest): { Key: string; Value: string }[] {
  const { name, production, master, program, tags } = request
  const own = {
    [instanceTag]: name,
    'pgrig:made-by': program,
    // RDS does not tell it afterwards.
    'pgrig:master-login': master,
    env: production ? 'production' : 'development',
  }
  return Object.entries({ ...own, ...tags }).map(([Key, Value]) => ({ Key, Value }))
}
