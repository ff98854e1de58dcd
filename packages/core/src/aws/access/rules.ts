import type { SecurityGroupRule } from '@aws-sdk/client-ec2'
import { Failure } from '../../errors.ts'
import type { RdsInstance } from '../instances.ts'
import type { Aws } from '../port.ts'
import { parseRange } from './address-range.ts'
import { readRules } from './network-facts.ts'
import { opensPort } from './reachability.ts'

const expiresTag = 'pgrig:expires'
const ownerTag = 'pgrig:owner'

/** A rule that lets somebody in to an instance. */
export interface AccessRule {
  id: string
  group: string
  /** A network, `sg-…` or `pl-…`. */
  from: string
  ports: string
  description: string
  /** Who asked pgrig for it; null where somebody else made the rule. */
  owner: string | null
  /** ISO 8601; null where it does not expire. */
  expiresAt: string | null
}

export interface AllowRequest {
  /** `203.0.113.7/32` */
  network: string
  /** Wider than one address on purpose. */
  wide: boolean
  expiresAt: Date
  /** `ann@laptop` */
  owner: string
}

export interface Allowed {
  rule: AccessRule
  /** It was there, and lasts longer now. */
  extended: boolean
}

/** Lists the rules that let somebody in to an instance's port, those of pgrig first. */
export async function listAccess(aws: Aws, { securityGroups, port }: RdsInstance): Promise<AccessRule[]> {
  const rules = await readRules(aws, securityGroups)
  return rules
    .filter((rule) => rule.IsEgress !== true && (port === null || opensPort(rule, port)))
    .map(describeRule)
    .sort((one, other) => Number(one.owner === null) - Number(other.owner === null) || (one.from < other.from ? -1 : 1))
}

/** Finds pgrig's rules whose time is over. */
export async function findExpired(aws: Aws, instance: RdsInstance, now: Date): Promise<AccessRule[]> {
  return (await listAccess(aws, instance)).filter(
    ({ owner, expiresAt }) => owner !== null && expiresAt !== null && Date.parse(expiresAt) <= now.getTime(),
  )
}

/** Removes them, and returns them. Nothing on AWS's side does it. */
export async function removeExpired(aws: Aws, instance: RdsInstance, now: Date): Promise<AccessRule[]> {
  const over = await findExpired(aws, instance, now)
  await revokeAccess(aws, over)
  return over
}

/** The group that a rule goes into: that which pgrig made, else the only one. Throws `aws_state` where there is no telling. */
export async function findAccessGroup(aws: Aws, { name, securityGroups }: RdsInstance): Promise<string> {
  const { SecurityGroups = [] } = await aws.call('ec2', 'DescribeSecurityGroups', { GroupIds: securityGroups })
  const own = SecurityGroups.find(({ GroupName }) => GroupName === `pgrig-${name}`)
  const chosen = own ?? (SecurityGroups.length === 1 ? SecurityGroups[0] : undefined)
  if (chosen?.GroupId === undefined) {
    throw new Failure(
      'aws_state',
      `${name} has several security groups, and none is pgrig's: ${securityGroups.join(', ')}.`,
      {
        hint: 'Name one with --group.',
      },
    )
  }
  return chosen.GroupId
}

/** What else a group lets in to: a rule in it opens all of them. */
export async function findSharers(aws: Aws, group: string, { name, multiAz }: RdsInstance): Promise<string[]> {
  const { NetworkInterfaces = [] } = await aws.call('ec2', 'DescribeNetworkInterfaces', {
    Filters: [{ Name: 'group-id', Values: [group] }],
  })
  const ofRds = NetworkInterfaces.filter(({ Description }) => Description === 'RDSNetworkInterface')
  const others = NetworkInterfaces.filter(({ Description }) => Description !== 'RDSNetworkInterface')
    .map(({ NetworkInterfaceId = '', Description = '' }) =>
      Description === '' ? NetworkInterfaceId : `${NetworkInterfaceId} (${Description})`,
    )
    .filter((text) => !text.includes(name))
  // They do not say whose they are. Of an instance there is one, with a standby in another zone two at times.
  const own = multiAz ? 2 : 1
  const more = ofRds.length - own
  if (more > 0)
    others.push(`${more} more of RDS (${ofRds.map(({ NetworkInterfaceId }) => NetworkInterfaceId).join(', ')})`)
  return others
}

/**
 * Lets a network in to an instance for a time. A rule that is there already lasts longer then; one that somebody else made is left
 * as it is.
 *
 * @throws `usage` where the network is wider than one address and that was not said.
 */
export async function allowAccess(
  aws: Aws,
  instance: RdsInstance,
  group: string,
  request: AllowRequest,
): Promise<Allowed> {
  const { network, expiresAt, owner } = request
  checkNetwork(request)
  const { port } = instance
  if (port === null) throw new Failure('aws_state', `${instance.name} has no port yet: it is ${instance.status}.`)
  const six = network.includes(':')
  const tags = [
    { Key: expiresTag, Value: expiresAt.toISOString() },
    { Key: ownerTag, Value: owner },
    { Key: 'pgrig:instance', Value: instance.name },
  ]
  const Description = describe(owner, expiresAt)
  try {
    const { SecurityGroupRules = [] } = await aws.call('ec2', 'AuthorizeSecurityGroupIngress', {
      GroupId: group,
      IpPermissions: [
        {
          IpProtocol: 'tcp',
          FromPort: port,
          ToPort: port,
          ...(six
            ? { Ipv6Ranges: [{ CidrIpv6: network, Description }] }
            : { IpRanges: [{ CidrIp: network, Description }] }),
        },
      ],
      TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: tags }],
    })
    const [made] = SecurityGroupRules
    return { rule: describeRule({ ...made, Tags: tags, Description }), extended: false }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'aws_exists') throw error
  }
  const there = (await readRules(aws, [group])).find(
    (rule) =>
      (rule.CidrIpv4 ?? rule.CidrIpv6) === network &&
      rule.IpProtocol === 'tcp' &&
      rule.FromPort === port &&
      rule.ToPort === port,
  )
  if (there?.SecurityGroupRuleId === undefined)
    throw new Failure('aws_failed', `A rule for ${network} is there and cannot be seen.`)
  const known = describeRule(there)
  // What somebody made for good is not given an end by us.
  if (known.owner === null) return { rule: known, extended: false }
  await aws.call('ec2', 'CreateTags', { Resources: [known.id], Tags: tags })
  await aws.call('ec2', 'UpdateSecurityGroupRuleDescriptionsIngress', {
    GroupId: group,
    SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: known.id, Description }],
  })
  return { rule: { ...known, owner, expiresAt: expiresAt.toISOString(), description: Description }, extended: true }
}

/** Takes rules away. One that is gone already is no error. */
export async function revokeAccess(aws: Aws, rules: readonly AccessRule[]): Promise<void> {
  for (const { id, group } of rules) {
    try {
      await aws.call('ec2', 'RevokeSecurityGroupIngress', { GroupId: group, SecurityGroupRuleIds: [id] })
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'aws_not_found') throw error
    }
  }
}

function checkNetwork({ network, wide }: AllowRequest): void {
  const range = parseRange(network)
  if (!range || !network.includes('/'))
    throw new Failure('usage', `${network} is no network.`, { hint: 'As 203.0.113.7/32.' })
  const one = range.version === 4 ? 32 : 128
  if (range.bits === one) return
  const widest = range.version === 4 ? 24 : 64
  if (range.bits < widest)
    throw new Failure(
      'usage',
      `${network} is ${range.bits === 0 ? 'everybody' : 'too many'}: /${widest} is the widest.`,
    )
  if (!wide) {
    throw new Failure('usage', `${network} is more than one address.`, {
      hint: 'Say so with --wide, if all of them are yours.',
    })
  }
}

function describeRule(rule: SecurityGroupRule): AccessRule {
  const tags = Object.fromEntries((rule.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]))
  const { FromPort, ToPort, IpProtocol } = rule
  return {
    id: rule.SecurityGroupRuleId ?? '',
    group: rule.GroupId ?? '',
    from: rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.ReferencedGroupInfo?.GroupId ?? rule.PrefixListId ?? '',
    ports: IpProtocol === '-1' ? 'all' : FromPort === ToPort ? String(FromPort) : `${FromPort}-${ToPort}`,
    description: rule.Description ?? '',
    owner: tags[ownerTag] ?? null,
    expiresAt: tags[expiresTag] ?? null,
  }
}

/** EC2 takes 255 of a few characters. */
function describe(owner: string, expiresAt: Date): string {
  return `pgrig rds allow ${owner} until ${expiresAt.toISOString().slice(0, 16)}Z`
    .replace(/[^a-zA-Z0-9. _:/()#,@[\]+=&;{}!$*-]/g, '-')
    .slice(0, 255)
}
