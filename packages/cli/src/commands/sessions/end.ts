import { sessionFlags } from '../../session-flags.ts'
import { stopCommand } from '../../stop-command.ts'

export const end = stopCommand('end', {
  summary: 'End sessions',
  description: `The connection is closed, and what was not committed is rolled back. Sessions are named by their pids or by what they
are; those of pgrig itself are left alone. They are shown, and asked about, first. On production that question is for the exact name
of the target’s database.`,
  destructive: true,
  examples: [
    'sessions end 4711 4712',
    'sessions end --idle 10m --application rails',
    'sessions end --idle 1h prod --dry-run',
  ],
  flags: sessionFlags,
})
