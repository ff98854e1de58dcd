import type { RouteTable, Subnet } from '@aws-sdk/client-ec2'
import { Failure } from '../../errors.ts'
import type { Aws } from '../port.ts'
import { findInternet } from '../routes.ts'
import { instanceTag, type CreationRequest } from './request.ts'

/** Where an instance is put. */
export interface PlannedNetwork {
  vpc: string
  /** `10.0.0.0/16` */
  vpcNetwork: string
  /** Subnets that are there, in two zones at least. */
  subnets: string[]
  /** Subnets to be made, without a way to the internet. */
  newSubnets: NewSubnet[]
  /** A route table that an earlier run has made for them. */
  routeTable: string | undefined
}

/** A subnet that is to be; where an earlier run has begun, it has an id, and perhaps its routes. */
export interface NewSubnet {
  zone: string
  network: string
  id: string | undefined
  routed: boolean
}

/**
 * Finds a network and subnets: for a private instance those without a route to the internet, and free room for new ones where
 * there are not enough; for a public one those with such a route.
 *
 * @throws `aws_not_found`, `usage`.
 */
export async function findNetwork(
  aws: Aws,
  { name, vpc, subnets, reachableFrom }: CreationRequest,
): Promise<PlannedNetwork> {
  const { Vpcs = [] } = await aws.call('ec2', 'DescribeVpcs', vpc === undefined ? {} : { VpcIds: [vpc] })
  const chosen = Vpcs.length === 1 ? Vpcs[0] : Vpcs.find(({ IsDefault }) => IsDefault)
  if (chosen?.VpcId === undefined || chosen.CidrBlock === undefined) {
    throw new Failure(
      'aws_not_found',
      `There ${Vpcs.length === 0 ? 'is no network' : 'are several networks, and none is the default one,'} in ${aws.region}.`,
      {
        hint: `Name one with --vpc${Vpcs.length === 0 ? '; aws ec2 create-default-vpc makes one' : `: ${Vpcs.map(({ VpcId }) => VpcId).join(', ')}`}.`,
      },
    )
  }
  const { VpcId, CidrBlock } = chosen
  const { Subnets = [] } = await aws.call('ec2', 'DescribeSubnets', { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })
  if (subnets !== undefined)
    return {
      vpc: VpcId,
      vpcNetwork: CidrBlock,
      subnets: checkSubnets(subnets, Subnets, VpcId),
      newSubnets: [],
      routeTable: undefined,
    }

  const { RouteTables = [] } = await aws.call('ec2', 'DescribeRouteTables', {
    Filters: [{ Name: 'vpc-id', Values: [VpcId] }],
  })
  const wantPublic = reachableFrom.length > 0
  const fitting = Subnets.filter((subnet) => reachesInternet(subnet, RouteTables) === wantPublic)
  const ids = fitting.flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId]))
  if (new Set(fitting.map(zoneOf)).size >= 2)
    return { vpc: VpcId, vpcNetwork: CidrBlock, subnets: ids.sort(), newSubnets: [], routeTable: undefined }
  if (wantPublic) {
    throw new Failure('aws_not_found', `${VpcId} has no subnets in two zones with a route to the internet.`, {
      hint: 'An instance that is reached over the internet needs them. Leave out --reachable-from, and connect over SSM: docs/guide/rds.md.',
    })
  }
  const zones = [...new Set(Subnets.map(zoneOf))]
    .filter((zone) => zone !== '')
    .sort()
    .slice(0, 2)
  if (zones.length < 2) {
    throw new Failure('aws_not_found', `${VpcId} has subnets in one zone alone, and RDS wants two.`, {
      hint: 'Name subnets with --subnet.',
    })
  }
  const mine = Subnets.filter(isMine(name))
  const taken = Subnets.flatMap(({ CidrBlock: network }) => (network === undefined ? [] : [network]))
  const free = freeNetworks(CidrBlock, taken, zones.length)
  const newSubnets = zones.map((zone, index): NewSubnet => {
    const begun = mine.find((subnet) => zoneOf(subnet) === zone)
    const routed = begun !== undefined && !reachesInternet(begun, RouteTables)
    return { zone, network: begun?.CidrBlock ?? free[index] ?? '', id: begun?.SubnetId, routed }
  })
  return {
    vpc: VpcId,
    vpcNetwork: CidrBlock,
    subnets: [],
    newSubnets,
    routeTable: RouteTables.find(isMine(name))?.RouteTableId,
  }
}

/** What was made for an instance carries its name. */
function isMine(
  name: string,
): (thing: { Tags?: { Key?: string | undefined; Value?: string | undefined }[] | undefined }) => boolean {
  return ({ Tags = [] }) => Tags.some(({ Key, Value }) => Key === instanceTag && Value === name)
}

/** Whether what is in a subnet can be reached from the internet, if it has a public address: its routes lead to a gateway. */
export function reachesInternet({ SubnetId = '' }: Subnet, tables: readonly RouteTable[]): boolean {
  const { four, six } = findInternet(SubnetId, tables, (gateway) => gateway.startsWith('igw-'))
  return four || six
}

function checkSubnets(wanted: readonly string[], there: readonly Subnet[], vpc: string): string[] {
  const found = wanted.map((id) => {
    const subnet = there.find(({ SubnetId }) => SubnetId === id)
    if (!subnet) throw new Failure('aws_not_found', `${vpc} has no subnet ${id}.`)
    return subnet
  })
  if (new Set(found.map(zoneOf)).size < 2) throw new Failure('usage', 'RDS wants subnets in two zones at least.')
  return [...wanted]
}

function zoneOf({ AvailabilityZone = '' }: Subnet): string {
  return AvailabilityZone
}

/** The highest /26s of a network that overlap nothing: an instance needs a few addresses, and the low ones are what others take next. */
export function freeNetworks(network: string, taken: readonly string[], count: number): string[] {
  const size = 64
  const [start, end] = rangeOf(network)
  const used = taken.map(rangeOf)
  const free: string[] = []
  for (let at = end + 1 - size; at >= start && free.length < count; at -= size) {
    if (used.every(([low, high]) => at > high || at + size - 1 < low)) free.push(`${dotted(at)}/26`)
  }
  if (free.length < count) {
    throw new Failure('aws_not_found', `${network} has no room for ${count} more subnets.`, {
      hint: 'Name subnets that are there with --subnet.',
    })
  }
  return free
}

function rangeOf(network: string): [first: number, last: number] {
  const [address = '', bits = '32'] = network.split('/')
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return [first, first + 2 ** (32 - Number(bits)) - 1]
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join('.')
}
