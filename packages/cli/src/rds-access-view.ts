import {
  findExpired,
  readRdsInstance,
  removeExpired,
  type AccessRule,
  type Aws,
  type Reachability,
  type RdsInstance,
} from '@pgrig/core'
import type { Tools } from './command.ts'
import { timeText } from './copies-view.ts'
import { lookActions } from './rds-view.ts'
import type { Screen } from './screen.ts'

export const accessActions = [
  ...lookActions,
  'ec2:DescribeSecurityGroupRules',
  'ec2:RevokeSecurityGroupIngress',
] as const

export const reachabilityActions = [
  'ec2:DescribeRouteTables',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeVpcAttribute',
] as const

/** Finds an instance, and removes rules of pgrig whose time is over: AWS does not. */
export async function openAccess(
  name: string,
  tools: Tools,
): Promise<{ aws: Aws; instance: RdsInstance; expired: AccessRule[] }> {
  const aws = await tools.aws()
  const instance = await readRdsInstance(aws, name)
  const now = new Date(tools.clock.now())
  const expired = await (tools.dryRun ? findExpired(aws, instance, now) : removeExpired(aws, instance, now))
  return { aws, instance, expired }
}

/** The rules of an instance. */
export function showAccess(rules: readonly AccessRule[], screen: Screen): void {
  if (rules.length === 0) return screen.line('No rule lets anybody in.')
  screen.table(rules, {
    from: ({ from }) => from,
    ports: ({ ports }) => ports,
    until: ({ expiresAt }) => (expiresAt === null ? '' : timeText(expiresAt)),
    by: ({ owner }) => owner ?? '',
    rule: ({ id }) => id,
    description: ({ owner, description }) => (owner === null ? description : ''),
  })
}

export function showExpired(expired: readonly AccessRule[], screen: Screen, dryRun: boolean): void {
  for (const { from, owner, expiresAt } of expired)
    screen.line(
      `${dryRun ? 'Would remove' : 'Removed'} the rule for ${from} of ${owner}, which was over ${expiresAt === null ? '' : `at ${timeText(expiresAt)}`}.`,
    )
}

/** The four conditions, each with whether it holds. */
export function showReachability({ conditions }: Reachability, screen: Screen): void {
  for (const { holds, text } of conditions) screen.line(`${holds ? '✓' : '✗'} ${text}`)
}

/** How to get to an instance that has no public address, without opening anything. */
export function privateWay({ name, host, port }: RdsInstance, region: string): string[] {
  return [
    `${name} is private. Through a machine in its network that SSM manages, nothing has to be opened:`,
    `  aws ssm start-session --region ${region} --target i-… --document-name AWS-StartPortForwardingSessionToRemoteHost \\`,
    `    --parameters host=${host ?? 'HOST'},portNumber=${port ?? 5432},localPortNumber=15432`,
    `  then in another terminal, with the certificate checked for its own name:`,
    `  pgrig connect --url 'postgresql://USER@${host ?? 'HOST'}:15432/DATABASE?hostaddr=127.0.0.1&sslmode=verify-full'`,
  ]
}
