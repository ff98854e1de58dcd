import { Failure, findPublicAddress, listAccess, revokeAccess } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { accessActions, openAccess, showExpired } from '../../rds-access-view.ts'

export const revoke = defineCommand({
  name: 'rds revoke',
  summary: 'Take back what rds allow has let in to an instance',
  description: `The rules that you made on this machine, unless --all, --address or --rule says which. Rules that pgrig did not make are taken
away by --rule alone. Connections that are open stay open: sessions end ends them.`,
  target: 'none',
  changes: true,
  asks: true,
  aws: accessActions,
  arguments: { name: argument.required('The name of the instance') },
  flags: {
    all: flag.boolean('All rules that pgrig made, of everybody', { short: 'a' }),
    address: flag.string('The rule of an address; "me" asks for this machine’s', 'ADDRESS'),
    rule: flag.list('A rule by its id, whoever made it', 'RULE'),
  },
  examples: [
    'rds revoke cruddur-db',
    'rds revoke cruddur-db --all',
    'rds revoke cruddur-db --rule sgr-0123456789abcdef0',
  ],

  async run({ name, all, address, rule }, tools) {
    const { aws, instance, expired } = await openAccess(name, tools)
    const rules = await listAccess(aws, instance)
    const services = (await tools.project()).settings.aws?.addressServices
    const from =
      address === 'me' ? await findPublicAddress({ signal: tools.signal, ...(services && { services }) }) : address
    const unknown = rule.filter((id) => !rules.some((one) => one.id === id))
    if (unknown.length > 0)
      throw new Failure('not_found', `${instance.name} has no rule ${unknown.join(', ')}.`, {
        hint: `pgrig rds allow ${name} --list`,
      })
    const chosen = rules.filter((one) => {
      if (rule.length > 0) return rule.includes(one.id)
      if (one.owner === null) return false
      if (from !== undefined) return one.from === from || one.from.split('/')[0] === from
      return all || one.owner === tools.user
    })
    const foreign = chosen.filter(({ owner }) => owner === null)
    if (!tools.dryRun && foreign.length > 0)
      await tools.confirm(
        `Take away ${foreign.map(({ from: network }) => network).join(', ')}, which pgrig did not let in?`,
      )
    if (!tools.dryRun && chosen.length > 0) {
      await tools.noteRdsChange(instance.name, `takes away ${chosen.map(({ from: network }) => network).join(', ')}`)
      await revokeAccess(aws, chosen)
    }
    return { name: instance.name, revoked: chosen, expired, dryRun: tools.dryRun }
  },

  show({ name, revoked, expired, dryRun }, screen) {
    showExpired(expired, screen, dryRun)
    for (const { from, owner } of revoked)
      screen.line(
        `${dryRun ? 'Would take away' : 'Took away'} ${from}${owner === null ? '' : `, which ${owner} had let in`}.`,
      )
    if (revoked.length === 0)
      screen.line(
        `There is nothing of yours to take back from ${name}. pgrig rds allow ${name} --list shows who may connect.`,
      )
  },
})
