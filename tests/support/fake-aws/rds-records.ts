import type { CreateDBInstanceCommandInput, DBInstance } from '@aws-sdk/client-rds'
import { fault } from './faults.ts'
import { addParameterGroup, arn, tagsOf } from './rds-groups.ts'
import { addSecret, addVersion } from './secrets.ts'
import { nextId, type FakeInstance, type State } from './state.ts'

const day = 24 * 60 * 60 * 1000

/** What RDS takes for itself (RDS user guide, "CreateDBInstance", MasterUsername). */
const reservedUsers = ['admin', 'rdsadmin', 'rdsrepladmin', 'public']

export function checkIdentifier(id = ''): string {
  if (!/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{0,62}$/.test(id) || id.endsWith('-'))
    throw fault('InvalidParameterValue', `The parameter DBInstanceIdentifier is not a valid identifier: ${id}`)
  return id.toLowerCase()
}

export function checkCreate(input: CreateDBInstanceCommandInput, state: State): void {
  const { MasterUsername = '', MasterUserPassword, ManageMasterUserPassword, MasterUserAuthenticationType } = input
  if (input.Engine !== 'postgres') throw fault('InvalidParameterValue', `The fake of AWS makes no ${input.Engine}`)
  if (!/^[A-Za-z]\w{0,62}$/.test(MasterUsername) || reservedUsers.includes(MasterUsername.toLowerCase()))
    throw fault(
      'InvalidParameterValue',
      `MasterUsername ${MasterUsername} cannot be used as it is a reserved word used by the engine`,
    )
  const ways = [
    MasterUserPassword !== undefined,
    ManageMasterUserPassword === true,
    MasterUserAuthenticationType === 'iam-db-auth',
  ]
  if (ways.filter(Boolean).length !== 1)
    throw fault(
      'InvalidParameterCombination',
      'Specify exactly one of MasterUserPassword, ManageMasterUserPassword and MasterUserAuthenticationType.',
    )
  if (ways[2] && !input.EnableIAMDatabaseAuthentication)
    throw fault(
      'InvalidParameterCombination',
      'MasterUserAuthenticationType iam-db-auth needs EnableIAMDatabaseAuthentication.',
    )
  if ((input.AllocatedStorage ?? 0) < 20 || (input.AllocatedStorage ?? 0) > 65_536)
    throw fault(
      'InvalidParameterValue',
      'Invalid storage size for engine name postgres and storage type gp3: from 20 to 65536',
    )
  if (input.DBSubnetGroupName !== undefined && !state.subnetGroups.has(input.DBSubnetGroupName))
    throw fault('DBSubnetGroupNotFoundFault', `DB subnet group '${input.DBSubnetGroupName}' does not exist.`, 404)
  if (input.DBParameterGroupName !== undefined && !state.parameterGroups.has(input.DBParameterGroupName))
    throw fault('DBParameterGroupNotFoundFault', `DBParameterGroup not found: ${input.DBParameterGroupName}`, 404)
  for (const group of input.VpcSecurityGroupIds ?? []) {
    if (!state.securityGroups.has(group))
      throw fault('InvalidParameterValue', `Invalid security group , groupId= ${group}`)
  }
}

export function makeInstance(id: string, input: CreateDBInstanceCommandInput, state: State): FakeInstance {
  const major = (input.EngineVersion ?? '18').split('.')[0] ?? '18'
  const version = input.EngineVersion?.includes('.') ? input.EngineVersion : `${major}.${major === '18' ? 4 : 10}`
  const parameterGroup = input.DBParameterGroupName ?? `default.postgres${major}`
  if (!state.parameterGroups.has(parameterGroup))
    addParameterGroup(state, parameterGroup, `postgres${major}`, 'Default parameter group')
  const subnetGroup = state.subnetGroups.get(input.DBSubnetGroupName ?? 'default')
  const resourceId = `db-${nextId(state, 'R').toUpperCase().replace(/\W/g, '')}`
  const record: DBInstance = {
    DBInstanceIdentifier: id,
    DBInstanceArn: arn(state, 'db', id),
    DbiResourceId: resourceId,
    DBInstanceClass: input.DBInstanceClass,
    DBInstanceStatus: 'creating',
    Engine: 'postgres',
    EngineVersion: version,
    MasterUsername: input.MasterUsername,
    ...(input.DBName !== undefined && { DBName: input.DBName }),
    AllocatedStorage: input.AllocatedStorage,
    StorageType: input.StorageType ?? 'gp2',
    StorageEncrypted: input.StorageEncrypted ?? false,
    ...(input.StorageEncrypted && {
      KmsKeyId: input.KmsKeyId ?? `arn:aws:kms:${state.region}:${state.account}:key/aws-rds`,
    }),
    ...(input.MaxAllocatedStorage !== undefined && { MaxAllocatedStorage: input.MaxAllocatedStorage }),
    // Where there is no subnet group, an instance is public unless it is said (API reference of CreateDBInstance).
    PubliclyAccessible:
      input.PubliclyAccessible ?? (input.DBSubnetGroupName === undefined || input.DBSubnetGroupName === 'default'),
    BackupRetentionPeriod: input.BackupRetentionPeriod ?? 1,
    MultiAZ: input.MultiAZ ?? false,
    DeletionProtection: input.DeletionProtection ?? false,
    CopyTagsToSnapshot: input.CopyTagsToSnapshot ?? false,
    AutoMinorVersionUpgrade: input.AutoMinorVersionUpgrade ?? true,
    IAMDatabaseAuthenticationEnabled: input.EnableIAMDatabaseAuthentication ?? false,
    PerformanceInsightsEnabled: input.EnablePerformanceInsights ?? false,
    ...(input.DatabaseInsightsMode !== undefined && { DatabaseInsightsMode: input.DatabaseInsightsMode }),
    MonitoringInterval: input.MonitoringInterval ?? 0,
    EnabledCloudwatchLogsExports: input.EnableCloudwatchLogsExports ?? [],
    EngineLifecycleSupport: input.EngineLifecycleSupport ?? 'open-source-rds-extended-support',
    CACertificateIdentifier: input.CACertificateIdentifier ?? 'rds-ca-rsa2048-g1',
    CertificateDetails: {
      CAIdentifier: input.CACertificateIdentifier ?? 'rds-ca-rsa2048-g1',
      ValidTill: new Date(state.now + 365 * day),
    },
    NetworkType: input.NetworkType ?? 'IPV4',
    DbInstancePort: 0,
    VpcSecurityGroups: (input.VpcSecurityGroupIds ?? ['sg-0default']).map((VpcSecurityGroupId) => ({
      VpcSecurityGroupId,
      Status: 'active',
    })),
    DBParameterGroups: [{ DBParameterGroupName: parameterGroup, ParameterApplyStatus: 'applying' }],
    ...(subnetGroup && { DBSubnetGroup: subnetGroup }),
    PendingModifiedValues: {},
    ReadReplicaDBInstanceIdentifiers: [],
    TagList: input.Tags ?? [],
  }
  if (input.ManageMasterUserPassword) {
    const secret = addSecret(
      state,
      `rds!${resourceId}`,
      JSON.stringify({ username: input.MasterUsername, password: `managed ${id} 1` }),
    )
    secret.managedBy = 'rds'
    secret.rotationDays = 7
    secret.tags = tagsOf(input.Tags)
    record.MasterUserSecret = {
      SecretArn: secret.arn,
      SecretStatus: 'creating',
      KmsKeyId: input.MasterUserSecretKmsKeyId ?? 'aws/secretsmanager',
    }
  }
  return { record, steps: [], masterUserAuthenticationType: input.MasterUserAuthenticationType ?? 'password' }
}

type Changes = Record<string, unknown>

/** These apply at once, and no status shows it. */
export function changesAtOnce(changes: Changes): boolean {
  return Object.keys(changes).every((key) =>
    ['PubliclyAccessible', 'DeletionProtection', 'CopyTagsToSnapshot'].includes(key),
  )
}

export function applyChanges(instance: FakeInstance, changes: Changes, state: State): void {
  const { record } = instance
  const names: Record<string, string> = {
    EnableIAMDatabaseAuthentication: 'IAMDatabaseAuthenticationEnabled',
    EnablePerformanceInsights: 'PerformanceInsightsEnabled',
  }
  for (const [key, value] of Object.entries(changes)) {
    if (key === 'VpcSecurityGroupIds') {
      record.VpcSecurityGroups = (value as string[]).map((VpcSecurityGroupId) => ({
        VpcSecurityGroupId,
        Status: 'active',
      }))
    } else if (key === 'DBParameterGroupName') {
      record.DBParameterGroups = [{ DBParameterGroupName: value as string, ParameterApplyStatus: 'pending-reboot' }]
    } else if (key === 'DBPortNumber') {
      if (record.Endpoint) record.Endpoint.Port = value as number
    } else if (key === 'ManageMasterUserPassword') {
      if (value === true && !record.MasterUserSecret) {
        const secret = addSecret(
          state,
          `rds!${record.DbiResourceId}`,
          JSON.stringify({ username: record.MasterUsername, password: 'managed 1' }),
        )
        secret.managedBy = 'rds'
        secret.rotationDays = 7
        record.MasterUserSecret = { SecretArn: secret.arn, SecretStatus: 'active' }
      }
    } else if (key === 'CloudwatchLogsExportConfiguration') {
      const { EnableLogTypes = [], DisableLogTypes = [] } = value as {
        EnableLogTypes?: string[]
        DisableLogTypes?: string[]
      }
      const kept = (record.EnabledCloudwatchLogsExports ?? []).filter((type) => !DisableLogTypes.includes(type))
      record.EnabledCloudwatchLogsExports = [...new Set([...kept, ...EnableLogTypes])]
    } else {
      Object.assign(record, { [names[key] ?? key]: value })
    }
  }
}

export function rotateMasterSecret(
  state: State,
  record: Pick<DBInstance, 'MasterUserSecret' | 'MasterUsername'>,
): void {
  const secret = state.secrets.get(record.MasterUserSecret?.SecretArn ?? '')
  if (!secret) throw fault('InvalidParameterCombination', 'The master user password is not managed by RDS.')
  const { password } = JSON.parse(secret.versions.at(-1)?.value ?? '{}') as { password: string }
  addVersion(
    state,
    secret,
    JSON.stringify({
      username: record.MasterUsername,
      password: password.replace(/\d+$/, String(secret.versions.length + 1)),
    }),
  )
}
