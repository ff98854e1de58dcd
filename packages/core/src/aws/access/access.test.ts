import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { fakeAws } from '../../../../../tests/support/fake-aws/fake-aws.ts'
import { applyCreation, waitForCreation } from '../create/apply.ts'
import { planCreation } from '../create/plan.ts'
import { readRdsInstance } from '../instances.ts'
import { contains, parseRange } from './address-range.ts'
import { readNetworkFacts } from './network-facts.ts'
import { findPublicAddress } from './public-address.ts'
import { judgeReachability, type Condition } from './reachability.ts'
import { allowAccess, findAccessGroup, findSharers, listAccess, removeExpired, revokeAccess } from './rules.ts'

async function publicInstance() {
  const fake = fakeAws()
  const plan = await planCreation(fake.aws, {
    name: 'cruddur-db',
    production: false,
    database: 'cruddur',
    master: 'secret',
    reachableFrom: ['198.51.100.4/32'],
    fromGroups: [],
    tags: {},
    program: 'pgrig 0.1.0',
  })
  await applyCreation(fake.aws, plan, { clock: fake.clock })
  await waitForCreation(fake.aws, 'cruddur-db', { clock: fake.clock })
  return { ...fake, instance: await readRdsInstance(fake.aws, 'cruddur-db') }
}

const hour = 3_600_000

test('a rule lets one address in for a time, says who asked for it, and goes when that is over', async () => {
  const { aws, state, instance } = await publicInstance()
  const group = await findAccessGroup(aws, instance)
  const expiresAt = new Date(state.now + 8 * hour)
  const { rule } = await allowAccess(aws, instance, group, {
    network: '203.0.113.7/32',
    wide: false,
    expiresAt,
    owner: 'ann@laptop',
  })
  expect(rule).toMatchObject({
    from: '203.0.113.7/32',
    ports: '5432',
    owner: 'ann@laptop',
    expiresAt: expiresAt.toISOString(),
  })
  expect((await listAccess(aws, instance)).map(({ from }) => from)).toEqual(['203.0.113.7/32', '198.51.100.4/32'])
  expect(await removeExpired(aws, instance, new Date(state.now + 7 * hour))).toEqual([])
  expect((await removeExpired(aws, instance, new Date(state.now + 8 * hour))).map(({ id }) => id)).toEqual([rule.id])
  expect((await listAccess(aws, instance)).map(({ from }) => from)).toEqual(['198.51.100.4/32'])
  await revokeAccess(aws, [rule])
})

test('a group that others use too is known by their network interfaces, also those that RDS does not name', async () => {
  const { aws, state, instance } = await publicInstance()
  const group = await findAccessGroup(aws, instance)
  const add = (id: string, description: string) =>
    state.interfaces.push({ NetworkInterfaceId: id, Description: description, Groups: [{ GroupId: group }] })
  add('eni-1', 'RDSNetworkInterface')
  expect(await findSharers(aws, group, instance)).toEqual([])
  add('eni-2', 'RDSNetworkInterface')
  add('eni-3', 'a web server')
  expect(await findSharers(aws, group, instance)).toEqual(['eni-3 (a web server)', '1 more of RDS (eni-1, eni-2)'])
  // A standby has one of its own.
  expect(await findSharers(aws, group, { ...instance, multiAz: true })).toEqual(['eni-3 (a web server)'])
})

test('asked again it lasts longer, and a rule of somebody else keeps its own way', async () => {
  const { aws, state, instance } = await publicInstance()
  const group = await findAccessGroup(aws, instance)
  const request = { network: '203.0.113.7/32', wide: false, owner: 'ann@laptop' }
  await allowAccess(aws, instance, group, { ...request, expiresAt: new Date(state.now + hour) })
  const later = new Date(state.now + 8 * hour)
  expect(await allowAccess(aws, instance, group, { ...request, expiresAt: later })).toMatchObject({
    extended: true,
    rule: { expiresAt: later.toISOString() },
  })
  expect((await listAccess(aws, instance))[0]).toMatchObject({ expiresAt: later.toISOString() })
  // As rds create was told: it has no end.
  expect(
    await allowAccess(aws, instance, group, { ...request, network: '198.51.100.4/32', expiresAt: later }),
  ).toMatchObject({
    extended: false,
    rule: { expiresAt: null, owner: null },
  })
})

test.each([
  ['0.0.0.0/0', true, 'is everybody'],
  ['203.0.0.0/16', true, 'is too many'],
  ['203.0.113.0/24', false, 'more than one address'],
  ['2001:db8::/64', false, 'more than one address'],
  ['203.0.113.7', false, 'no network'],
  ['home/32', false, 'no network'],
])('%s (wide: %s) is refused', async (network, wide, message) => {
  const { aws, instance, calls } = await publicInstance()
  const before = calls.length
  await expect(
    allowAccess(aws, instance, 'sg-1', { network, wide, expiresAt: new Date(), owner: 'ann' }),
  ).rejects.toThrow(message)
  expect(calls.length).toBe(before)
})

test('a private instance is missing three of four conditions', async () => {
  const { aws, state } = await publicInstance()
  const { record } = state.instances.get('cruddur-db') ?? {}
  if (record) record.PubliclyAccessible = false
  const facts = await readNetworkFacts(aws, await readRdsInstance(aws, 'cruddur-db'))
  const { reachable, conditions } = judgeReachability(facts, '203.0.113.7')
  expect(reachable).toBe(false)
  expect(conditions.filter(({ holds }) => !holds).map(({ condition }) => condition)).toEqual(['public', 'rule'])
})

describe('random networks', () => {
  // A generator of numbers, the same in every run.
  let seed = 20_261_124
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed / 2_147_483_648
  }
  const maybe = (chance = 0.5) => random() < chance
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item

  test('the verdict is that of a small model, and says which condition is missing', async () => {
    const base = await publicInstance()
    const { aws, state } = base
    const { record } = state.instances.get('cruddur-db') ?? {}
    const group = record?.VpcSecurityGroups?.[0]?.VpcSecurityGroupId ?? ''
    const main = state.routeTables.get('rtb-0default')
    const vpc = state.vpcs.get('vpc-0default')
    const gateway = state.gateways.get('igw-0default')
    if (!record || !main || !vpc || !gateway) throw new Error('The account is not as expected')
    let reached = 0
    for (let round = 0; round < 400; round++) {
      const isPublic = maybe(0.8)
      const attached = maybe(0.9)
      const route = pick(['good', 'good', 'good', 'blackhole', 'none', 'narrow'] as const)
      const dns = { support: maybe(0.9), hostnames: maybe(0.9) }
      const network = pick(['203.0.113.7/32', '203.0.113.0/24', '0.0.0.0/0', '203.0.113.8/32', '198.51.100.0/24'])
      const port = pick(['exact', 'exact', 'range', 'all', 'other'] as const)
      const egress = maybe(0.1)

      record.PubliclyAccessible = isPublic
      gateway.Attachments = attached ? [{ VpcId: 'vpc-0default', State: 'attached' }] : []
      main.Routes =
        route === 'none'
          ? []
          : [
              {
                DestinationCidrBlock: route === 'narrow' ? '198.51.0.0/16' : '0.0.0.0/0',
                GatewayId: 'igw-0default',
                State: route === 'blackhole' ? 'blackhole' : 'active',
              },
            ]
      vpc.dnsSupport = dns.support
      vpc.dnsHostnames = dns.hostnames
      state.securityGroupRules.clear()
      const ports = { exact: [5432, 5432], range: [5000, 6000], all: [-1, -1], other: [5433, 5433] }[port]
      state.securityGroupRules.set('sgr-1', {
        SecurityGroupRuleId: 'sgr-1',
        GroupId: group,
        IsEgress: egress,
        IpProtocol: port === 'all' ? '-1' : 'tcp',
        FromPort: ports[0],
        ToPort: ports[1],
        CidrIpv4: network,
      })

      const model: Record<Condition, boolean> = {
        public: isPublic,
        route: attached && route === 'good',
        rule: !egress && port !== 'other' && ['203.0.113.7/32', '203.0.113.0/24', '0.0.0.0/0'].includes(network),
        dns: dns.support && dns.hostnames,
      }
      const { reachable, conditions } = judgeReachability(
        await readNetworkFacts(aws, await readRdsInstance(aws, 'cruddur-db')),
        '203.0.113.7',
      )
      expect(Object.fromEntries(conditions.map(({ condition, holds }) => [condition, holds]))).toEqual(model)
      expect(reachable).toBe(Object.values(model).every(Boolean))
      if (reachable) reached++
    }
    expect(reached).toBeGreaterThan(10)
  })

  test('a network holds an address exactly when its bits say so', () => {
    for (let round = 0; round < 2000; round++) {
      const number = Math.floor(random() * 2 ** 32)
      const bits = Math.floor(random() * 33)
      const dotted = (value: number) => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')
      const size = 2 ** (32 - bits)
      const first = Math.floor(number / size) * size
      const other = maybe() ? first + Math.floor(random() * size) : Math.floor(random() * 2 ** 32)
      const network = parseRange(`${dotted(first)}/${bits}`)
      const address = parseRange(dotted(other))
      if (!network || !address) throw new Error('Not read')
      expect(contains(network, address)).toBe(other >= first && other < first + size)
    }
  })
})

test.each([
  ['2001:db8::/32', '2001:db8:0:1::7', true],
  ['2001:db8::/32', '2001:db9::7', false],
  ['::ffff:203.0.113.0/120', '::ffff:203.0.113.9', true],
  ['::/0', '203.0.113.9', false],
  ['fe80::1/128', 'fe80::1', true],
])('%s holds %s: %s', (network, address, expected) => {
  const [outer, inner] = [parseRange(network), parseRange(address)]
  expect(outer && inner && contains(outer, inner)).toBe(expected)
})

describe('the public address of this machine', () => {
  const answering = async (texts: (string | number)[]) => {
    const servers = await Promise.all(
      texts.map(
        (text) =>
          new Promise<{ url: string; close: () => void }>((resolve) => {
            const server = createServer((_request, response) => {
              if (typeof text === 'number') response.writeHead(text).end('no')
              else response.end(text)
            }).listen(0, '127.0.0.1', () =>
              resolve({
                url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
                close: () => server.close(),
              }),
            )
          }),
      ),
    )
    try {
      return await findPublicAddress({ services: servers.map(({ url }) => url) })
    } finally {
      for (const { close } of servers) close()
    }
  }

  test('is what both services say', async () => {
    expect(await answering(['203.0.113.7\n', '203.0.113.7'])).toBe('203.0.113.7')
    expect(await answering(['2001:db8::7', '2001:db8::7'])).toBe('2001:db8::7')
  })

  test.each([
    [['203.0.113.7', '203.0.113.8'], 'do not agree'],
    [['203.0.113.7', 503], 'none can be checked'],
    [['<html>', '203.0.113.7'], 'answered no address'],
    [[500, 500], 'No service tells'],
  ])('is not guessed from %j', async (texts, message) => {
    await expect(answering(texts)).rejects.toThrow(message)
  })
})
