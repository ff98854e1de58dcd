import { applyCreation, planCreation, waitForCreation, type CreationPlan, type CreationRequest } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { addRdsTarget } from '../../rds-target.ts'
import { argument, flag } from '../../flag.ts'
import { endpointOf, watchActions, watchOptions } from '../../rds-view.ts'
import { showCreationPlan } from '../../rds-plan-view.ts'

export const create = defineCommand({
  name: 'rds create',
  summary: 'Create a PostgreSQL server on RDS that is safe from the first minute',
  description: `Private unless --reachable-from names a network, encrypted, with forced TLS, backups, deletion protection, logs, a security group
and settings of its own, and without a password that anybody knows: RDS makes it and keeps it in Secrets Manager, or with --master iam there
is none. --production adds a second zone and longer backups.

First the plan is shown: --dry-run stops there, with the exact calls. It takes ten minutes or so; Ctrl-C stops the wait alone. Typed again, it
goes on where it is, or says what differs.

Afterwards pgrig.json has a target for it, for pgrig prepare.`,
  target: 'none',
  changes: true,
  asks: true,
  aws: [
    ...watchActions,
    'rds:DescribeDBEngineVersions',
    'rds:DescribeOrderableDBInstanceOptions',
    'ec2:DescribeVpcs',
    'ec2:DescribeSubnets',
    'ec2:DescribeRouteTables',
    'ec2:CreateRouteTable',
    'ec2:CreateSubnet',
    'ec2:AssociateRouteTable',
    'ec2:CreateSecurityGroup',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateTags',
    'rds:CreateDBSubnetGroup',
    'rds:CreateDBParameterGroup',
    'rds:ModifyDBParameterGroup',
    'rds:CreateDBInstance',
    'rds:AddTagsToResource',
    // RDS does these in the caller's name, for the password that it manages.
    'secretsmanager:CreateSecret',
    'secretsmanager:TagResource',
    'kms:DescribeKey',
    'iam:CreateServiceLinkedRole',
    // To take back what was begun.
    'ec2:DeleteRouteTable',
    'ec2:DeleteSubnet',
    'ec2:DeleteSecurityGroup',
    'rds:DeleteDBSubnetGroup',
    'rds:DeleteDBParameterGroup',
  ],
  arguments: { name: argument.required('The name of the instance: letters, digits and hyphens') },
  flags: {
    production: flag.boolean('Two zones, 14 days of backups, a larger class'),
    engineVersion: flag.string('17, or 17.10 (default: what RDS takes by default)', 'VERSION'),
    class: flag.string('As db.t4g.small (default: db.t4g.micro, in production db.t4g.medium)', 'CLASS'),
    storage: flag.number('GiB, 20 or more', 'GIB', { default: 20 }),
    maxStorage: flag.number('Up to where the storage grows by itself (default: five times as much)', 'GIB'),
    port: flag.number('Its port', 'PORT', { default: 5432 }),
    database: flag.string('The database to make at once (default: the project’s)', 'NAME'),
    master: flag.choice('How the master user logs in', ['secret', 'iam'], { default: 'secret' }),
    masterUser: flag.string('Its name (default: made from the database’s)', 'NAME'),
    reachableFrom: flag.list('A network on the internet that may connect, as 203.0.113.7/32', 'NETWORK'),
    fromGroup: flag.list('A security group whose members may connect', 'GROUP'),
    vpc: flag.string('The network (default: the only one, or the default one)', 'VPC'),
    subnet: flag.list('A subnet; give two zones (default: private ones, made where there are none)', 'SUBNET'),
    tag: flag.list('A tag: key=value', 'TAG'),
    as: flag.string('The target in pgrig.json (default: prod)', 'TARGET'),
    noWait: flag.boolean('Do not wait until it can be used'),
  },
  examples: [
    'rds create cruddur-db --dry-run',
    'rds create cruddur-db --production --from-group sg-0123456789abcdef0',
    'rds create cruddur-test --master iam --as test',
  ],

  async run(
    {
      name,
      database,
      engineVersion,
      class: instanceClass,
      storage,
      maxStorage,
      masterUser,
      vpc,
      subnet,
      tag,
      as,
      noWait,
      ...values
    },
    tools,
  ) {
    const project = await tools.project()
    const request: CreationRequest = {
      name,
      production: values.production,
      database: database ?? project.database,
      master: values.master,
      reachableFrom: values.reachableFrom,
      fromGroups: values.fromGroup,
      storageGib: storage,
      port: values.port,
      tags: readTags(tag),
      program: tools.common.program,
      ...(engineVersion !== undefined && { version: engineVersion }),
      ...(instanceClass !== undefined && { class: instanceClass }),
      ...(maxStorage !== undefined && { maxStorageGib: maxStorage }),
      ...(masterUser !== undefined && { masterUser }),
      ...(vpc !== undefined && { vpc }),
      ...(subnet.length > 0 && { subnets: subnet }),
    }
    const aws = await tools.aws()
    const plan = await planCreation(aws, request)
    const outcome = { name, plan: { ...planValue(plan), database: request.database }, dryRun: tools.dryRun }
    if (tools.dryRun) return { ...outcome, instance: plan.existing ?? null, target: null }
    if (!plan.existing) {
      if (!tools.json) showCreationPlan(outcome.plan, (line) => tools.note(line), { calls: false })
      await tools.confirm(`Create ${name} in ${aws.region}?`)
      await tools.noteRdsChange(name, 'creates an instance')
      await applyCreation(aws, plan, watchOptions(tools))
    }
    const target = await addRdsTarget(tools, project, as ?? 'prod', name)
    const instance = noWait ? (plan.existing ?? null) : await waitForCreation(aws, name, watchOptions(tools))
    return { ...outcome, instance, target }
  },

  show({ name, plan, instance, target, dryRun }, screen) {
    if (dryRun) {
      if (instance) return screen.line(`${name} is there already, as asked for, and is ${instance.status}.`)
      return showCreationPlan(plan, (line) => screen.line(line), { calls: true })
    }
    if (instance?.status === 'available') screen.line(`${name} is available at ${endpointOf(instance)}.`)
    else screen.line(`${name} is being made. See how far it is: pgrig rds status ${name} --wait`)
    if (target === null) return
    if (target.added) screen.line(`pgrig.json has the target ${target.name} for it now.`)
    screen.line(`Next: pgrig rds allow ${name}, or a connection over SSM, then pgrig prepare ${target.name}`)
    screen.line(
      `Then a role for the application: pgrig roles create ${plan.database}_app ${target.name} --as app --to app.password`,
    )
  },
})

function readTags(tags: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    tags.map((text) => {
      const at = text.indexOf('=')
      return at < 1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
    }),
  )
}

/** The plan as plain data: what is sent, call by call. */
function planValue({ steps, named, reasons, price, warnings }: CreationPlan) {
  return {
    calls: steps.map(({ service, operation, text, input }) => ({ service, operation, text, input: input(named) })),
    protects: reasons,
    monthlyPrice: price ?? null,
    warnings,
  }
}
