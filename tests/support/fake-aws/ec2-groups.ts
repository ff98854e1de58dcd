import { isIP } from 'node:net'
import type { SecurityGroupRule, TagSpecification } from '@aws-sdk/client-ec2'
import { fits } from './ec2.ts'
import { fault } from './faults.ts'
import type { Handlers } from './fake-aws.ts'
import { nextId } from './state.ts'

export const ec2GroupHandlers: Handlers<'ec2'> = {
  CreateSecurityGroup({ GroupName = '', Description, VpcId = '', TagSpecifications, DryRun }, state) {
    refuseDry(DryRun)
    if (!state.vpcs.has(VpcId)) throw fault('InvalidVpcID.NotFound', `The vpc ID '${VpcId}' does not exist`)
    const there = [...state.securityGroups.values()].some(
      (group) => group.GroupName === GroupName && group.VpcId === VpcId,
    )
    if (there)
      throw fault('InvalidGroup.Duplicate', `The security group '${GroupName}' already exists for VPC '${VpcId}'`)
    const id = nextId(state, 'sg')
    state.securityGroups.set(id, {
      GroupId: id,
      GroupName,
      VpcId,
      Description: Description ?? '',
      OwnerId: state.account,
      Tags: tagsFor(TagSpecifications, 'security-group'),
    })
    return { GroupId: id }
  },

  DescribeSecurityGroups({ GroupIds, Filters }, { securityGroups }) {
    for (const id of GroupIds ?? []) {
      if (!securityGroups.has(id)) throw fault('InvalidGroup.NotFound', `The security group '${id}' does not exist`)
    }
    return {
      SecurityGroups: [...securityGroups.values()].filter(
        (group) =>
          (GroupIds === undefined || GroupIds.includes(group.GroupId ?? '')) &&
          fits(Filters, {
            'group-name': group.GroupName,
            'vpc-id': group.VpcId,
            'group-id': group.GroupId,
            ...tagFilters(group.Tags),
          }),
      ),
    }
  },

  DeleteSecurityGroup({ GroupId = '' }, state) {
    if (!state.securityGroups.has(GroupId))
      throw fault('InvalidGroup.NotFound', `The security group '${GroupId}' does not exist`)
    const used = [...state.instances.values()].some(({ record }) =>
      record.VpcSecurityGroups?.some((group) => group.VpcSecurityGroupId === GroupId),
    )
    if (used) throw fault('DependencyViolation', `resource ${GroupId} has a dependent object`)
    state.securityGroups.delete(GroupId)
    for (const [id, rule] of state.securityGroupRules) if (rule.GroupId === GroupId) state.securityGroupRules.delete(id)
    return { Return: true, GroupId }
  },

  DescribeSecurityGroupRules({ Filters, SecurityGroupRuleIds }, { securityGroupRules }) {
    return {
      SecurityGroupRules: [...securityGroupRules.values()].filter(
        (rule) =>
          (SecurityGroupRuleIds === undefined || SecurityGroupRuleIds.includes(rule.SecurityGroupRuleId ?? '')) &&
          fits(Filters, { 'group-id': rule.GroupId, ...tagFilters(rule.Tags) }),
      ),
    }
  },

  AuthorizeSecurityGroupIngress({ GroupId = '', IpPermissions = [], TagSpecifications, DryRun }, state) {
    if (!state.securityGroups.has(GroupId))
      throw fault('InvalidGroup.NotFound', `The security group '${GroupId}' does not exist`)
    const made: SecurityGroupRule[] = []
    for (const permission of IpPermissions) {
      const common = {
        GroupId,
        IsEgress: false,
        IpProtocol: permission.IpProtocol ?? '-1',
        ...(permission.FromPort !== undefined && { FromPort: permission.FromPort }),
        ...(permission.ToPort !== undefined && { ToPort: permission.ToPort }),
        Tags: tagsFor(TagSpecifications, 'security-group-rule'),
      }
      for (const { CidrIp = '', Description } of permission.IpRanges ?? []) {
        made.push({ ...common, CidrIpv4: checkCidr(CidrIp, 4), ...described(Description) })
      }
      for (const { CidrIpv6 = '', Description } of permission.Ipv6Ranges ?? []) {
        made.push({ ...common, CidrIpv6: checkCidr(CidrIpv6, 6), ...described(Description) })
      }
      for (const { GroupId: other, Description } of permission.UserIdGroupPairs ?? []) {
        made.push({
          ...common,
          ReferencedGroupInfo: { ...(other !== undefined && { GroupId: other }) },
          ...described(Description),
        })
      }
      for (const { PrefixListId, Description } of permission.PrefixListIds ?? []) {
        made.push({ ...common, ...(PrefixListId !== undefined && { PrefixListId }), ...described(Description) })
      }
    }
    for (const rule of made) {
      if ([...state.securityGroupRules.values()].some((there) => sameRule(there, rule)))
        throw fault(
          'InvalidPermission.Duplicate',
          `the specified rule "peer: ${rule.CidrIpv4 ?? rule.CidrIpv6}" already exists`,
        )
    }
    refuseDry(DryRun)
    for (const rule of made) {
      rule.SecurityGroupRuleId = nextId(state, 'sgr')
      state.securityGroupRules.set(rule.SecurityGroupRuleId, rule)
    }
    return { Return: true, SecurityGroupRules: made }
  },

  RevokeSecurityGroupIngress({ SecurityGroupRuleIds = [], DryRun }, state) {
    refuseDry(DryRun)
    for (const id of SecurityGroupRuleIds) {
      if (!state.securityGroupRules.has(id))
        throw fault('InvalidSecurityGroupRuleId.NotFound', `The security group rule ID '${id}' does not exist`)
    }
    for (const id of SecurityGroupRuleIds) state.securityGroupRules.delete(id)
    return { Return: true }
  },

  UpdateSecurityGroupRuleDescriptionsIngress({ SecurityGroupRuleDescriptions = [] }, state) {
    for (const { SecurityGroupRuleId = '', Description } of SecurityGroupRuleDescriptions) {
      const rule = state.securityGroupRules.get(SecurityGroupRuleId)
      if (!rule)
        throw fault(
          'InvalidSecurityGroupRuleId.NotFound',
          `The security group rule ID '${SecurityGroupRuleId}' does not exist`,
        )
      Object.assign(rule, described(Description))
    }
    return { Return: true }
  },

  CreateTags({ Resources = [], Tags = [] }, state) {
    for (const id of Resources) {
      const resource = state.securityGroupRules.get(id) ?? state.securityGroups.get(id)
      if (!resource) throw fault('InvalidID', `The ID '${id}' is not valid`)
      const kept = (resource.Tags ?? []).filter((tag) => !Tags.some(({ Key }) => Key === tag.Key))
      resource.Tags = [...kept, ...Tags]
    }
    return {}
  },
}

/** What would be allowed says so by an error. */
function refuseDry(dry: boolean | undefined): void {
  if (dry) throw fault('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412)
}

function sameRule(one: SecurityGroupRule, other: SecurityGroupRule): boolean {
  const keys = ['GroupId', 'IpProtocol', 'FromPort', 'ToPort', 'CidrIpv4', 'CidrIpv6', 'PrefixListId'] as const
  return (
    keys.every((key) => one[key] === other[key]) &&
    one.ReferencedGroupInfo?.GroupId === other.ReferencedGroupInfo?.GroupId
  )
}

/** AWS refuses what is no network, and bits beyond the prefix. */
function checkCidr(cidr: string, version: 4 | 6): string {
  const [address = '', bits = ''] = cidr.split('/')
  const length = Number(bits)
  if (isIP(address) !== version || bits === '' || !(length >= 0 && length <= (version === 4 ? 32 : 128)))
    throw fault('InvalidParameterValue', `CIDR block ${cidr} is malformed`)
  if (version === 4) {
    const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
    if (number % 2 ** (32 - length) !== 0) throw fault('InvalidParameterValue', `CIDR block ${cidr} has host bits set`)
  }
  return cidr
}

function described(text: string | undefined): { Description?: string } {
  if (text === undefined) return {}
  if (text.length > 255 || !/^[a-zA-Z0-9. _:/()#,@[\]+=&;{}!$*-]*$/.test(text))
    throw fault('InvalidParameterValue', 'Invalid rule description: it has more than 255 or forbidden characters')
  return { Description: text }
}

function tagsFor(specifications: readonly TagSpecification[] | undefined, type: string) {
  return (specifications ?? []).filter(({ ResourceType }) => ResourceType === type).flatMap(({ Tags }) => Tags ?? [])
}

function tagFilters(tags: SecurityGroupRule['Tags'] = []): Record<string, string | string[]> {
  return {
    'tag-key': tags.map(({ Key = '' }) => Key),
    ...Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [`tag:${Key}`, Value])),
  }
}
