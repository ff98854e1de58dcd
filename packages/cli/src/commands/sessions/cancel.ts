import { flag } from '../../flag.ts'
import { sessionFlags } from '../../session-flags.ts'
import { stopCommand } from '../../stop-command.ts'

export const cancel = stopCommand('cancel', {
  summary: 'Cancel the statements that sessions run',
  description: `The statement fails and its transaction is rolled back or waits for its rollback; the session stays. Sessions are named by
their pids or by what they are; those that run no statement are left alone, and so are those of pgrig itself.`,
  changes: true,
  asks: true,
  examples: [
    'sessions cancel 4711',
    'sessions cancel --application rails --running 10m',
    'sessions cancel 4711 prod --yes',
  ],
  flags: {
    ...sessionFlags,
    running: flag.duration('Those whose statement runs for longer'),
  },
})
