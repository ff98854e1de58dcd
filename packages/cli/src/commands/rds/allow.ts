import {
  allowAccess,
  Failure,
  findAccessGroup,
  findPublicAddress,
  findSharers,
  judgeReachability,
  listAccess,
  readNetworkFacts,
  type AccessRule,
} from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import {
  accessActions,
  openAccess,
  privateWay,
  reachabilityActions,
  showAccess,
  showExpired,
  showReachability,
} from '../../rds-access-view.ts'
import { timeText } from '../../copies-view.ts'

const longest = 7 * 24 * 3600

export const allow = defineCommand({
  name: 'rds allow',
  summary: 'Let this machine in to an instance for some hours',
  description: `A rule for its public address alone goes into the instance's security group, with a tag that says who asked for it and until when.
The address is asked from two services on the internet, which have to agree; pgrig.json may name others, and --address gives it without them.

A rule is not enough: the instance needs a public address, its subnets a route to the internet, and its network DNS names. All four are
looked at, and the one that is missing is named. For a private instance the way over SSM is printed, and nothing is opened.

AWS removes nothing by itself: rules whose time is over go at the next rds allow or revoke of the instance.`,
  target: 'none',
  changes: true,
  aws: [
    ...accessActions,
    ...reachabilityActions,
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeNetworkInterfaces',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateTags',
    'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
  ],
  arguments: { name: argument.required('The name of the instance') },
  flags: {
    for: flag.duration('How long, up to 7 days', 'TIME', { default: 8 * 3600 }),
    address: flag.string('Instead of this machine’s: 203.0.113.7, or a network with --wide', 'ADDRESS'),
    wide: flag.boolean('The address is a network of more than one, and all of them are meant'),
    group: flag.string('The security group (default: pgrig’s, or the only one)', 'GROUP'),
    list: flag.boolean('List who may connect, and allow nobody'),
  },
  examples: ['rds allow cruddur-db', 'rds allow cruddur-db --for 2h', 'rds allow cruddur-db --list'],

  async run({ name, for: seconds, address: given, wide, group: wanted, list }, tools) {
    if (seconds > longest) throw new Failure('usage', 'A rule lasts 7 days at most: allow it again then.')
    const { aws, instance, expired } = await openAccess(name, tools)
    const outcome = { name: instance.name, expired, dryRun: tools.dryRun }
    if (list) return { ...outcome, rules: await listAccess(aws, instance) }
    const address = given ?? (await findAddress(tools))
    const network = address.includes('/') ? address : `${address}/${address.includes(':') ? 128 : 32}`
    const before = judgeReachability(await readNetworkFacts(aws, instance), network)
    // A rule for what has no public address would open something and help nobody.
    if (!before.conditions.some(({ condition, holds }) => condition === 'public' && holds)) {
      return { ...outcome, reachability: before, way: privateWay(instance, aws.region) }
    }
    const group = wanted ?? (await findAccessGroup(aws, instance))
    const sharers = await findSharers(aws, group, instance)
    if (sharers.length > 0)
      tools.note(`warning: ${group} is the group of others too, which the rule opens as well: ${sharers.join(', ')}`)
    const expiresAt = new Date(tools.clock.now() + seconds * 1000)
    if (tools.dryRun)
      return { ...outcome, reachability: before, would: { group, network, expiresAt: expiresAt.toISOString() } }
    await tools.noteRdsChange(instance.name, `lets ${network} in until ${expiresAt.toISOString()}`)
    const { rule, extended } = await allowAccess(aws, instance, group, { network, wide, expiresAt, owner: tools.user })
    const reachability = judgeReachability(await readNetworkFacts(aws, instance), network)
    return { ...outcome, rule, extended, reachability }
  },

  show(data, screen) {
    showExpired(data.expired, screen, data.dryRun)
    if ('rules' in data && data.rules) return showAccess(data.rules, screen)
    if ('would' in data && data.would)
      screen.line(
        `Would let ${data.would.network} in through ${data.would.group} until ${timeText(data.would.expiresAt)}.`,
      )
    if ('rule' in data && data.rule) screen.line(allowedText(data.rule, data.extended))
    if ('reachability' in data && data.reachability) {
      const { reachable } = data.reachability
      if (!reachable) showReachability(data.reachability, screen)
      if ('rule' in data)
        screen.line(
          reachable
            ? `It can be reached now: pgrig rds url ${data.name}`
            : 'It cannot be reached yet: what is marked ✗ is missing.',
        )
    }
    if ('way' in data && data.way) for (const line of data.way) screen.line(line)
  },

  exit: (data) => ('way' in data || ('rule' in data && !data.reachability.reachable) ? 5 : 0),
})

async function findAddress(tools: Parameters<typeof openAccess>[1]): Promise<string> {
  const services = (await tools.project()).settings.aws?.addressServices
  return findPublicAddress({ signal: tools.signal, ...(services && { services }) })
}

function allowedText({ from, expiresAt, owner }: AccessRule, extended: boolean): string {
  if (owner === null) return `${from} is let in already by a rule that somebody else made, without an end.`
  return `${from} is let in until ${expiresAt === null ? 'it is revoked' : timeText(expiresAt)}${extended ? ', longer than before' : ''}.`
}
