import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fakeAws, type FakeAws } from '../../../tests/support/fake-aws/fake-aws.ts'
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
  return (...given) => createTools(...given, { openAws: async () => ({ ...aws, close() {} }), clock })
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

/** How each command of RDS is run to its end: on an account with one instance. */
const wholeRuns: Record<string, string> = {
  'rds create': 'create cruddur-two --yes --from-group sg-0default',
  'rds list': 'list',
  'rds status': 'status cruddur-db --wait',
  'rds start': 'start cruddur-db',
  'rds stop': 'stop cruddur-db --confirm cruddur-db',
  'rds allow': 'allow cruddur-db --address 203.0.113.7',
  'rds revoke': 'revoke cruddur-db --all',
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
