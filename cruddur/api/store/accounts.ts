import { transact, type Pool } from '../database.ts'
import type { Announcer, Counts } from './announcer.ts'
import { checkCursor } from './cursor.ts'
import { toPage } from './reads.ts'
import { statement } from './statement.ts'
import type { Store } from './store.ts'

const session = statement('session')
const exportAccount = statement('export-account')
const lockAccount = statement('lock-account')
const deleteAccount = statement('delete-account')
const reports = statement('reports')
const decideReport = statement('decide-report')
const takeLease = statement('take-lease')

type Accounts = Pick<
  Store,
  'readSession' | 'exportAccount' | 'deleteAccount' | 'listReports' | 'decideReport' | 'takeLease'
>

/** What concerns accounts and order among them: always the primary's word. */
export function createAccounts(pool: Pool, announcer: Announcer): Accounts {
  return {
    async readSession(sub) {
      const [row] = await session(pool, [sub])
      return row && String(row['body'])
    },
    async exportAccount(sub) {
      const [row] = await exportAccount(pool, [sub])
      return row && String(row['body'])
    },
    async deleteAccount(sub, handle) {
      const outcome = await transact(pool, async (transaction) => {
        const [person] = await lockAccount(transaction, [sub, handle])
        if (person === undefined) return 'no_user'
        if (person['meant'] !== true) return 'wrong_handle'
        const [row] = await deleteAccount(transaction, [sub])
        return row ?? 'no_user'
      })
      if (typeof outcome === 'string') return outcome
      for (const uuid of (outcome['deleted'] as string[] | null) ?? []) announcer.announce({ type: 'deleted', uuid })
      for (const counts of (outcome['counts'] as Counts[] | null) ?? [])
        announcer.announce({ type: 'counts', ...counts })
      announcer.announce({ type: 'signed_out', sub })
      return 'done'
    },
    async listReports({ limit, cursor }) {
      return toPage(await reports(pool, [limit, checkCursor(cursor)]))
    },
    async decideReport(uuid, decision, adminSub) {
      const [row] = await decideReport(pool, [uuid, decision, adminSub])
      if (row === undefined) return 'missing'
      if (typeof row['uuid'] === 'string') announcer.announce({ type: 'deleted', uuid: row['uuid'] })
      if (row['counts'] !== null) announcer.announce({ type: 'counts', ...(row['counts'] as Counts) })
      return 'done'
    },
    async takeLease(key, seconds, count) {
      const [row] = await takeLease(pool, [key, seconds, count], { repeatable: false })
      return { used: Number(row?.['used']), resetMs: Number(row?.['reset_ms']) }
    },
  }
}
