import { deleteInstance, finishDeletion, planDeletion } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument, flag } from '../../flag.ts'
import { watchActions, watchOptions } from '../../rds-view.ts'

export const remove = defineCommand({
  name: 'rds delete',
  summary: 'Delete an instance, after a final snapshot',
  description: `An instance that is protected from deletion is refused, unless --unprotect takes that off first. A final snapshot is made;
without one, all data is lost for good. What pgrig made beside the instance (security group, subnet group, parameter group) stays, unless
--with-extras deletes it too, after the instance is gone.`,
  target: 'none',
  destructive: true,
  aws: [
    'rds:DeleteDBInstance',
    'rds:ModifyDBInstance',
    'rds:CreateDBSnapshot',
    ...watchActions,
    'ec2:DescribeSecurityGroups',
    'ec2:DeleteSecurityGroup',
    'rds:DeleteDBSubnetGroup',
    'rds:DeleteDBParameterGroup',
  ],
  arguments: { name: argument.required('The name of the instance') },
  flags: {
    unprotect: flag.boolean('Take the deletion protection off first'),
    skipFinalSnapshot: flag.boolean('Make no final snapshot: the data is lost for good'),
    keepAutomatedBackups: flag.boolean('Keep the automated backups until they expire'),
    withExtras: flag.boolean('Delete the groups that pgrig made for it, too'),
    noWait: flag.boolean('Do not wait until it is gone; then the extras stay'),
  },
  examples: ['rds delete cruddur-db --dry-run', 'rds delete cruddur-db --unprotect --with-extras'],

  async run({ name, unprotect, skipFinalSnapshot, keepAutomatedBackups, withExtras, noWait }, tools) {
    const aws = await tools.aws()
    const now = new Date(tools.clock.now())
    const plan = await planDeletion(aws, name, { unprotect, skipFinalSnapshot, keepAutomatedBackups, now })
    const { instance, finalSnapshot, goes, hindrances } = plan
    const outcome = {
      name: instance.name,
      finalSnapshot: finalSnapshot ?? null,
      goes,
      hindrances,
      dryRun: tools.dryRun,
    }
    if (tools.dryRun) return { ...outcome, left: plan.leftOver, gone: false }
    if (hindrances.length === 0) {
      const { engine, version, storageGib, tags } = instance
      const env = tags['env'] === undefined ? '' : `, env=${tags['env']}`
      tools.note(`This deletes ${instance.name} (${engine} ${version}, ${storageGib} GiB${env}).`)
      tools.note(
        finalSnapshot === undefined
          ? '  No final snapshot: what is in it is lost for good.'
          : `  A final snapshot is made: ${finalSnapshot}.`,
      )
      for (const line of goes) tools.note(`  ${line}`)
      await tools.confirmName(`Type ${instance.name} to go on:`, instance.name)
    }
    await tools.noteRdsChange(instance.name, 'deletes it')
    await deleteInstance(aws, plan, watchOptions(tools))
    if (noWait) return { ...outcome, left: plan.leftOver, gone: false }
    const left = await finishDeletion(aws, plan, withExtras, watchOptions(tools))
    return { ...outcome, left, gone: true }
  },

  show({ name, finalSnapshot, goes, hindrances, dryRun, left, gone }, screen) {
    if (dryRun) {
      screen.line(
        `Would delete ${name}${finalSnapshot === null ? ' without a final snapshot' : `, after the snapshot ${finalSnapshot}`}.`,
      )
      for (const line of goes) screen.line(line)
      for (const line of hindrances) screen.line(`But: ${line}`)
    } else {
      screen.line(gone ? `${name} is deleted.` : `${name} is being deleted.`)
      if (finalSnapshot !== null) screen.line(`What was in it is in the snapshot ${finalSnapshot}.`)
    }
    if (left.length > 0) screen.line(`These stay: ${left.map(({ kind, name: own }) => `${kind} ${own}`).join(', ')}.`)
  },
})
