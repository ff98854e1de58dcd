import type { Filter } from '@aws-sdk/client-ec2'
import { fault } from './faults.ts'
import { nextId } from './state.ts'
import type { Handlers } from './fake-aws.ts'

export const ec2Handlers: Handlers<'ec2'> = {
  DescribeRegions: () => ({
    Regions: ['eu-central-1', 'eu-west-1', 'us-east-1', 'ca-central-1'].map((RegionName) => ({
      RegionName,
      OptInStatus: 'opt-in-not-required',
    })),
  }),

  DescribeVpcs({ VpcIds, Filters }, { vpcs }) {
    for (const id of VpcIds ?? []) {
      if (!vpcs.has(id)) throw fault('InvalidVpcID.NotFound', `The vpc ID '${id}' does not exist`)
    }
    const fitting = [...vpcs.values()]
      .map(({ record }) => record)
      .filter((vpc) => VpcIds === undefined || VpcIds.includes(vpc.VpcId ?? ''))
    return {
      Vpcs: fitting.filter((vpc) =>
        fits(Filters, {
          'is-default': String(vpc.IsDefault === true),
          'vpc-id': vpc.VpcId,
          isDefault: String(vpc.IsDefault === true),
        }),
      ),
    }
  },

  DescribeVpcAttribute({ VpcId = '', Attribute }, { vpcs }) {
    const vpc = vpcs.get(VpcId)
    if (!vpc) throw fault('InvalidVpcID.NotFound', `The vpc ID '${VpcId}' does not exist`)
    return {
      VpcId,
      ...(Attribute === 'enableDnsSupport' && { EnableDnsSupport: { Value: vpc.dnsSupport } }),
      ...(Attribute === 'enableDnsHostnames' && { EnableDnsHostnames: { Value: vpc.dnsHostnames } }),
    }
  },

  DescribeSubnets({ SubnetIds, Filters }, { subnets }) {
    return {
      Subnets: [...subnets.values()].filter(
        (subnet) =>
          (SubnetIds === undefined || SubnetIds.includes(subnet.SubnetId ?? '')) &&
          fits(Filters, {
            'vpc-id': subnet.VpcId,
            'default-for-az': String(subnet.DefaultForAz === true),
            'subnet-id': subnet.SubnetId,
          }),
      ),
    }
  },

  CreateSubnet({ VpcId = '', AvailabilityZone, CidrBlock = '', TagSpecifications }, state) {
    if (!state.vpcs.has(VpcId)) throw fault('InvalidVpcID.NotFound', `The vpc ID '${VpcId}' does not exist`)
    if ([...state.subnets.values()].some((subnet) => subnet.VpcId === VpcId && subnet.CidrBlock === CidrBlock))
      throw fault('InvalidSubnet.Conflict', `The CIDR '${CidrBlock}' conflicts with another subnet`)
    const id = nextId(state, 'subnet')
    const subnet = {
      SubnetId: id,
      VpcId,
      AvailabilityZone,
      CidrBlock,
      DefaultForAz: false,
      MapPublicIpOnLaunch: false,
      Tags: TagSpecifications?.flatMap(({ Tags = [] }) => Tags) ?? [],
    }
    state.subnets.set(id, subnet)
    return { Subnet: subnet }
  },

  DeleteSubnet({ SubnetId = '' }, state) {
    if (!state.subnets.delete(SubnetId))
      throw fault('InvalidSubnetID.NotFound', `The subnet ID '${SubnetId}' does not exist`)
    for (const table of state.routeTables.values()) {
      table.Associations = table.Associations?.filter((one) => one.SubnetId !== SubnetId)
    }
    return {}
  },

  CreateRouteTable({ VpcId = '', TagSpecifications }, state) {
    const vpc = state.vpcs.get(VpcId)
    if (!vpc) throw fault('InvalidVpcID.NotFound', `The vpc ID '${VpcId}' does not exist`)
    const id = nextId(state, 'rtb')
    const table = {
      RouteTableId: id,
      VpcId,
      Routes: [{ DestinationCidrBlock: vpc.record.CidrBlock, GatewayId: 'local', State: 'active' as const }],
      Associations: [],
      Tags: TagSpecifications?.flatMap(({ Tags = [] }) => Tags) ?? [],
    }
    state.routeTables.set(id, table)
    return { RouteTable: table }
  },

  AssociateRouteTable({ RouteTableId = '', SubnetId = '' }, state) {
    const table = state.routeTables.get(RouteTableId)
    if (!table) throw fault('InvalidRouteTableID.NotFound', `The routeTable ID '${RouteTableId}' does not exist`)
    const id = nextId(state, 'rtbassoc')
    table.Associations = [
      ...(table.Associations ?? []),
      { RouteTableAssociationId: id, RouteTableId, SubnetId, Main: false, AssociationState: { State: 'associated' } },
    ]
    return { AssociationId: id }
  },

  DeleteRouteTable({ RouteTableId = '' }, state) {
    const table = state.routeTables.get(RouteTableId)
    if (!table) throw fault('InvalidRouteTableID.NotFound', `The routeTable ID '${RouteTableId}' does not exist`)
    if (table.Associations?.length)
      throw fault('DependencyViolation', `The routeTable '${RouteTableId}' has dependencies and cannot be deleted.`)
    state.routeTables.delete(RouteTableId)
    return {}
  },

  DescribeRouteTables({ Filters }, { routeTables }) {
    return {
      RouteTables: [...routeTables.values()].filter((table) =>
        fits(Filters, {
          'vpc-id': table.VpcId,
          'association.subnet-id': table.Associations?.flatMap(({ SubnetId }) =>
            SubnetId === undefined ? [] : [SubnetId],
          ),
          'association.main': table.Associations?.map(({ Main }) => String(Main === true)),
        }),
      ),
    }
  },

  DescribeInternetGateways({ Filters }, { gateways }) {
    return {
      InternetGateways: [...gateways.values()].filter((gateway) =>
        fits(Filters, {
          'attachment.vpc-id': gateway.Attachments?.flatMap(({ VpcId }) => (VpcId === undefined ? [] : [VpcId])),
          'internet-gateway-id': gateway.InternetGatewayId,
        }),
      ),
    }
  },

  DescribeNetworkInterfaces({ Filters }, { interfaces }) {
    return {
      NetworkInterfaces: interfaces.filter((one) =>
        fits(Filters, { 'group-id': one.Groups?.flatMap(({ GroupId }) => (GroupId === undefined ? [] : [GroupId])) }),
      ),
    }
  },
}

/** Whether something passes EC2's filters. A filter that the fake does not know is an error, not a pass. */
export function fits(
  filters: readonly Filter[] | undefined,
  values: Record<string, string | string[] | undefined>,
): boolean {
  return (filters ?? []).every(({ Name = '', Values = [] }) => {
    if (!(Name in values) && Name.startsWith('tag:')) return false
    if (!(Name in values)) throw new Error(`The fake of AWS does not know the filter ${Name}`)
    const own = values[Name]
    return (Array.isArray(own) ? own : [own]).some((value) => value !== undefined && Values.includes(value))
  })
}
