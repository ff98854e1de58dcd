import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAws } from '../../packages/core/src/aws/client.ts'
import { rotatedPassword, startMoto, type Moto } from '../support/moto.ts'
import { makeProject, type TestProject } from '../support/program.ts'

// moto is an AWS by others, where state has no time: what takes RDS minutes is there at once, and no status is in between.

let moto: Moto | undefined
beforeAll(async () => {
  moto = await startMoto('The life of an instance against moto')
}, 120_000)
afterAll(() => moto?.stop())

async function makeAccount({ endpoint, variables }: Moto): Promise<TestProject> {
  Object.assign(process.env, variables, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' })
  const aws = await openAws({ endpoint, region: 'eu-central-1' })
  // moto's default network has no way to the internet, and AWS's has.
  const { Vpcs: [vpc] = [] } = await aws.call('ec2', 'DescribeVpcs', {})
  const VpcId = vpc?.VpcId ?? ''
  const { InternetGateway } = await aws.call('ec2', 'CreateInternetGateway', {})
  const InternetGatewayId = InternetGateway?.InternetGatewayId ?? ''
  await aws.call('ec2', 'AttachInternetGateway', { VpcId, InternetGatewayId })
  const { RouteTables: [table] = [] } = await aws.call('ec2', 'DescribeRouteTables', {
    Filters: [{ Name: 'vpc-id', Values: [VpcId] }],
  })
  await aws.call('ec2', 'CreateRoute', {
    RouteTableId: table?.RouteTableId ?? '',
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: InternetGatewayId,
  })
  aws.close()
  return makeProject({ 'pgrig.json': '{ "database": "cruddur" }' })
}

test(
  'the whole life of an instance, with the built program, against an AWS by others',
  { timeout: 180_000 },
  async () => {
    if (!moto) return
    const { variables: env } = moto
    const project = await makeAccount(moto)
    const everything: string[] = []
    const rds = async (words: string, code = 0) => {
      const outcome = await project.pgrig(['rds', ...words.split(' ')], { env })
      everything.push(outcome.stdout, outcome.stderr)
      expect({ words, ...outcome }).toMatchObject({ code })
      return outcome.stdout
    }

    expect(await rds('list')).toBe('There is none. pgrig rds create makes one.\n')
    const plan = JSON.parse(await rds('create cruddur-db --dry-run --json')).plan
    expect(plan.calls.at(-1).input).toMatchObject({
      StorageEncrypted: true,
      PubliclyAccessible: false,
      EngineVersion: '18.4',
    })
    expect(await rds('create cruddur-db --yes')).toMatch(
      /^cruddur-db is available at cruddur-db\.\S+\.rds\.amazonaws\.com:5432\.\n/,
    )
    const status = JSON.parse(await rds('status cruddur-db --json'))
    expect(status).toMatchObject({
      kind: 'instance',
      publiclyAccessible: false,
      encrypted: true,
      deletionProtection: true,
      iamAuthentication: true,
      backupDays: 7,
      masterUser: 'cruddur_owner',
      parameterGroups: ['pgrig-cruddur-db-postgres18'],
      tags: { 'pgrig:instance': 'cruddur-db' },
    })
    // Asked again it says that it is there; asked for something else, what differs.
    expect(await rds('create cruddur-db --yes')).toContain('is available')
    await rds('create cruddur-db --yes --class db.t4g.small', 1)

    // Private: nothing is opened.
    expect(await rds('allow cruddur-db --address 203.0.113.7', 5)).toContain(
      'AWS-StartPortForwardingSessionToRemoteHost',
    )

    // Public: a rule for an address, for some hours.
    expect(await rds('create cruddur-open --yes --as open --reachable-from 198.51.100.4/32')).toContain('is available')
    const allowed = JSON.parse(await rds('allow cruddur-open --address 203.0.113.7 --for 2h --json'))
    expect(allowed.rule).toMatchObject({ from: '203.0.113.7/32', ports: '5432' })
    expect(allowed.reachability).toMatchObject({ reachable: true })
    expect(await rds('allow cruddur-open --address 203.0.113.7 --for 4h')).toContain('longer than before')
    expect(await rds('revoke cruddur-open')).toMatch(/^Took away 203\.0\.113\.7\/32/)

    // The target is in pgrig.json, and is asked where it is.
    expect(JSON.parse(await readFile(project.path('pgrig.json'), 'utf8')).targets).toEqual({
      prod: { rds: 'cruddur-db' },
      open: { rds: 'cruddur-open' },
    })
    // moto's managed secret is the same for all, whatever the master user is called: `admin`, and this.
    const secret = 'P@55w0rd!'
    expect(await rds('url prod')).toBe(`postgresql://admin@${status.host}:5432/cruddur?sslmode=verify-full\n`)
    const config = await project.pgrig(['config', 'prod'], { env })
    everything.push(config.stdout, config.stderr)
    expect(config.stdout).toMatch(/password +\*\*\* +AWS Secrets Manager/)
    expect(everything.join('')).not.toContain(secret)
    expect(await rds('url prod --login secret --reveal')).toContain(encodeURIComponent(secret).replace('!', '%21'))

    // Behind moto's endpoints is no server: the new password cannot be tried, and that is said.
    expect(await rds('rotate cruddur-db --confirm cruddur-db', 5)).toContain('It was not tried: ')

    expect(await rds('stop cruddur-db --confirm cruddur-db')).toMatch(/^cruddur-db is stopped\./)
    expect(await rds('url prod', 1)).toBe('')
    expect(await rds('start cruddur-db')).toContain('cruddur-db is available')

    // moto does delete without a snapshot that is neither made nor skipped; we never ask that of it.
    await rds('delete cruddur-db --confirm cruddur-db', 1)
    expect(await rds('delete cruddur-db --confirm cruddur-db --unprotect --with-extras')).toMatch(
      /^cruddur-db is deleted\.\nWhat was in it is in the snapshot cruddur-db-final-/,
    )
    expect(await rds('list')).toMatch(/\ncruddur-open /)
    expect(await rds('list')).not.toContain('cruddur-db ')

    // Both passwords are in nothing that was printed, but where --reveal was asked for, and in no file.
    const files = (await readdir(project.folder, { recursive: true, withFileTypes: true })).filter((one) =>
      one.isFile(),
    )
    const texts = await Promise.all(files.map((file) => readFile(`${file.parentPath}/${file.name}`, 'utf8')))
    expect(texts.join('\n')).toContain('"what":"rotates the password of the master user"')
    const revealed = everything.filter((text) => text.includes('%21'))
    expect(revealed).toHaveLength(1)
    for (const one of [secret, encodeURIComponent(secret), rotatedPassword, env['AWS_SECRET_ACCESS_KEY']])
      expect([...everything.filter((text) => !revealed.includes(text)), ...texts].join('\n')).not.toContain(one)
  },
)

test('credentials that are missing, or a region that is not allowed, are sentences', async () => {
  if (!moto) return
  const project = await makeProject({ 'pgrig.json': '{ "aws": { "regions": ["eu-central-1"] } }' })
  const none = { AWS_EC2_METADATA_DISABLED: 'true', HOME: project.folder }
  const { code, stderr } = await project.pgrig(['rds', 'list', '--region', 'eu-central-1'], { env: none })
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^→ AWS eu-central-1\nerror: There are no credentials for AWS \(eu-central-1\)\.\n/),
  })
  const elsewhere = await project.pgrig(['rds', 'list', '--region', 'us-east-1'], { env: moto.variables })
  expect(elsewhere).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('pgrig.json allows eu-central-1, and not us-east-1.'),
  })
  const nowhere = await project.pgrig(['rds', 'list'], { env: none })
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing says which region of AWS.') })
})

test('a command that needs no AWS loads nothing of it, and one that does loads it', async () => {
  const project = await makeProject({ 'pgrig.json': '{ "targets": { "prod": { "rds": "cruddur-db" } } }' })
  const spy = await project.write('spy.mjs', spyText)
  const loads = async (...words: string[]) => {
    await project.write('read.txt', '')
    const { stdout, stderr } = await project.pgrig(words, {
      env: {
        NODE_OPTIONS: `--import ${spy}`,
        AWS_EC2_METADATA_DISABLED: 'true',
        HOME: project.folder,
        AWS_REGION: 'eu-central-1',
      },
    })
    expect(stdout + stderr, words.join(' ')).not.toBe('')
    const read = await readFile(project.path('read.txt'), 'utf8')
    expect(read).toContain('/packages/cli/')
    return awsPath.test(read)
  }
  for (const words of [
    ['--help'],
    ['rds', '--help'],
    ['rds', 'create', '--help'],
    ['config'],
    ['--version'],
    ['rds', 'list', '--iam'],
  ])
    expect({ words, aws: await loads(...words) }).toEqual({ words, aws: false })
  expect(await loads('rds', 'list')).toBe(true)
})

const awsPath = /node_modules\/@(?:aws-sdk|smithy)\//

/** Writes down at the end which modules were loaded. The program loads those of its bundle itself, and the SDK as Node.js does. */
const spyText = `import { createRequire } from 'node:module'
import { writeFileSync } from 'node:fs'
const { cache } = createRequire(import.meta.url)
process.on('exit', () => writeFileSync(new URL('read.txt', import.meta.url), Object.keys(cache).join('\\n')))
`
