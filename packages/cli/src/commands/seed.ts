import { loadCommand } from '../load-command.ts'

export const seed = loadCommand({
  name: 'seed',
  summary: 'Run db/seed.sql, or another file, in one transaction',
  default: (target) => target.seedFile,
  examples: ['seed', 'seed prod', 'seed db/demo.sql'],
})
