import { listRdsInstances } from '@pgrig/core'
import { defineCommand } from '../../command.ts'
import { flag } from '../../flag.ts'
import { endpointOf, kindText, lookActions } from '../../rds-view.ts'

export const list = defineCommand({
  name: 'rds list',
  summary: 'List the instances, replicas and clusters of a region',
  description: 'Those of PostgreSQL and Aurora PostgreSQL; --all shows other engines too, which pgrig does not touch.',
  target: 'none',
  aws: lookActions,
  examples: ['rds list', 'rds list --region eu-west-1 --json'],
  flags: { all: flag.boolean('Other engines too', { short: 'a' }) },

  async run({ all }, tools) {
    const found = await listRdsInstances(await tools.aws())
    return all ? found : found.filter(({ engine }) => engine.endsWith('postgres') || engine === 'aurora-postgresql')
  },

  show(instances, screen) {
    if (instances.length === 0) return screen.line('There is none. pgrig rds create makes one.')
    screen.table(instances, {
      name: ({ name }) => name,
      is: kindText,
      engine: ({ engine, version }) => `${engine} ${version}`,
      class: (one) => one.class ?? '',
      status: ({ status, startsAgainAt }) =>
        startsAgainAt === null ? status : `${status} until ${startsAgainAt.slice(0, 10)}`,
      public: ({ publiclyAccessible }) => (publiclyAccessible ? 'public' : ''),
      endpoint: (one) => endpointOf(one) ?? '',
    })
  },
})
