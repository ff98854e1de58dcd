import { instanceFields, tagList } from './instance-fields.ts'
import type { NewSubnet, PlannedNetwork } from './network.ts'
import type { Offer } from './offers.ts'
import { instanceTag, prefix, type CheckedRequest } from './request.ts'
import { step, type Step } from './steps.ts'

/** Settings of the server, and when RDS may apply them. */
const parameters = [
  { name: 'rds.force_ssl', value: '1', method: 'immediate' },
  { name: 'ssl_min_protocol_version', value: 'TLSv1.2', method: 'immediate' },
  { name: 'password_encryption', value: 'scram-sha-256', method: 'immediate' },
  { name: 'rds.accepted_password_auth_method', value: 'scram', method: 'immediate' },
  { name: 'log_connections', value: '1', method: 'immediate' },
  { name: 'log_disconnections', value: '1', method: 'immediate' },
  { name: 'log_statement', value: 'ddl', method: 'immediate' },
  { name: 'log_min_duration_statement', value: '1000', method: 'immediate' },
  { name: 'shared_preload_libraries', value: 'pg_stat_statements,pgaudit', method: 'pending-reboot' },
  { name: 'pgaudit.log', value: 'ddl,role', method: 'immediate' },
] as const

/** Lists the calls that make an instance and all that it needs, in their order. */
export function listSteps(request: CheckedRequest, offer: Offer, network: PlannedNetwork): Step[] {
  const { name, port } = request
  const full = `${prefix}${name}`
  const parameterGroup = `${full}-${offer.family}`
  const tags = tagList(request)
  return [
    ...(network.newSubnets.length > 0 ? subnetSteps(request, network) : []),
    step({
      service: 'rds',
      operation: 'CreateDBSubnetGroup',
      text: `Group the subnets in which the instance may be`,
      input: ({ subnets }) => ({
        DBSubnetGroupName: full,
        DBSubnetGroupDescription: `Subnets of ${name}`,
        SubnetIds: subnets,
        Tags: tags,
      }),
      undo: () =>
        step({
          service: 'rds',
          operation: 'DeleteDBSubnetGroup',
          text: `the subnet group ${full}`,
          input: () => ({ DBSubnetGroupName: full }),
        }),
    }),
    step({
      service: 'ec2',
      operation: 'CreateSecurityGroup',
      text: 'Make a firewall of its own, which lets nobody in',
      input: () => ({
        GroupName: full,
        Description: `Who may connect to ${name}`,
        VpcId: network.vpc,
        TagSpecifications: [{ ResourceType: 'security-group' as const, Tags: tags }],
      }),
      made: ({ GroupId = '' }) => ({ securityGroup: GroupId }),
      undo: ({ GroupId }) =>
        step({
          service: 'ec2',
          operation: 'DeleteSecurityGroup',
          text: `the security group ${full}`,
          input: () => ({ GroupId }),
        }),
    }),
    ...ingressSteps(request, port),
    step({
      service: 'rds',
      operation: 'CreateDBParameterGroup',
      text: 'Make settings of its own: the default ones cannot be changed',
      input: () => ({
        DBParameterGroupName: parameterGroup,
        DBParameterGroupFamily: offer.family,
        Description: `Settings of ${name}`,
        Tags: tags,
      }),
      undo: () =>
        step({
          service: 'rds',
          operation: 'DeleteDBParameterGroup',
          text: `the parameter group ${parameterGroup}`,
          input: () => ({ DBParameterGroupName: parameterGroup }),
        }),
    }),
    step({
      service: 'rds',
      operation: 'ModifyDBParameterGroup',
      text: 'Force TLS, take SCRAM alone, log who connects and what changes tables and roles',
      input: () => ({
        DBParameterGroupName: parameterGroup,
        Parameters: parameters.map(({ name: ParameterName, value: ParameterValue, method: ApplyMethod }) => ({
          ParameterName,
          ParameterValue,
          ApplyMethod,
        })),
      }),
    }),
    step({
      service: 'rds',
      operation: 'CreateDBInstance',
      text: `Make the instance`,
      input: (made) => instanceFields(request, offer, made, parameterGroup),
    }),
  ]
}

/** Subnets that have no way to the internet: a route table without a gateway, and a subnet in each zone. */
function subnetSteps(request: CheckedRequest, { vpc, newSubnets, routeTable }: PlannedNetwork): Step[] {
  const Tags = [...tagList(request), { Key: 'Name', Value: `${prefix}${request.name}` }]
  const steps: Step[] = []
  if (routeTable === undefined) {
    steps.push(
      step({
        service: 'ec2',
        operation: 'CreateRouteTable',
        text: 'Make routes that lead nowhere outside: there are no private subnets in two zones',
        input: () => ({ VpcId: vpc, TagSpecifications: [{ ResourceType: 'route-table' as const, Tags }] }),
        made: ({ RouteTable }) => ({ routeTable: RouteTable?.RouteTableId ?? '' }),
        undo: ({ RouteTable }) =>
          step({
            service: 'ec2',
            operation: 'DeleteRouteTable',
            text: `the route table ${RouteTable?.RouteTableId}`,
            input: () => ({ RouteTableId: RouteTable?.RouteTableId }),
          }),
      }),
    )
  }
  for (const [index, subnet] of newSubnets.entries()) {
    if (subnet.id === undefined) steps.push(subnetStep(vpc, subnet, index, Tags))
    if (!subnet.routed) {
      steps.push(
        step({
          service: 'ec2',
          operation: 'AssociateRouteTable',
          text: `Give the subnet in ${subnet.zone} these routes`,
          input: (made) => ({ RouteTableId: made.routeTable, SubnetId: made.subnets[index] ?? '' }),
        }),
      )
    }
  }
  return steps
}

function subnetStep(
  vpc: string,
  { zone, network }: NewSubnet,
  index: number,
  Tags: { Key: string; Value: string }[],
): Step {
  return step({
    service: 'ec2',
    operation: 'CreateSubnet',
    text: `Make a private subnet in ${zone}`,
    input: () => ({
      VpcId: vpc,
      AvailabilityZone: zone,
      CidrBlock: network,
      TagSpecifications: [{ ResourceType: 'subnet' as const, Tags }],
    }),
    made: ({ Subnet }, { subnets }) => ({ subnets: subnets.with(index, Subnet?.SubnetId ?? '') }),
    undo: ({ Subnet }) =>
      step({
        service: 'ec2',
        operation: 'DeleteSubnet',
        text: `the subnet ${Subnet?.SubnetId}`,
        input: () => ({ SubnetId: Subnet?.SubnetId }),
      }),
  })
}

function ingressSteps({ name, reachableFrom, fromGroups }: CheckedRequest, port: number): Step[] {
  if (reachableFrom.length + fromGroups.length === 0) return []
  const Description = `pgrig rds create ${name}`
  const four = reachableFrom.filter((network) => !network.includes(':'))
  const six = reachableFrom.filter((network) => network.includes(':'))
  return [
    step({
      service: 'ec2',
      operation: 'AuthorizeSecurityGroupIngress',
      text: `Let in: ${[...reachableFrom, ...fromGroups].join(', ')}`,
      input: ({ securityGroup }) => ({
        GroupId: securityGroup,
        IpPermissions: [
          {
            IpProtocol: 'tcp',
            FromPort: port,
            ToPort: port,
            ...(four.length > 0 && { IpRanges: four.map((CidrIp) => ({ CidrIp, Description })) }),
            ...(six.length > 0 && { Ipv6Ranges: six.map((CidrIpv6) => ({ CidrIpv6, Description })) }),
            ...(fromGroups.length > 0 && { UserIdGroupPairs: fromGroups.map((GroupId) => ({ GroupId, Description })) }),
          },
        ],
        TagSpecifications: [
          { ResourceType: 'security-group-rule' as const, Tags: [{ Key: instanceTag, Value: name }] },
        ],
      }),
    }),
  ]
}
