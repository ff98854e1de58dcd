import { describe, expect, test } from 'vitest'
import { fakeAws } from '../../../../../tests/support/fake-aws/fake-aws.ts'
import { addVpc } from '../../../../../tests/support/fake-aws/state.ts'
import { Failure } from '../../errors.ts'
import { applyCreation, waitForCreation } from './apply.ts'
import { freeNetworks, reachesInternet } from './network.ts'
import { planCreation } from './plan.ts'
import type { CreationRequest } from './request.ts'

const request: CreationRequest = {
  name: 'cruddur-db',
  production: false,
  database: 'cruddur',
  master: 'secret',
  reachableFrom: [],
  fromGroups: [],
  tags: {},
  program: 'pgrig 0.1.0',
}

async function create(fake: ReturnType<typeof fakeAws>, more: Partial<CreationRequest> = {}) {
  const plan = await planCreation(fake.aws, { ...request, ...more })
  await applyCreation(fake.aws, plan, { clock: fake.clock })
  return plan
}

test('an instance is private, encrypted, protected, backed up and without a password that anybody knows', async () => {
  const fake = fakeAws()
  await create(fake)
  const made = await waitForCreation(fake.aws, 'cruddur-db', { clock: fake.clock })
  expect(made).toMatchObject({
    status: 'available',
    database: 'cruddur',
    publiclyAccessible: false,
    encrypted: true,
    deletionProtection: true,
    backupDays: 7,
    masterUser: 'cruddur_owner',
    iamAuthentication: true,
    subnetGroup: 'pgrig-cruddur-db',
    parameterGroups: ['pgrig-cruddur-db-postgres18'],
    tags: { 'pgrig:instance': 'cruddur-db', env: 'development' },
  })
  expect(made.masterSecretArn).toMatch(/^arn:aws:secretsmanager:/)
  // Its subnets lead nowhere outside, though those of the default network do.
  const tables = [...fake.state.routeTables.values()]
  expect(made.subnets.map((id) => reachesInternet({ SubnetId: id }, tables))).toEqual([false, false])
  const group = fake.state.parameterGroups.get('pgrig-cruddur-db-postgres18')
  expect(group?.parameters.get('rds.force_ssl')?.ParameterValue).toBe('1')
  const sent = fake.calls.find(({ operation }) => operation === 'CreateDBInstance')?.input
  expect(Object.keys(sent as object)).not.toContain('MasterUserPassword')
})

test('production has two zones and two weeks of backups, and may have no password at all', async () => {
  const fake = fakeAws()
  await create(fake, { production: true, master: 'iam' })
  const { record, masterUserAuthenticationType } = fake.state.instances.get('cruddur-db') ?? {}
  expect(masterUserAuthenticationType).toBe('iam-db-auth')
  expect(record).toMatchObject({ MultiAZ: true, BackupRetentionPeriod: 14, DBInstanceClass: 'db.t4g.medium' })
  expect(record?.MasterUserSecret).toBeUndefined()
})

test('subnets that are private already are used, and none is made', async () => {
  const fake = fakeAws()
  addVpc(fake.state, { id: 'vpc-0private', cidr: '10.1.0.0/16' })
  const plan = await create(fake, { vpc: 'vpc-0private' })
  expect(plan.network).toMatchObject({ subnets: ['subnet-0privatea', 'subnet-0privateb'], newSubnets: [] })
  expect(fake.calls.map(({ operation }) => operation)).not.toContain('CreateSubnet')
})

test('a public instance is in subnets with a way out, and open to whom was named', async () => {
  const fake = fakeAws()
  const { warnings } = await create(fake, { reachableFrom: ['203.0.113.7/32'] })
  expect(fake.state.instances.get('cruddur-db')?.record.PubliclyAccessible).toBe(true)
  expect([...fake.state.securityGroupRules.values()].map((rule) => [rule.CidrIpv4, rule.FromPort])).toEqual([
    ['203.0.113.7/32', 5432],
  ])
  expect(warnings.join(' ')).toContain('public address')
})

test('the same command again changes nothing, and another wish is told what differs', async () => {
  const fake = fakeAws()
  await create(fake)
  const before = fake.calls.length
  const again = await create(fake)
  expect(again.existing?.status).toBe('creating')
  expect(fake.calls.slice(before).filter(({ operation }) => !operation.startsWith('Describe'))).toEqual([])
  await expect(create(fake, { port: 6543 })).resolves.toBeDefined()
  await waitForCreation(fake.aws, 'cruddur-db', { clock: fake.clock })
  await expect(create(fake, { port: 6543, class: 'db.m7g.large' })).rejects.toMatchObject({
    code: 'aws_differs',
    message:
      'cruddur-db is there already, and is not as asked for: class is db.t4g.micro, not db.m7g.large; port is 5432, not 6543.',
  })
})

describe('where a call is denied', () => {
  const done = fakeAws()
  test.each([
    'ec2:CreateRouteTable',
    'ec2:CreateSubnet',
    'ec2:AssociateRouteTable',
    'rds:CreateDBSubnetGroup',
    'ec2:CreateSecurityGroup',
    'rds:CreateDBParameterGroup',
    'rds:ModifyDBParameterGroup',
    'rds:CreateDBInstance',
    'rds:DescribeDBInstances',
    'rds:DescribeDBClusters',
    'rds:DescribeDBEngineVersions',
    'rds:DescribeOrderableDBInstanceOptions',
    'ec2:DescribeVpcs',
    'ec2:DescribeSubnets',
    'ec2:DescribeRouteTables',
  ])('%s is named, nothing is left, and the run after it makes all', async (action) => {
    const fake = fakeAws()
    const things = () => {
      const { subnets, routeTables, securityGroups, subnetGroups, parameterGroups, instances } = fake.state
      return [subnets, routeTables, securityGroups, subnetGroups, parameterGroups, instances].map(({ size }) => size)
    }
    const before = things()
    fake.deny(action)
    const failure: unknown = await create(fake).catch((thrown: unknown) => thrown)
    expect(failure).toBeInstanceOf(Failure)
    expect(failure).toMatchObject({ code: 'aws_denied', exitCode: 1 })
    expect((failure as Failure).message).toContain(action)
    expect(things()).toEqual(before)
    fake.allow(action)
    await create(fake)
    expect(fake.state.instances.size).toBe(1)
  })

  test('every call that the plan makes is in that table', async () => {
    await create(done)
    expect(new Set(done.calls.map(({ action }) => action))).toEqual(
      new Set([
        'rds:DescribeDBInstances',
        'rds:DescribeDBClusters',
        'rds:DescribeDBEngineVersions',
        'rds:DescribeOrderableDBInstanceOptions',
        'ec2:DescribeVpcs',
        'ec2:DescribeSubnets',
        'ec2:DescribeRouteTables',
        'ec2:CreateRouteTable',
        'ec2:CreateSubnet',
        'ec2:AssociateRouteTable',
        'rds:CreateDBSubnetGroup',
        'ec2:CreateSecurityGroup',
        'rds:CreateDBParameterGroup',
        'rds:ModifyDBParameterGroup',
        'rds:CreateDBInstance',
      ]),
    )
  })
})

test('what cannot be taken back is named, and found again by the next run', async () => {
  const fake = fakeAws()
  fake.deny('rds:CreateDBSubnetGroup', 'ec2:DeleteSubnet', 'ec2:DeleteRouteTable')
  await expect(create(fake)).rejects.toMatchObject({
    state: expect.stringMatching(/could not be taken back.*the route table rtb-.*the subnet subnet-/),
  })
  fake.allow('rds:CreateDBSubnetGroup')
  const plan = await create(fake)
  expect(plan.network?.subnets).toHaveLength(2)
  expect(fake.state.subnets.size).toBe(5)
})

test('stopping to watch leaves the instance in the making', async () => {
  const fake = fakeAws()
  await create(fake)
  const stop = new AbortController()
  const lines: string[] = []
  const progress = (line: string) => {
    lines.push(line)
    if (line === 'Backing up DB instance') stop.abort(new Error('Ctrl-C'))
  }
  await expect(
    waitForCreation(fake.aws, 'cruddur-db', { clock: fake.clock, signal: stop.signal, progress }),
  ).rejects.toMatchObject({ code: 'interrupted', state: expect.stringContaining('goes on being made') })
  expect(lines).toEqual([
    'cruddur-db is creating',
    'DB instance is being created',
    'cruddur-db is backing-up',
    'DB instance created',
    'Backing up DB instance',
  ])
  expect(fake.state.instances.get('cruddur-db')?.record.DBInstanceStatus).toBe('backing-up')
})

test.each([
  [{ name: 'a--b' }, /no name for an instance/],
  [{ masterUser: 'postgres' }, /first name that everybody tries/],
  [{ masterUser: 'admin' }, /first name that everybody tries/],
  [{ storageGib: 5 }, /20 to 65536/],
  [{ port: 80 }, /1150 to 65535/],
  [{ reachableFrom: ['0.0.0.0/0'] }, /is everybody/],
  [{ reachableFrom: ['10.0.0.0/8'] }, /too many/],
  [{ reachableFrom: ['home'] }, /no network/],
  [{ database: 'a-b' }, /makes no database/],
])('%o is refused before anything is asked', async (more, message) => {
  const fake = fakeAws()
  await expect(planCreation(fake.aws, { ...request, ...more })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(message),
  })
  expect(fake.calls).toEqual([])
})

test('a version or class that is not offered is answered with what is', async () => {
  const fake = fakeAws()
  await expect(planCreation(fake.aws, { ...request, version: '9.6' })).rejects.toMatchObject({
    message: 'RDS offers no PostgreSQL 9.6 in eu-central-1.',
    hint: 'It offers: 14.22, 14.23, 15.18, 16.14, 17.9, 17.10, 18.3, 18.4.',
  })
  await expect(planCreation(fake.aws, { ...request, class: 'db.x9.huge' })).rejects.toMatchObject({
    hint: 'It offers: db.m7g.large, db.t4g.medium, db.t4g.micro, db.t4g.small.',
  })
  const { steps, named } = await planCreation(fake.aws, { ...request, version: '17' })
  expect(steps.at(-1)?.input(named)).toMatchObject({
    EngineVersion: '17.10',
    DBParameterGroupName: 'pgrig-cruddur-db-postgres17',
  })
})

test('new subnets are cut from the high end of the network, beside what is there', () => {
  expect(freeNetworks('10.0.0.0/24', ['10.0.0.192/26', '10.0.0.64/27'], 2)).toEqual(['10.0.0.128/26', '10.0.0.0/26'])
  expect(() => freeNetworks('10.0.0.0/26', ['10.0.0.0/28'], 1)).toThrow('has no room')
})
