import type { FastifyInstance } from 'fastify'
import type { Events } from '../events.ts'
import type { ProviderAccounts } from '../identity.ts'
import type { Settings } from '../settings.ts'
import type { Store } from '../store/store.ts'

/** What routes are made of. */
export interface Api {
  store: Store
  events: Events
  settings: Settings
  /** Undefined where the accounts at the provider are not ours to delete. */
  accounts: ProviderAccounts | undefined
}

/** Adds the routes of one group. */
export type Routes = (app: FastifyInstance, api: Api) => void
