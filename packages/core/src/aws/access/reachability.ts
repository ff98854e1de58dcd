import type { SecurityGroupRule } from '@aws-sdk/client-ec2'
import { contains, parseRange } from './address-range.ts'

/** What decides whether an instance can be reached from the internet. */
export interface NetworkFacts {
  /** The instance has a public address. */
  publiclyAccessible: boolean
  /** Null while it is being made, or stopped. */
  port: number | null
  /** Its subnets, and whether their routes lead to a gateway of the internet that is attached, for each kind of address. */
  subnets: readonly { id: string; internet: { four: boolean; six: boolean } }[]
  /** The rules of its security groups. */
  rules: readonly SecurityGroupRule[]
  /** Names of the network are resolved, and instances in it get public ones. */
  dnsSupport: boolean
  dnsHostnames: boolean
  /** IPv4 alone, or both. */
  networkType: string
}

export type Condition = 'public' | 'route' | 'rule' | 'dns'

/** One condition of four, in a sentence. */
interface ConditionState {
  condition: Condition
  holds: boolean
  text: string
}

export interface Reachability {
  /** All four hold. */
  reachable: boolean
  conditions: ConditionState[]
}

/**
 * Says whether a connection from an address can reach an instance over the internet, and which of the four conditions is missing:
 * a public address, routes to the internet from all of its subnets, a rule that lets the address in, and names that resolve to
 * the public address. A pure function.
 */
export function judgeReachability(facts: NetworkFacts, address: string): Reachability {
  const from = parseRange(address)
  const six = from?.version === 6
  const dead = facts.subnets.filter(({ internet }) => !(six ? internet.six : internet.four)).map(({ id }) => id)
  const letIn =
    from !== undefined && facts.port !== null && facts.rules.some((rule) => admits(rule, facts.port ?? 0, address))
  const speaksIt = !six || facts.networkType === 'DUAL'
  const conditions: ConditionState[] = [
    {
      condition: 'public',
      holds: facts.publiclyAccessible && speaksIt,
      text: !facts.publiclyAccessible
        ? 'It has no public address.'
        : speaksIt
          ? 'It has a public address.'
          : 'Its public address is IPv4, and yours is IPv6.',
    },
    {
      condition: 'route',
      holds: facts.subnets.length > 0 && dead.length === 0,
      text:
        facts.subnets.length === 0
          ? 'Its subnets are not known.'
          : dead.length === 0
            ? 'Its subnets have a route to the internet.'
            : `No route leads from ${dead.join(', ')} to the internet, and it may be in any of its subnets.`,
    },
    {
      condition: 'rule',
      holds: letIn,
      text: letIn ? `A rule lets ${address} in.` : `No rule of its security groups lets ${address} in.`,
    },
    {
      condition: 'dns',
      holds: facts.dnsSupport && facts.dnsHostnames,
      text:
        facts.dnsSupport && facts.dnsHostnames
          ? 'Its name resolves to the public address.'
          : `The network has ${facts.dnsSupport ? 'DNS hostnames' : 'DNS resolution'} switched off, so that its name has no public address.`,
    },
  ]
  return { reachable: conditions.every(({ holds }) => holds), conditions }
}

/** Whether a rule lets an address in to a port. Rules for groups and prefix lists let in what is inside the network, or AWS's own. */
function admits(rule: SecurityGroupRule, port: number, address: string): boolean {
  if (rule.IsEgress === true) return false
  const network = parseRange(rule.CidrIpv4 ?? rule.CidrIpv6 ?? '')
  const from = parseRange(address)
  return network !== undefined && from !== undefined && opensPort(rule, port) && contains(network, from)
}

/** Whether a rule is about a TCP port; the protocol -1 is every one. */
export function opensPort({ IpProtocol, FromPort = -1, ToPort = -1 }: SecurityGroupRule, port: number): boolean {
  if (IpProtocol === '-1') return true
  return (IpProtocol === 'tcp' || IpProtocol === '6') && FromPort <= port && port <= ToPort
}
