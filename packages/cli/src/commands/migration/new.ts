import { createMigration } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { argument } from '../../flag.ts'

export const create = defineCommand({
  name: 'migration new',
  summary: 'Make an empty migration',
  target: 'project',
  changes: true,
  arguments: { name: argument.required('What it does, in a few words') },
  examples: ['migration new add_likes', 'migration new "add likes"'],

  async run({ name }, tools) {
    const { migrationsFolder } = await tools.resolvedTarget()
    const { dryRun } = tools
    return { dryRun, file: tools.nameFile(await createMigration(migrationsFolder, name, new Date(), { dryRun })) }
  },

  show({ dryRun, file }, screen) {
    screen.line(`${dryRun ? 'Would make' : 'Made'} ${file}.`)
  },
})
