import type { DBInstance } from '@aws-sdk/client-rds'
import { addSecret } from './secrets.ts'
import type { State } from './state.ts'

/** Adds a cluster of Aurora that can be used, with a writer and a reader, and a master password that RDS manages. */
export function addCluster(state: State, name: string): void {
  const host = (kind: string) => `${kind}c9akciq32.${state.region}.rds.amazonaws.com`
  const user = `${name}_owner`
  const secret = addSecret(
    state,
    `rds!cluster-${name}`,
    JSON.stringify({ username: user, password: `managed ${name} 1` }),
  )
  secret.managedBy = 'rds'
  const common = {
    Engine: 'aurora-postgresql',
    EngineVersion: '17.6',
    MasterUsername: user,
    StorageEncrypted: true,
    DeletionProtection: true,
  }
  const members = [`${name}-1`, `${name}-2`]
  state.clusters.set(name, {
    ...common,
    DBClusterIdentifier: name,
    DBClusterArn: `arn:aws:rds:${state.region}:${state.account}:cluster:${name}`,
    DbClusterResourceId: `cluster-${name.toUpperCase()}`,
    Status: 'available',
    Endpoint: `${name}.${host('cluster-')}`,
    ReaderEndpoint: `${name}.${host('cluster-ro-')}`,
    Port: 5432,
    DatabaseName: name,
    MultiAZ: true,
    BackupRetentionPeriod: 7,
    MasterUserSecret: { SecretArn: secret.arn, SecretStatus: 'active' },
    DBClusterMembers: members.map((id, index) => ({ DBInstanceIdentifier: id, IsClusterWriter: index === 0 })),
  })
  for (const id of members) {
    const record: DBInstance = {
      ...common,
      DBInstanceIdentifier: id,
      DBClusterIdentifier: name,
      DBInstanceClass: 'db.r8g.large',
      DBInstanceStatus: 'available',
      DBInstanceArn: `arn:aws:rds:${state.region}:${state.account}:db:${id}`,
      DbiResourceId: `db-${id.toUpperCase()}`,
      Endpoint: { Address: `${id}.${host('')}`, Port: 5432 },
    }
    state.instances.set(id, { record, steps: [], masterUserAuthenticationType: 'password' })
  }
}
