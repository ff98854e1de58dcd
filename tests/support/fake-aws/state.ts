import type {
  Route,
  RouteTable,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
  Vpc,
  InternetGateway,
  NetworkInterface,
} from '@aws-sdk/client-ec2'
import type {
  DBCluster,
  DBInstance,
  DBParameterGroup,
  DBSnapshot,
  DBSubnetGroup,
  Event,
  Parameter,
} from '@aws-sdk/client-rds'

/** What happens to an instance, and when. */
interface Step {
  /** Milliseconds since 1970. */
  at: number
  apply: (instance: FakeInstance, state: State) => void
}

export interface FakeInstance {
  record: DBInstance
  steps: Step[]
  /** What `DescribeDBInstances` does not show. */
  masterUserAuthenticationType: string
}

export interface FakeSecret {
  arn: string
  name: string
  /** The newest last. */
  versions: { id: string; value: string; stages: string[]; createdAt: number }[]
  managedBy?: string
  rotationDays?: number
  tags: Record<string, string>
  deletedAt?: number
}

interface FakeVpc {
  record: Vpc
  dnsSupport: boolean
  dnsHostnames: boolean
}

/** All that there is in the account and region. Tests may change it as they like. */
export interface State {
  account: string
  region: string
  now: number
  instances: Map<string, FakeInstance>
  clusters: Map<string, DBCluster>
  snapshots: Map<string, DBSnapshot>
  parameterGroups: Map<
    string,
    { record: DBParameterGroup; parameters: Map<string, Parameter>; tags: Record<string, string> }
  >
  subnetGroups: Map<string, DBSubnetGroup & { tags: Record<string, string> }>
  events: Event[]
  vpcs: Map<string, FakeVpc>
  subnets: Map<string, Subnet>
  routeTables: Map<string, RouteTable>
  gateways: Map<string, InternetGateway>
  interfaces: NetworkInterface[]
  securityGroups: Map<string, SecurityGroup>
  securityGroupRules: Map<string, SecurityGroupRule>
  secrets: Map<string, FakeSecret>
  /** Counts what was made, for identifiers. */
  made: number
}

/** An account as AWS makes one: the default VPC with three public subnets, and nothing else. */
export function emptyAccount(region: string): State {
  const state: State = {
    account: '123456789012',
    region,
    now: Date.parse('2026-11-24T09:00:00Z'),
    instances: new Map(),
    clusters: new Map(),
    snapshots: new Map(),
    parameterGroups: new Map(),
    subnetGroups: new Map(),
    events: [],
    vpcs: new Map(),
    subnets: new Map(),
    routeTables: new Map(),
    gateways: new Map(),
    interfaces: [],
    securityGroups: new Map(),
    securityGroupRules: new Map(),
    secrets: new Map(),
    made: 0,
  }
  addVpc(state, { id: 'vpc-0default', cidr: '172.31.0.0/16', isDefault: true, internet: true, zones: ['a', 'b', 'c'] })
  return state
}

export interface VpcOptions {
  id: string
  cidr: string
  isDefault?: boolean
  /** A gateway to the internet, and a route to it. */
  internet?: boolean
  /** A subnet in each of them: `a` of eu-central-1 is eu-central-1a. */
  zones?: readonly string[]
}

/** Adds a network with its subnets, main route table, default security group, and a gateway where it has one. */
export function addVpc(
  state: State,
  { id, cidr, isDefault = false, internet = false, zones = ['a', 'b'] }: VpcOptions,
): void {
  const suffix = id.replace(/^vpc-/, '')
  state.vpcs.set(id, {
    record: { VpcId: id, CidrBlock: cidr, IsDefault: isDefault, State: 'available', OwnerId: state.account },
    dnsSupport: true,
    dnsHostnames: isDefault,
  })
  const routes: Route[] = [{ DestinationCidrBlock: cidr, GatewayId: 'local', State: 'active' }]
  if (internet) {
    const gateway = `igw-${suffix}`
    state.gateways.set(gateway, { InternetGatewayId: gateway, Attachments: [{ VpcId: id, State: 'attached' }] })
    routes.push({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway, State: 'active' })
  }
  state.routeTables.set(`rtb-${suffix}`, {
    RouteTableId: `rtb-${suffix}`,
    VpcId: id,
    Routes: routes,
    Associations: [{ Main: true, RouteTableId: `rtb-${suffix}`, AssociationState: { State: 'associated' } }],
  })
  const [first = '10', second = '0'] = cidr.split('.')
  for (const [index, zone] of zones.entries()) {
    const subnet = `subnet-${suffix}${zone}`
    state.subnets.set(subnet, {
      SubnetId: subnet,
      VpcId: id,
      AvailabilityZone: `${state.region}${zone}`,
      CidrBlock: `${first}.${second}.${index * 16}.0/20`,
      DefaultForAz: isDefault,
      MapPublicIpOnLaunch: isDefault,
      State: 'available',
    })
  }
  const group = `sg-${suffix}`
  state.securityGroups.set(group, {
    GroupId: group,
    GroupName: 'default',
    VpcId: id,
    Description: 'default VPC security group',
    OwnerId: state.account,
  })
}

/** An identifier of AWS's shape, the same in every run. */
export function nextId(state: State, prefix: string): string {
  state.made++
  return `${prefix}-${state.made.toString(16).padStart(17, '0')}`
}
