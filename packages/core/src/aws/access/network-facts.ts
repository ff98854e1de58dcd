import type { SecurityGroupRule } from '@aws-sdk/client-ec2'
import type { RdsInstance } from '../instances.ts'
import type { Aws } from '../port.ts'
import { findInternet } from '../routes.ts'
import type { NetworkFacts } from './reachability.ts'

/** Asks AWS for what decides whether an instance can be reached. */
export async function readNetworkFacts(aws: Aws, instance: RdsInstance): Promise<NetworkFacts> {
  const { vpc, subnets, securityGroups, publiclyAccessible, port, networkType } = instance
  const [tables, gateways, rules, support, hostnames] = await Promise.all([
    vpc === null ? [] : aws.call('ec2', 'DescribeRouteTables', inVpc(vpc)).then(({ RouteTables = [] }) => RouteTables),
    vpc === null
      ? []
      : aws
          .call('ec2', 'DescribeInternetGateways', { Filters: [{ Name: 'attachment.vpc-id', Values: [vpc] }] })
          .then(({ InternetGateways = [] }) =>
            InternetGateways.flatMap(({ InternetGatewayId: id }) => (id === undefined ? [] : [id])),
          ),
    readRules(aws, securityGroups),
    vpc === null
      ? false
      : aws
          .call('ec2', 'DescribeVpcAttribute', { VpcId: vpc, Attribute: 'enableDnsSupport' })
          .then(({ EnableDnsSupport }) => EnableDnsSupport?.Value === true),
    vpc === null
      ? false
      : aws
          .call('ec2', 'DescribeVpcAttribute', { VpcId: vpc, Attribute: 'enableDnsHostnames' })
          .then(({ EnableDnsHostnames }) => EnableDnsHostnames?.Value === true),
  ])
  const attached = new Set<string>(gateways)
  return {
    publiclyAccessible,
    port,
    networkType,
    subnets: subnets.map((id) => ({ id, internet: findInternet(id, tables, (gateway) => attached.has(gateway)) })),
    rules,
    dnsSupport: support,
    dnsHostnames: hostnames,
  }
}

/** Reads the rules of security groups, all pages. */
export async function readRules(aws: Aws, groups: readonly string[]): Promise<SecurityGroupRule[]> {
  if (groups.length === 0) return []
  const rules: SecurityGroupRule[] = []
  let token: string | undefined
  do {
    const answer = await aws.call('ec2', 'DescribeSecurityGroupRules', {
      Filters: [{ Name: 'group-id', Values: [...groups] }],
      ...(token !== undefined && { NextToken: token }),
    })
    rules.push(...(answer.SecurityGroupRules ?? []))
    token = answer.NextToken
  } while (token !== undefined)
  return rules
}

function inVpc(vpc: string) {
  return { Filters: [{ Name: 'vpc-id', Values: [vpc] }] }
}
