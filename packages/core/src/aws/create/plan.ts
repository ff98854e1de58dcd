import { Failure } from '../../errors.ts'
import { findRdsInstance, type RdsInstance } from '../instances.ts'
import { priceOf, type MonthlyPrice } from '../prices.ts'
import type { Aws } from '../port.ts'
import { fieldReasons, instanceFields, tagList, type FieldReason } from './instance-fields.ts'
import { findNetwork, type NewSubnet, type PlannedNetwork } from './network.ts'
import { findOffer, type Offer } from './offers.ts'
import { checkRequest, instanceTag, prefix, type CheckedRequest, type CreationRequest } from './request.ts'
import { step, type Made, type Step } from './steps.ts'

/** What creating an instance comes to. */
export interface CreationPlan {
  request: CheckedRequest
  /** In the order in which they are made; none where the instance is there already. */
  steps: Step[]
  /** What the steps are told before the first one has run: names in place of ids. */
  named: Made
  reasons: FieldReason[]
  network: PlannedNetwork | undefined
  /** Undefined where the prices of the region and class are not known. */
  price: MonthlyPrice | undefined
  warnings: string[]
  /** The instance, where it is there already, as it was asked for. */
  existing: RdsInstance | undefined
}

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

/**
 * Plans an instance: asks what AWS offers and what is there, and changes nothing.
 *
 * @throws `usage`; `aws_differs` where an instance of the name is there and is not as asked for.
 */
export async function planCreation(aws: Aws, given: CreationRequest): Promise<CreationPlan> {
  const request = checkRequest(given)
  const existing = await findRdsInstance(aws, request.name)
  const nothing = { request, steps: [], reasons: [], network: undefined, warnings: [], named: namesOf(undefined) }
  const price = priceOf(aws.region, request.class, request.storageGib, request.production)
  if (existing) {
    checkExisting(existing, request)
    return { ...nothing, existing, price }
  }
  const offer = await findOffer(aws, request.version, request.class)
  if (request.production && !offer.multiAz)
    throw new Failure('aws_failed', `RDS offers ${request.class} in one zone alone here, and production wants two.`)
  if (request.master === 'iam' && !offer.iam)
    throw new Failure('aws_failed', `RDS offers no login by IAM for ${request.class}.`)
  const network = await findNetwork(aws, request)
  // What is off protects nothing, but for the public address.
  const fields = instanceFields(request, offer, namesOf(network), '')
  const said = fieldReasons.filter(
    ({ field }) => fields[field] !== undefined && (fields[field] !== false || field === 'PubliclyAccessible'),
  )
  return {
    request,
    steps: listSteps(request, offer, network),
    named: namesOf(network),
    reasons: said,
    network,
    price,
    warnings: listWarnings(request),
    existing: undefined,
  }
}

function listSteps(request: CheckedRequest, offer: Offer, network: PlannedNetwork): Step[] {
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

/** What a step is told of what is made before it, for people to read; what is there already by its own id. */
function namesOf(network: PlannedNetwork | undefined): Made {
  return {
    routeTable: network?.routeTable ?? '(the route table made above)',
    subnets: network?.newSubnets.length
      ? network.newSubnets.map(({ id, zone }) => id ?? `(the subnet made in ${zone})`)
      : (network?.subnets ?? []),
    securityGroup: '(the security group made above)',
  }
}

function listWarnings({
  class: instanceClass,
  production,
  reachableFrom,
  fromGroups,
  master,
}: CheckedRequest): string[] {
  return [
    ...(instanceClass.endsWith('.micro')
      ? ['A micro instance has 1 GiB of memory, and logins by IAM want 300 to 1000 MiB spare: use few of them at once.']
      : []),
    ...(reachableFrom.length > 0
      ? [
          `It gets a public address, open to ${reachableFrom.join(', ')}: the audit calls that a finding until pgrig.json accepts it.`,
        ]
      : []),
    ...(reachableFrom.length + fromGroups.length === 0
      ? ['Nobody can connect yet. Give --from-group sg-… for the program that needs it; from here: pgrig rds allow.']
      : []),
    ...(production && instanceClass.startsWith('db.t')
      ? ['A class that bursts is cheap, and slow once its credits are used up: db.m7g.large does not.']
      : []),
    ...(master === 'secret'
      ? ['The managed secret goes away with the instance, and no read replica can be made while RDS manages it.']
      : []),
  ]
}

/** @throws `aws_differs` with what is not as asked for. */
function checkExisting(existing: RdsInstance, request: CheckedRequest): void {
  if (existing.kind !== 'instance' || existing.engine !== 'postgres') {
    throw new Failure(
      'aws_differs',
      `${request.name} is there already: ${existing.kind === 'instance' ? existing.engine : `a ${existing.kind}`}.`,
      { hint: 'Take another name.' },
    )
  }
  const wanted: [string, unknown, unknown][] = [
    ['class', existing.class, request.class],
    ['port', existing.port ?? request.port, request.port],
    ['database', existing.database, request.database],
    ['master user', existing.masterUser, request.masterUser],
    ['public', existing.publiclyAccessible, request.reachableFrom.length > 0],
    ['two zones', existing.multiAz, request.production],
    ['encrypted', existing.encrypted, true],
    ['storage', existing.storageGib >= request.storageGib, true],
    ...(request.version === undefined
      ? []
      : [['version', `${existing.version}.`.startsWith(`${request.version}.`), true] as [string, unknown, unknown]]),
  ]
  const different = wanted.filter(([, is, asked]) => is !== asked)
  if (different.length === 0) return
  const lines = different.map(([what, is, asked]) =>
    typeof is === 'boolean' ? what : `${what} is ${String(is)}, not ${String(asked)}`,
  )
  throw new Failure('aws_differs', `${request.name} is there already, and is not as asked for: ${lines.join('; ')}.`, {
    hint: 'Nothing was changed. Take another name, or ask for what it is.',
  })
}
