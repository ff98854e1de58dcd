import type { DBCluster, DBInstance } from '@aws-sdk/client-rds'
import { fault } from './faults.ts'
import type { Handlers } from './fake-aws.ts'
import { arn } from './rds-groups.ts'
import { paged } from './rds-offers.ts'
import {
  applyChanges,
  changesAtOnce,
  checkCreate,
  checkIdentifier,
  makeInstance,
  rotateMasterSecret,
} from './rds-records.ts'
import { type FakeInstance, type State } from './state.ts'

const second = 1000
const minute = 60 * second
const day = 24 * 60 * minute

export const instanceHandlers: Handlers<'rds'> = {
  CreateDBInstance(input, state) {
    const id = checkIdentifier(input.DBInstanceIdentifier)
    if (state.instances.has(id)) throw fault('DBInstanceAlreadyExistsFault', 'DB instance already exists')
    checkCreate(input, state)
    const instance = makeInstance(id, input, state)
    state.instances.set(id, instance)
    addEvent(state, id, 'DB instance is being created')
    instance.steps.push(
      later(state, 3 * minute, (own) => {
        own.record.DBInstanceStatus = 'backing-up'
        own.record.Endpoint = {
          Address: `${id}.c9akciq32.${state.region}.rds.amazonaws.com`,
          Port: input.Port ?? 5432,
          HostedZoneId: 'Z1RLNUO7B9Q6NB',
        }
        own.record.InstanceCreateTime = new Date(state.now)
        addEvent(state, id, 'DB instance created')
        addEvent(state, id, 'Backing up DB instance')
      }),
      later(state, 5 * minute, (own) => {
        own.record.DBInstanceStatus = 'configuring-log-exports'
        own.record.LatestRestorableTime = new Date(state.now)
        addEvent(state, id, 'Finished DB Instance backup')
      }),
      later(state, 6 * minute, (own) => {
        own.record.DBInstanceStatus = 'available'
        for (const group of own.record.DBParameterGroups ?? []) group.ParameterApplyStatus = 'in-sync'
        if (own.record.MasterUserSecret) own.record.MasterUserSecret.SecretStatus = 'active'
      }),
    )
    return { DBInstance: instance.record }
  },

  DescribeDBInstances({ DBInstanceIdentifier, Marker }, state) {
    if (DBInstanceIdentifier !== undefined) return { DBInstances: [find(state, DBInstanceIdentifier).record] }
    const { page, next } = paged([...state.instances.values()], Marker)
    return { DBInstances: page.map(({ record }) => record), ...(next !== undefined && { Marker: next }) }
  },

  ModifyDBInstance(input, state) {
    const instance = find(state, input.DBInstanceIdentifier)
    const { record } = instance
    if (record.DBInstanceStatus !== 'available')
      throw fault('InvalidDBInstanceState', `Database instance is not in available state.`)
    const { DBInstanceIdentifier: _id, ApplyImmediately = false, RotateMasterUserPassword, ...changes } = input
    if (RotateMasterUserPassword) {
      if (!ApplyImmediately)
        throw fault(
          'InvalidParameterCombination',
          'You must specify apply immediately when rotating the master user password.',
        )
      rotateMasterSecret(state, record)
    }
    // The status changes a while after the call, which has fooled many a waiter.
    instance.steps.push(
      later(state, 10 * second, (own) => {
        if (!changesAtOnce(changes)) own.record.DBInstanceStatus = 'modifying'
      }),
      later(state, 40 * second, (own) => {
        own.record.DBInstanceStatus = 'available'
        applyChanges(own, changes, state)
      }),
    )
    return { DBInstance: record }
  },

  StopDBInstance({ DBInstanceIdentifier, DBSnapshotIdentifier }, state) {
    const instance = inState(state, DBInstanceIdentifier, 'available')
    const { record } = instance
    const id = record.DBInstanceIdentifier ?? ''
    if (record.ReadReplicaDBInstanceIdentifiers?.length || record.ReadReplicaSourceDBInstanceIdentifier)
      throw fault(
        'InvalidDBInstanceState',
        `Cannot stop or start the DB instance ${id} because it is or has a read replica.`,
      )
    if (DBSnapshotIdentifier !== undefined) addSnapshot(state, record, DBSnapshotIdentifier)
    record.DBInstanceStatus = 'stopping'
    instance.steps.push(
      later(state, 2 * minute, (own) => {
        own.record.DBInstanceStatus = 'stopped'
        own.record.AutomaticRestartTime = new Date(state.now + 7 * day)
        addEvent(state, id, 'DB instance stopped')
        own.steps.push(later(state, 7 * day, (again) => restart(again, state)))
      }),
    )
    return { DBInstance: record }
  },

  StartDBInstance({ DBInstanceIdentifier }, state) {
    const instance = inState(state, DBInstanceIdentifier, 'stopped')
    restart(instance, state)
    return { DBInstance: instance.record }
  },

  RebootDBInstance({ DBInstanceIdentifier }, state) {
    const instance = inState(state, DBInstanceIdentifier, 'available')
    instance.record.DBInstanceStatus = 'rebooting'
    instance.steps.push(
      later(state, minute, (own) => {
        own.record.DBInstanceStatus = 'available'
        for (const group of own.record.DBParameterGroups ?? []) group.ParameterApplyStatus = 'in-sync'
        addEvent(state, DBInstanceIdentifier ?? '', 'DB instance restarted')
      }),
    )
    return { DBInstance: instance.record }
  },

  DeleteDBInstance({ DBInstanceIdentifier, SkipFinalSnapshot = false, FinalDBSnapshotIdentifier }, state) {
    const instance = find(state, DBInstanceIdentifier)
    const { record } = instance
    const id = record.DBInstanceIdentifier ?? ''
    if (record.DeletionProtection)
      throw fault(
        'InvalidParameterCombination',
        'Cannot delete protected DB Instance, please disable deletion protection and try again.',
      )
    if (!SkipFinalSnapshot && FinalDBSnapshotIdentifier === undefined)
      throw fault(
        'InvalidParameterCombination',
        'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
      )
    if (SkipFinalSnapshot && FinalDBSnapshotIdentifier !== undefined)
      throw fault(
        'InvalidParameterCombination',
        'FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is specified.',
      )
    if (!SkipFinalSnapshot && record.DBInstanceStatus !== 'available')
      throw fault(
        'InvalidDBInstanceState',
        `Instance ${id} cannot be deleted with a final snapshot while it is ${record.DBInstanceStatus}.`,
      )
    if (FinalDBSnapshotIdentifier !== undefined) addSnapshot(state, record, FinalDBSnapshotIdentifier)
    record.DBInstanceStatus = 'deleting'
    instance.steps = [
      later(state, 3 * minute, () => {
        state.instances.delete(id)
        const secret = state.secrets.get(record.MasterUserSecret?.SecretArn ?? '')
        if (secret) state.secrets.delete(secret.arn)
        addEvent(state, id, 'DB instance deleted')
      }),
    ]
    return { DBInstance: record }
  },

  DescribeEvents({ SourceIdentifier, StartTime, Marker }, { events }) {
    const since = StartTime?.getTime() ?? Number.NEGATIVE_INFINITY
    const fitting = events.filter(
      (event) =>
        (SourceIdentifier === undefined || event.SourceIdentifier === SourceIdentifier) &&
        (event.Date?.getTime() ?? 0) >= since,
    )
    const { page, next } = paged(fitting, Marker)
    return { Events: page, ...(next !== undefined && { Marker: next }) }
  },

  CreateDBSnapshot({ DBSnapshotIdentifier = '', DBInstanceIdentifier }, state) {
    const { record } = inState(state, DBInstanceIdentifier, 'available')
    return { DBSnapshot: addSnapshot(state, record, DBSnapshotIdentifier) }
  },

  DescribeDBSnapshots({ DBInstanceIdentifier, DBSnapshotIdentifier, SnapshotType, Marker }, { snapshots }) {
    const fitting = [...snapshots.values()].filter(
      (one) =>
        (DBInstanceIdentifier === undefined || one.DBInstanceIdentifier === DBInstanceIdentifier) &&
        (DBSnapshotIdentifier === undefined || one.DBSnapshotIdentifier === DBSnapshotIdentifier) &&
        (SnapshotType === undefined || one.SnapshotType === SnapshotType),
    )
    if (DBSnapshotIdentifier !== undefined && fitting.length === 0)
      throw fault('DBSnapshotNotFoundFault', `DBSnapshot ${DBSnapshotIdentifier} not found.`, 404)
    const { page, next } = paged(fitting, Marker)
    return { DBSnapshots: page, ...(next !== undefined && { Marker: next }) }
  },

  DescribeDBClusters({ DBClusterIdentifier, Marker }, { clusters }) {
    const fitting = [...clusters.values()].filter(
      (one) => DBClusterIdentifier === undefined || one.DBClusterIdentifier === DBClusterIdentifier,
    )
    if (DBClusterIdentifier !== undefined && fitting.length === 0)
      throw fault('DBClusterNotFoundFault', `DBCluster ${DBClusterIdentifier} not found.`, 404)
    const { page, next } = paged(fitting, Marker)
    return { DBClusters: page, ...(next !== undefined && { Marker: next }) }
  },

  ModifyDBCluster({ DBClusterIdentifier, RotateMasterUserPassword, ApplyImmediately = false }, state) {
    const cluster = findCluster(state, DBClusterIdentifier, 'available')
    if (RotateMasterUserPassword && !ApplyImmediately)
      throw fault(
        'InvalidParameterCombination',
        'You must specify apply immediately when rotating the master user password.',
      )
    if (RotateMasterUserPassword) rotateMasterSecret(state, cluster)
    return { DBCluster: cluster }
  },

  StopDBCluster({ DBClusterIdentifier }, state) {
    const cluster = findCluster(state, DBClusterIdentifier, 'available')
    setStatus(state, cluster, 'stopped')
    cluster.AutomaticRestartTime = new Date(state.now + 7 * day)
    return { DBCluster: cluster }
  },

  StartDBCluster({ DBClusterIdentifier }, state) {
    const cluster = findCluster(state, DBClusterIdentifier, 'stopped')
    setStatus(state, cluster, 'available')
    delete cluster.AutomaticRestartTime
    return { DBCluster: cluster }
  },

  AddTagsToResource({ ResourceName, Tags = [] }, state) {
    const instance = [...state.instances.values()].find(({ record }) => record.DBInstanceArn === ResourceName)
    if (!instance) throw fault('DBInstanceNotFoundFault', `${ResourceName} not found.`, 404)
    const kept = (instance.record.TagList ?? []).filter((tag) => !Tags.some(({ Key }) => Key === tag.Key))
    instance.record.TagList = [...kept, ...Tags]
    return {}
  },
}

function restart(instance: FakeInstance, state: State): void {
  const { record } = instance
  instance.steps = []
  record.DBInstanceStatus = 'starting'
  delete record.AutomaticRestartTime
  instance.steps.push(
    later(state, 2 * minute, (own) => {
      own.record.DBInstanceStatus = 'available'
      addEvent(state, record.DBInstanceIdentifier ?? '', 'DB instance started')
    }),
  )
}

function addSnapshot(state: State, record: DBInstance, id: string) {
  if (state.snapshots.has(id))
    throw fault(
      'DBSnapshotAlreadyExistsFault',
      `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
    )
  const snapshot = {
    DBSnapshotIdentifier: id,
    DBInstanceIdentifier: record.DBInstanceIdentifier,
    DBSnapshotArn: arn(state, 'snapshot', id),
    SnapshotCreateTime: new Date(state.now),
    SnapshotType: 'manual',
    Status: 'available',
    Engine: 'postgres',
    Encrypted: record.StorageEncrypted,
    AllocatedStorage: record.AllocatedStorage,
    PercentProgress: 100,
    TagList: record.CopyTagsToSnapshot ? (record.TagList ?? []) : [],
  }
  state.snapshots.set(id, snapshot)
  return snapshot
}

function addEvent(state: State, id: string, message: string): void {
  state.events.push({
    SourceIdentifier: id,
    SourceType: 'db-instance',
    Message: message,
    Date: new Date(state.now),
    EventCategories: [],
  })
}

function later(state: State, milliseconds: number, apply: (instance: FakeInstance) => void) {
  return { at: state.now + milliseconds, apply }
}

function find(state: State, id = ''): FakeInstance {
  const instance = state.instances.get(id.toLowerCase())
  if (!instance) throw fault('DBInstanceNotFoundFault', `DBInstance ${id} not found.`, 404)
  return instance
}

function findCluster(state: State, id = '', status: string): DBCluster {
  const cluster = state.clusters.get(id)
  if (!cluster) throw fault('DBClusterNotFoundFault', `DBCluster ${id} not found.`, 404)
  if (cluster.Status !== status)
    throw fault('InvalidDBClusterStateFault', `DbCluster ${id} is in ${cluster.Status} state.`)
  return cluster
}

/** A cluster stops and starts with its members. */
function setStatus(state: State, cluster: DBCluster, status: string): void {
  cluster.Status = status
  for (const { DBInstanceIdentifier = '' } of cluster.DBClusterMembers ?? []) {
    const member = state.instances.get(DBInstanceIdentifier)
    if (member) member.record.DBInstanceStatus = status
  }
}

function inState(state: State, id: string | undefined, status: string): FakeInstance {
  const instance = find(state, id)
  if (instance.record.DBInstanceStatus !== status)
    throw fault('InvalidDBInstanceState', `Instance ${id} is not in ${status} state.`)
  return instance
}
