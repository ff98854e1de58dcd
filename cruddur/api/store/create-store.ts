import { createAccounts } from './accounts.ts'
import { Announcer } from './announcer.ts'
import { createReads } from './reads.ts'
import { Routing, type RoutingOptions } from './routing.ts'
import type { Store } from './store.ts'
import { createWrites } from './writes.ts'

/** All that the API asks of the database. To be closed before its pools. */
export function createStore({ pool, readPool }: RoutingOptions): Store {
  const routing = new Routing({ pool, readPool })
  const announcer = new Announcer(pool)
  return {
    ...createReads(routing),
    ...createWrites({ pool, routing, announcer }),
    ...createAccounts(pool, announcer),
    async close() {
      await routing.close()
      await announcer.flush()
    },
  }
}
