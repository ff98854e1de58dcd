import { join } from 'node:path'
import type { FastifyPluginAsync } from 'fastify'
import type { LocalProviderSettings } from '../api/sign-in/settings.ts'
import type { TriggerEvent } from '../trigger/handler.ts'
import { createAccounts, type Mail } from './accounts.ts'
import { removePayloadsOf } from './adapter.ts'
import { readKeys } from './keys.ts'
import { createOpenIdProvider } from './openid-provider.ts'
import { openRecords } from './records.ts'
import { refuseElsewhere } from './refusal.ts'
import { providerRoutes } from './routes.ts'

export interface LocalProvider {
  settings: LocalProviderSettings
  routes: FastifyPluginAsync
  /** Lets somebody sign in who is in the database already, with the password for development. */
  addPerson(person: { sub: string; handle: string; name: string; groups?: string[] }): Promise<void>
  /** Forgets somebody: they cannot sign in any more, and nothing of them is kept. */
  deletePerson(sub: string): Promise<void>
}

export interface LocalProviderOptions {
  /** Where accounts and keys are kept. */
  folder: string
  publicUrl: URL
  /** Where the server listens. */
  host: string
  /** Why this could be production; then there is no such provider. */
  productionSigns: readonly string[]
  /** Cognito's triggers. */
  trigger(event: TriggerEvent): Promise<unknown>
  deliver(mail: Mail): void
  /** The clock of codes and of tries, in milliseconds since 1970. */
  now?: () => number
}

/** The password of the people of the seed. Only this machine can reach the provider, and it never runs in production. */
export const developmentPassword = 'let-it-go'

const clientId = 'cruddur'

/**
 * Starts the OpenID provider of a laptop: sign-up, confirmation, sign-in and sign-out as with Cognito, and no AWS. Throws
 * `refused` in production.
 */
export async function openLocalProvider(options: LocalProviderOptions): Promise<LocalProvider> {
  const { folder, publicUrl, host, productionSigns, trigger, deliver, now } = options
  refuseElsewhere(productionSigns, publicUrl, host)
  const records = openRecords(join(folder, 'provider'))
  const accounts = createAccounts({ records, trigger, deliver, ...(now && { now }) })
  const keys = await readKeys(records)
  const issuer = `${publicUrl.origin}/oidc`
  const provider = await createOpenIdProvider({ issuer, publicUrl, clientId, keys, records, accounts })
  return {
    settings: { kind: 'local', issuer, clientId, clientSecret: keys.clientSecret },
    routes: providerRoutes({ provider, accounts, publicUrl }),
    async addPerson({ sub, handle, name, groups = [] }) {
      const email = `${handle.toLowerCase()}@example.com`
      await accounts.addConfirmed({ sub, email, name, handle, groups }, developmentPassword)
    },
    async deletePerson(sub) {
      await accounts.remove(sub)
      await removePayloadsOf(records, sub)
    },
  }
}
