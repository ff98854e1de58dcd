import { expect, test } from 'vitest'
import { fakeAws, type FakeAws } from '../../../../tests/support/fake-aws/fake-aws.ts'
import { applyCreation, waitForCreation } from './create/apply.ts'
import { planCreation } from './create/plan.ts'
import { listRdsInstances, readRdsInstance } from './instances.ts'
import { deleteInstance, finishDeletion, planDeletion, startInstance, stopInstance, waitForStatus } from './life.ts'
import { settled, watchInstance } from './watch.ts'

const request = {
  skipFinalSnapshot: false,
  keepAutomatedBackups: false,
  unprotect: true,
  now: new Date('2026-11-24T09:30:05Z'),
}

async function withInstance(): Promise<FakeAws> {
  const fake = fakeAws()
  const { aws, clock } = fake
  const plan = await planCreation(aws, {
    name: 'cruddur-db',
    production: false,
    database: 'cruddur',
    master: 'secret',
    reachableFrom: [],
    fromGroups: [],
    tags: {},
    program: 'pgrig 0.1.0',
  })
  await applyCreation(aws, plan, { clock })
  await waitForCreation(aws, 'cruddur-db', { clock })
  return fake
}

test('a stopped instance says when RDS starts it again, and it does', async () => {
  const { aws, clock, advance, state } = await withInstance()
  await stopInstance(aws, await readRdsInstance(aws, 'cruddur-db'))
  const stopped = await waitForStatus(aws, 'cruddur-db', 'stopped', { clock })
  expect(Date.parse(stopped.startsAgainAt ?? '') - state.now).toBeCloseTo(7 * 86_400_000, -5)
  advance(7 * 86_400_000 + 180_000)
  expect((await readRdsInstance(aws, 'cruddur-db')).status).toBe('available')
  await expect(startInstance(aws, await readRdsInstance(aws, 'cruddur-db'))).rejects.toMatchObject({
    code: 'aws_state',
  })
})

test('what has replicas, or is one, is not stopped', async () => {
  const { aws, state } = await withInstance()
  const { record } = state.instances.get('cruddur-db') ?? {}
  if (record) record.ReadReplicaDBInstanceIdentifiers = ['cruddur-read']
  await expect(stopInstance(aws, await readRdsInstance(aws, 'cruddur-db'))).rejects.toThrow(
    'has read replicas (cruddur-read)',
  )
})

test('a deletion takes the protection off, makes a snapshot, and leaves nothing of pgrig’s', async () => {
  const { aws, clock, state } = await withInstance()
  const plan = await planDeletion(aws, 'cruddur-db', request)
  expect(plan).toMatchObject({ hindrances: [], finalSnapshot: 'cruddur-db-final-20261124-093005' })
  expect(plan.goes.join(' ')).toContain('a snapshot has no password')
  expect(plan.leftOver.map(({ kind }) => kind)).toEqual(['security group', 'subnet group', 'parameter group'])
  await deleteInstance(aws, plan, { clock })
  expect(await finishDeletion(aws, plan, true, { clock })).toEqual([])
  expect(await listRdsInstances(aws)).toEqual([])
  expect([...state.snapshots.keys()]).toEqual(['cruddur-db-final-20261124-093005'])
  expect([state.subnetGroups.size, state.parameterGroups.size, state.securityGroups.size, state.secrets.size]).toEqual([
    0, 0, 1, 0,
  ])
})

test('a protected instance is refused, and nothing is changed', async () => {
  const { aws, clock, state, calls } = await withInstance()
  const before = calls.length
  const plan = await planDeletion(aws, 'cruddur-db', { ...request, unprotect: false })
  await expect(deleteInstance(aws, plan, { clock })).rejects.toMatchObject({ state: 'Nothing was changed.' })
  expect(calls.slice(before).every(({ operation }) => operation.startsWith('Describe'))).toBe(true)
  expect(state.instances.size).toBe(1)
})

test('a deletion that is denied puts the protection on again', async () => {
  const { aws, clock, state, deny, advance } = await withInstance()
  deny('rds:DeleteDBInstance')
  const plan = await planDeletion(aws, 'cruddur-db', request)
  await expect(deleteInstance(aws, plan, { clock })).rejects.toMatchObject({
    code: 'aws_denied',
    state: 'Nothing was deleted, and it is protected again.',
  })
  advance(60_000)
  expect(state.instances.get('cruddur-db')?.record.DeletionProtection).toBe(true)
})

test('a status that is still the old one right after a call is not taken for the end', async () => {
  const { aws, clock, state } = await withInstance()
  await aws.call('rds', 'ModifyDBInstance', {
    DBInstanceIdentifier: 'cruddur-db',
    BackupRetentionPeriod: 30,
    ApplyImmediately: true,
  })
  await watchInstance(aws, 'cruddur-db', settled('available', clock), { clock, everySeconds: 5 })
  expect(state.instances.get('cruddur-db')?.record.BackupRetentionPeriod).toBe(30)
})

test('an instance that fails in the making ends the wait, with its state', async () => {
  const { aws, clock, state } = await withInstance()
  const { record } = state.instances.get('cruddur-db') ?? {}
  if (record) record.DBInstanceStatus = 'incompatible-network'
  await expect(waitForStatus(aws, 'cruddur-db', 'available', { clock })).rejects.toMatchObject({
    code: 'aws_state',
    message: 'cruddur-db is incompatible-network, which it does not leave by itself.',
  })
})

test('a name that is not there is answered with those that are', async () => {
  const { aws } = await withInstance()
  await expect(readRdsInstance(aws, 'crudder-db')).rejects.toMatchObject({
    code: 'aws_not_found',
    hint: 'There are: cruddur-db. Another region is named with --region.',
  })
})
