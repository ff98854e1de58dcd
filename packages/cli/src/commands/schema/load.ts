import { loadCommand } from '../../load-command.ts'

export const load = loadCommand({
  name: 'schema load',
  summary: 'Run db/schema.sql, or another file, in one transaction',
  default: (target) => target.schemaFile,
  examples: ['schema load', 'schema load prod', 'schema load db/other.sql'],
})
