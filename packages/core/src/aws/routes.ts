import type { RouteTable } from '@aws-sdk/client-ec2'

/**
 * Whether the routes of a subnet lead to a gateway of the internet, for each kind of address. A subnet without a table of its own
 * has the main one. `isGateway` says which gateways count.
 */
export function findInternet(
  subnet: string,
  tables: readonly RouteTable[],
  isGateway: (id: string) => boolean,
): { four: boolean; six: boolean } {
  const own = tables.find(({ Associations = [] }) => Associations.some(({ SubnetId }) => SubnetId === subnet))
  const table = own ?? tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main))
  const leads = (table?.Routes ?? []).filter(
    ({ GatewayId = '', State = 'active' }) => State === 'active' && isGateway(GatewayId),
  )
  return {
    four: leads.some(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0'),
    six: leads.some(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock === '::/0'),
  }
}
