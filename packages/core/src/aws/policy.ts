/** A policy of IAM, as JSON. */
export interface Policy {
  Version: '2012-10-17'
  Statement: { Sid: string; Effect: 'Allow'; Action: string[]; Resource: string | string[] }[]
}

export interface PolicyOptions {
  /** Where. Default: every region. */
  region?: string
  /** Default: the account that the policy is attached in. */
  account?: string
  /** The identifier of the instance or cluster. Default: every one. */
  name?: string
}

/** The kinds of resources that an action can be limited to (service authorization reference of AWS); others take `*`. */
const resources: Record<string, readonly string[]> = {
  'rds:CreateDBInstance': ['rds:db', 'rds:pg:*', 'rds:subgrp:*', 'rds:og:*', 'rds:secgrp:*'],
  'rds:ModifyDBInstance': ['rds:db', 'rds:pg:*', 'rds:subgrp:*', 'rds:og:*'],
  'rds:ModifyDBCluster': ['rds:cluster', 'rds:cluster-pg:*', 'rds:og:*'],
  'rds:StopDBCluster': ['rds:cluster'],
  'rds:StartDBCluster': ['rds:cluster'],
  'rds:StopDBInstance': ['rds:db', 'rds:snapshot:*'],
  'rds:StartDBInstance': ['rds:db'],
  'rds:RebootDBInstance': ['rds:db'],
  'rds:DeleteDBInstance': ['rds:db', 'rds:snapshot:*'],
  'rds:CreateDBSnapshot': ['rds:db', 'rds:snapshot:*'],
  'rds:CreateDBParameterGroup': ['rds:pg:*'],
  'rds:ModifyDBParameterGroup': ['rds:pg:*'],
  'rds:DeleteDBParameterGroup': ['rds:pg:*'],
  'rds:CreateDBSubnetGroup': ['rds:subgrp:*'],
  'rds:DeleteDBSubnetGroup': ['rds:subgrp:*'],
  'rds:AddTagsToResource': ['rds:db', 'rds:pg:*', 'rds:subgrp:*', 'rds:snapshot:*'],
  'ec2:CreateSecurityGroup': ['ec2:security-group/*', 'ec2:vpc/*'],
  'ec2:DeleteSecurityGroup': ['ec2:security-group/*'],
  'ec2:AuthorizeSecurityGroupIngress': ['ec2:security-group/*', 'ec2:security-group-rule/*'],
  'ec2:RevokeSecurityGroupIngress': ['ec2:security-group/*'],
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress': ['ec2:security-group/*'],
  'ec2:CreateTags': ['ec2:security-group/*', 'ec2:security-group-rule/*'],
  'secretsmanager:GetSecretValue': ['secretsmanager:secret:*'],
  'secretsmanager:DescribeSecret': ['secretsmanager:secret:*'],
  'secretsmanager:CreateSecret': ['secretsmanager:secret:*'],
  'secretsmanager:PutSecretValue': ['secretsmanager:secret:*'],
  'secretsmanager:RotateSecret': ['secretsmanager:secret:*'],
  'secretsmanager:TagResource': ['secretsmanager:secret:*'],
  'rds-db:connect': ['rds-db:dbuser:*/*'],
}

/** The least policy that allows actions: those that AWS can limit to a resource in statements of their own. */
export function leastPolicy(
  actions: readonly string[],
  { region = '*', account = '*', name = '*' }: PolicyOptions = {},
): Policy {
  const groups = new Map<string, string[]>()
  for (const action of [...new Set(actions)].sort()) {
    const arns = (resources[action] ?? []).map((kind) => arnOf(kind, region, account, name))
    const key = JSON.stringify(arns)
    groups.set(key, [...(groups.get(key) ?? []), action])
  }
  return {
    Version: '2012-10-17',
    Statement: [...groups].map(([key, Action], index) => {
      const arns = JSON.parse(key) as string[]
      return { Sid: `Pgrig${index + 1}`, Effect: 'Allow', Action, Resource: arns.length === 0 ? '*' : arns }
    }),
  }
}

function arnOf(kind: string, region: string, account: string, name: string): string {
  const at = kind.indexOf(':')
  const rest = kind.slice(at + 1)
  return `arn:aws:${kind.slice(0, at)}:${region}:${account}:${rest === 'db' || rest === 'cluster' ? `${rest}:${name}` : rest}`
}
