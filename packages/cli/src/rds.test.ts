import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure, type Address, type Connection } from '@pgrig/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeAws, type FakeAws } from '../../../tests/support/fake-aws/fake-aws.ts'
import { addCluster } from '../../../tests/support/fake-aws/clusters.ts'
import { commandsIn, loadAll } from './discover.ts'
import type { Program } from './run.ts'
import { pgrig, testTerminal } from './testing.ts'
import { createTools } from './tools.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgrig-rds-'))
  writeFileSync(join(folder, 'pgrig.json'), '{ "database": "cruddur" }\n')
})
afterEach(() => rmSync(folder, { recursive: true }))

function toolsWith({ aws, clock }: FakeAws): NonNullable<Program['createTools']> {
  return (...given) => createTools(...given, { openAws: async () => ({ ...aws, close() {} }), clock, connect: login })
}

/** Who logged in at the server, and how it answers. */
const logins: Address[] = []
let server: (address: Address) => readonly Row[] = () => []
beforeEach(() => {
  logins.length = 0
  server = () => []
})
interface Row {
  pid: number
  startedAt: string
  application: string
}

async function login(address: Address): Promise<Connection> {
  logins.push(address)
  const rows = server(address).map((row) => ({
    kind: 'client backend',
    user: address.user,
    database: address.database,
    client: '203.0.113.7',
    state: 'idle',
    blockedBy: [],
    own: false,
    ...row,
  }))
  const answer = async <Kind>() => rows as Kind[]
  return {
    address,
    serverVersion: '18.4',
    signal: undefined,
    channel: { passwordUsed: true } as Connection['channel'],
    query: answer,
    run: answer,
    async close() {},
    leave() {},
  }
}

function refusal(code: 'connection_denied' | 'connection_refused', sqlstate?: string): Failure {
  return new Failure(
    code,
    'The server does not answer.',
    sqlstate === undefined ? {} : { sql: { sqlstate, severity: 'FATAL' } },
  )
}

async function run(fake: FakeAws, words: string, typed?: string) {
  const isTty = typed !== undefined
  const terminal = testTerminal({ stdinIsTty: isTty, stderrIsTty: isTty, env: { NO_COLOR: '1' } })
  const running = pgrig([...(words.startsWith('config') ? [] : ['rds']), ...words.split(' '), '-C', folder], {
    terminal,
    createTools: toolsWith(fake),
  })
  if (typed !== undefined) {
    await expect.poll(() => terminal.written.stderr).toContain('to go on:')
    for (const key of [...typed, '\r']) terminal.stdin.write(key)
  }
  return running
}

async function withInstance(): Promise<FakeAws> {
  const fake = fakeAws()
  expect((await run(fake, 'create cruddur-db --yes')).stderr).toContain('cruddur-db is available')
  return fake
}

test('create makes an instance, tells what RDS tells, and writes the target', async () => {
  const fake = fakeAws()
  const { exitCode, stdout, stderr } = await run(fake, 'create cruddur-db --yes')
  expect(exitCode).toBe(0)
  expect(stdout).toContain('cruddur-db is available at cruddur-db.c9akciq32.eu-central-1.rds.amazonaws.com:5432.')
  expect(stderr).toContain('  Finished DB Instance backup')
  expect(stdout).toContain('pgrig roles create cruddur_app prod --as app --to app.password')
  expect(JSON.parse(readFileSync(join(folder, 'pgrig.json'), 'utf8'))).toEqual({
    database: 'cruddur',
    targets: { prod: { rds: 'cruddur-db' } },
  })
})

test('create asks, and without a terminal it says what to type', async () => {
  const fake = fakeAws()
  const { exitCode, stderr } = await run(fake, 'create cruddur-db')
  expect(exitCode).toBe(4)
  expect(stderr).toContain(`pgrig rds create cruddur-db -C ${folder} --yes`)
  expect(fake.state.instances.size).toBe(0)
})

test('a dry run prints each call, what it protects, which checks it satisfies, and the price', async () => {
  const fake = fakeAws({ region: 'us-east-1' })
  const { stdout } = await run(fake, 'create cruddur-db --production --dry-run')
  expect(stdout).toContain('    rds CreateDBInstance\n')
  expect(stdout).toMatch(/"PubliclyAccessible": false/)
  expect(stdout).toMatch(
    /StorageEncrypted +true: disks, backups and snapshots cannot be read elsewhere \(enc\.storage, enc\.snapshots\)/,
  )
  expect(stdout).toContain('About $99.50 a month')
  expect(fake.calls.every(({ operation }) => operation.startsWith('Describe'))).toBe(true)
  const { calls } = JSON.parse((await run(fake, 'create cruddur-db --dry-run --json')).stdout).plan
  expect(calls.at(-1)).toMatchObject({ operation: 'CreateDBInstance', input: { DeletionProtection: true } })
})

test('list and status show what there is', async () => {
  const fake = await withInstance()
  expect((await run(fake, 'list')).stdout).toBe(
    [
      'name        is        engine         class         status     public  endpoint',
      'cruddur-db  instance  postgres 18.4  db.t4g.micro  available          cruddur-db.c9akciq32.eu-central-1.rds.amazonaws.com:5432',
      '',
    ].join('\n'),
  )
  const { stdout } = await run(fake, 'status cruddur-db')
  expect(stdout).toContain('master user          cruddur_owner, its password managed by RDS')
  expect(stdout).toContain('DB instance created')
})

test('stop says when RDS starts it again, and start brings it back', async () => {
  const fake = await withInstance()
  const stopped = await run(fake, 'stop cruddur-db --confirm cruddur-db --keep-stopped')
  expect(stopped.stdout).toMatch(/^cruddur-db is stopped\.\nRDS starts it again by itself at 2026-12-01 /)
  expect(stopped.stdout).toContain('pgrig rds stop cruddur-db --confirm cruddur-db --no-wait --quiet')
  expect((await run(fake, 'start cruddur-db')).stdout).toContain('cruddur-db is available')
  expect((await run(fake, 'start cruddur-db')).stdout).toBe('cruddur-db is running already.\n')
})

test('delete wants the name, the protection taken off, and keeps a snapshot', async () => {
  const fake = await withInstance()
  expect(await run(fake, 'delete cruddur-db --confirm cruddur-db')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('--unprotect'),
  })
  expect((await run(fake, 'delete cruddur-db --unprotect --yes')).exitCode).toBe(4)
  expect((await run(fake, 'delete cruddur-db --unprotect', 'cruddur')).exitCode).toBe(4)
  expect(fake.state.instances.get('cruddur-db')?.record.DeletionProtection).toBe(true)
  const dry = await run(fake, 'delete cruddur-db --unprotect --dry-run')
  expect(dry.stdout).toMatch(/^Would delete cruddur-db, after the snapshot cruddur-db-final-/)
  const done = await run(fake, 'delete cruddur-db --unprotect --with-extras', 'cruddur-db')
  expect(done.stdout).toMatch(
    /^cruddur-db is deleted\.\nWhat was in it is in the snapshot cruddur-db-final-\d{8}-\d{6}\.\n$/,
  )
  expect([fake.state.instances.size, fake.state.snapshots.size, fake.state.subnetGroups.size]).toEqual([0, 1, 0])
})

test('allow lets this machine in for some hours, and revoke takes it back', async () => {
  const fake = fakeAws()
  await run(fake, 'create cruddur-db --yes --reachable-from 198.51.100.4/32')
  const allowed = await run(fake, 'allow cruddur-db --address 203.0.113.7 --for 2h')
  expect(allowed.stdout).toMatch(
    /^203\.0\.113\.7\/32 is let in until 2026-11-24 11:\d\d UTC\.\nIt can be reached now: /,
  )
  expect((await run(fake, 'allow cruddur-db --list')).stdout).toMatch(
    /203\.0\.113\.7\/32 +5432 +2026-11-24 11:\d\d UTC +\S+@\S+ +sgr-/,
  )
  fake.advance(3 * 3_600_000)
  expect((await run(fake, 'allow cruddur-db --list')).stdout).toContain('Removed the rule for 203.0.113.7/32')
  await run(fake, 'allow cruddur-db --address 203.0.113.7')
  expect((await run(fake, 'revoke cruddur-db')).stdout).toMatch(/^Took away 203\.0\.113\.7\/32/)
  expect([...fake.state.securityGroupRules.values()].map(({ CidrIpv4 }) => CidrIpv4)).toEqual(['198.51.100.4/32'])
  const [id = ''] = fake.state.securityGroupRules.keys()
  expect((await run(fake, `revoke cruddur-db --rule ${id}`)).exitCode).toBe(4)
  expect((await run(fake, `revoke cruddur-db --rule ${id} --yes`)).exitCode).toBe(0)
})

test('a private instance is not opened: the way over SSM is printed', async () => {
  const fake = await withInstance()
  const { exitCode, stdout } = await run(fake, 'allow cruddur-db --address 203.0.113.7')
  expect(exitCode).toBe(5)
  expect(stdout).toContain('✗ It has no public address.')
  expect(stdout).toContain('AWS-StartPortForwardingSessionToRemoteHost')
  expect(fake.state.securityGroupRules.size).toBe(0)
})

test('a rule that does not help yet says what is missing', async () => {
  const fake = fakeAws()
  await run(fake, 'create cruddur-db --yes --reachable-from 198.51.100.4/32')
  const vpc = fake.state.vpcs.get('vpc-0default')
  if (vpc) vpc.dnsHostnames = false
  const { exitCode, stdout } = await run(fake, 'allow cruddur-db --address 203.0.113.7')
  expect(exitCode).toBe(5)
  expect(stdout).toContain('✗ The network has DNS hostnames switched off')
})

test('url has no secret in it, unless it is revealed', async () => {
  const fake = await withInstance()
  const place = 'cruddur-db.c9akciq32.eu-central-1.rds.amazonaws.com:5432/cruddur?sslmode=verify-full'
  expect((await run(fake, 'url cruddur-db')).stdout).toBe(`postgresql://cruddur_owner@${place}\n`)
  // By the target that create has written.
  expect((await run(fake, 'url prod')).stdout).toBe(`postgresql://cruddur_owner@${place}\n`)
  expect((await run(fake, 'url prod --reveal')).stdout).toBe(
    `postgresql://cruddur_owner:managed%20cruddur-db%201@${place}\n`,
  )
  const token = await run(fake, 'url prod --user cruddur_app --login iam --reveal')
  expect(token.stdout).toContain(
    `postgresql://cruddur_app:cruddur-db.c9akciq32.eu-central-1.rds.amazonaws.com%3A5432%2F%3FAction%3Dconnect`,
  )
  expect(token.stderr).toMatch(/The token begins sessions until \d\d:\d\d UTC\./)
  expect((await run(fake, 'url prod --user cruddur_app --login secret')).stderr).toContain(
    'No secret is known for cruddur_app',
  )
})

test('a target that names an instance is asked where it is, and config shows no secret', async () => {
  const fake = await withInstance()
  const { stdout } = await run(fake, 'config prod')
  expect(stdout).toMatch(/host +cruddur-db\.c9akciq32\.eu-central-1\.rds\.amazonaws\.com +RDS cruddur-db/)
  expect(stdout).toMatch(/password +\*\*\* +AWS Secrets Manager/)
  expect(stdout).not.toContain('managed')
})

test('rotate has RDS make a password, logs in with it, and names who runs on the old one', async () => {
  const fake = await withInstance()
  server = () => [
    { pid: 7, startedAt: '2026-11-24T08:00:00Z', application: 'old' },
    { pid: 8, startedAt: '2026-11-25T08:00:00Z', application: 'young' },
  ]
  const { exitCode, stdout, stderr } = await run(fake, 'rotate cruddur-db', 'cruddur-db')
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(
      /^The password of cruddur_owner is changed, and logging in with it works\. It is in arn:\S+\nWith the old one these still run, until they end:\n {2}7 {2}old .*\n$/,
    ),
  })
  expect(logins).toMatchObject([
    { user: 'cruddur_owner', password: 'managed cruddur-db 2', tls: { mode: 'verify-full' } },
  ])
  expect(stdout + stderr).not.toContain('managed')
  const log = readFileSync(join(folder, '.pgrig/log.jsonl'), 'utf8')
  expect(log).toContain('"what":"rotates the password of the master user"')
  expect(log).not.toContain('managed')
})

test('rotate tries again while the server does not know the password yet, and says so when it never does', async () => {
  const fake = await withInstance()
  server = () => {
    if (logins.length < 3) throw refusal('connection_denied', '28P01')
    return []
  }
  expect((await run(fake, 'rotate cruddur-db --confirm cruddur-db')).stdout).toContain('Nobody runs on the old one.')
  expect(logins).toHaveLength(3)
  server = () => {
    throw refusal('connection_denied', '28P01')
  }
  const never = await run(fake, 'rotate cruddur-db --confirm cruddur-db')
  expect(never.exitCode).not.toBe(0)
  expect(never.stderr).toContain('The server does not accept the new password of cruddur_owner.')
  expect(never.stdout + never.stderr).not.toContain('managed')
})

test('rotate says that a password was not tried where the server cannot be reached', async () => {
  const fake = await withInstance()
  server = () => {
    throw refusal('connection_refused')
  }
  const { exitCode, stdout } = await run(fake, 'rotate cruddur-db --confirm cruddur-db')
  expect(exitCode).toBe(5)
  expect(stdout).toContain('It was not tried: The server does not answer.')
})

test('rotate changes nothing in a dry run, without the name, and where RDS has no password', async () => {
  const fake = await withInstance()
  expect((await run(fake, 'rotate cruddur-db --dry-run')).stdout).toContain('Would have RDS change the password')
  expect((await run(fake, 'rotate cruddur-db --confirm cruddur')).exitCode).toBe(4)
  await run(fake, 'create by-iam --yes --master iam --as test')
  expect((await run(fake, 'rotate by-iam --confirm by-iam')).stderr).toContain('RDS does not manage the password')
  expect(fake.calls.filter(({ operation }) => operation === 'ModifyDBInstance')).toEqual([])
})

test('a new secret that RDS does not make in time is a failure that says what is in use', async () => {
  const fake = await withInstance()
  fake.beforeCall(({ action }) => {
    const [secret] = fake.state.secrets.values()
    // The version that RDS adds is taken away again before anybody sees it.
    if (action === 'secretsmanager:GetSecretValue' && secret && secret.versions.length > 1) {
      secret.versions.splice(1)
      for (const version of secret.versions) version.stages = ['AWSCURRENT']
    }
  })
  const { exitCode, stderr } = await run(fake, 'rotate cruddur-db --confirm cruddur-db')
  expect(exitCode).toBe(1)
  expect(stderr).toContain('the password that was is in use until then')
  expect(logins).toEqual([])
})

describe('a cluster of Aurora with two members', () => {
  function withCluster(): FakeAws {
    const fake = fakeAws()
    addCluster(fake.state, 'shop')
    return fake
  }

  test('is listed with its members, which are not taken for instances', async () => {
    const { stdout } = await run(withCluster(), 'list')
    expect(stdout).toMatch(/^shop +cluster +aurora-postgresql /m)
    expect(stdout).toMatch(/^shop-1 +member of shop +aurora-postgresql /m)
    expect(stdout).toMatch(/^shop-2 +member of shop +aurora-postgresql /m)
  })

  test('is stopped and started as a whole, and a member is not', async () => {
    const fake = withCluster()
    expect((await run(fake, 'stop shop-1 --confirm shop-1')).stderr).toContain('shop-1 belongs to the cluster shop')
    const stopped = await run(fake, 'stop shop --confirm shop')
    expect(stopped.stdout).toContain('shop is stopped.\nRDS starts it again by itself at 2026-12-01')
    expect(fake.state.instances.get('shop-2')?.record.DBInstanceStatus).toBe('stopped')
    expect((await run(fake, 'start shop')).stdout).toContain('shop is available')
  })

  test('has a reader, by url and by a target', async () => {
    const fake = withCluster()
    const reader = 'shop.cluster-ro-c9akciq32.eu-central-1.rds.amazonaws.com'
    expect((await run(fake, 'url shop --reader')).stdout).toContain(`@${reader}:5432/shop?sslmode=verify-full`)
    expect((await run(fake, 'url shop')).stdout).toContain('@shop.cluster-c9akciq32.')
    writeFileSync(join(folder, 'pgrig.json'), '{ "targets": { "read": { "rds": "shop", "reader": true } } }\n')
    expect((await run(fake, 'config read')).stdout).toContain(reader)
    expect((await run(fake, 'url shop-1 --reader')).stderr).toContain('has no endpoint for reading')
  })

  test('has its password rotated, which a member has not', async () => {
    const fake = withCluster()
    expect((await run(fake, 'rotate shop-1 --confirm shop-1')).stderr).toContain('shop-1 belongs to the cluster shop')
    expect((await run(fake, 'rotate shop --confirm shop')).stdout).toContain('The password of shop_owner is changed')
    expect(logins).toMatchObject([
      { host: 'shop.cluster-c9akciq32.eu-central-1.rds.amazonaws.com', user: 'shop_owner' },
    ])
  })

  test('is not deleted by a command for instances, nor is a member', async () => {
    const fake = withCluster()
    for (const name of ['shop', 'shop-1'])
      expect((await run(fake, `delete ${name} --confirm ${name} --unprotect`)).stderr).toContain(
        'pgrig deletes instances',
      )
    expect([fake.state.clusters.size, fake.state.instances.size]).toEqual([1, 2])
  })
})

test('what was asked of RDS is on record, with its end', async () => {
  const fake = await withInstance()
  fake.deny('rds:StopDBInstance')
  await run(fake, 'stop cruddur-db --confirm cruddur-db')
  const lines = readFileSync(join(folder, '.pgrig/log.jsonl'), 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { command: 'rds create', what: 'creates an instance', result: 'started' },
    { command: 'rds create', server: 'cruddur-db on RDS in eu-central-1', result: 'done' },
    { command: 'rds stop', what: 'stops it', result: 'started', role: null },
    { command: 'rds stop', result: 'failed', error: 'aws_denied' },
  ])
})

/** How each command of RDS is run to its end: on an account with one instance. */
const wholeRuns: Record<string, string> = {
  'rds create': 'create cruddur-two --yes --from-group sg-0default',
  'rds list': 'list',
  'rds status': 'status cruddur-db --wait',
  'rds start': 'start cruddur-db',
  'rds stop': 'stop cruddur-db --confirm cruddur-db',
  'rds allow': 'allow cruddur-db --address 203.0.113.7',
  'rds revoke': 'revoke cruddur-db --all',
  'rds rotate': 'rotate cruddur-db --confirm cruddur-db',
  'rds url': 'url cruddur-db --reveal',
  'rds delete': 'delete cruddur-db --confirm cruddur-db --unprotect --with-extras',
}

async function prepared(name: string): Promise<FakeAws> {
  if (name === 'rds allow' || name === 'rds revoke') {
    const fake = fakeAws()
    await run(fake, 'create cruddur-db --yes --reachable-from 198.51.100.4/32')
    // Once, so that the second time extends it, or takes it back.
    await run(fake, 'allow cruddur-db --address 203.0.113.7')
    return fake
  }
  const fake = await withInstance()
  if (name === 'rds start') await run(fake, 'stop cruddur-db --confirm cruddur-db')
  return fake
}

test('every command that calls AWS is in the table', async () => {
  const commands = await loadAll(commandsIn(new URL('./commands/', import.meta.url)))
  expect(commands.filter(({ aws }) => aws).map(({ name }) => name)).toEqual(Object.keys(wholeRuns).sort())
})

describe.each(Object.keys(wholeRuns))('%s', (name) => {
  test('calls nothing that --iam does not print, and says of each denied call which action is missing', async () => {
    const whole = await prepared(name)
    const before = whole.calls.length
    expect((await run(whole, wholeRuns[name] ?? '')).exitCode).toBe(0)
    const actions = [...new Set(whole.calls.slice(before).map(({ action }) => action))]
    const policy = JSON.parse((await run(whole, `${wholeRuns[name]} --iam`)).stdout)
    const allowed = policy.Statement.flatMap(({ Action }: { Action: string[] }) => Action)
    expect(actions.filter((action) => !allowed.includes(action))).toEqual([])

    for (const action of actions) {
      // Without events a wait still sees the state, and what would not go is said at the end.
      if (
        [
          'rds:DescribeEvents',
          'ec2:DeleteSecurityGroup',
          'rds:DeleteDBSubnetGroup',
          'rds:DeleteDBParameterGroup',
        ].includes(action)
      )
        continue
      const fake = await prepared(name)
      fake.deny(action)
      const { exitCode, stderr } = await run(fake, wholeRuns[name] ?? '')
      expect({ action, exitCode }).toEqual({ action, exitCode: 1 })
      expect(stderr).toContain(`does not allow ${action}`)
      fake.allow(action)
      expect((await run(fake, wholeRuns[name] ?? '')).exitCode).toBe(0)
    }
  })
})
