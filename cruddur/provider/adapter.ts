import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'
import type { Records } from './records.ts'

/** Keeps what the provider has to remember, such as grants and refresh tokens, over a restart. */
export function createAdapterFactory(records: Records, now = Date.now): AdapterFactory {
  return (model): Adapter => {
    const kind = kindOf(model)
    const find = (id: string) => records.read<AdapterPayload>(kind, id)

    const list = async () => (await records.list(kind)) as { id: string; value: AdapterPayload }[]

    async function upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
      await records.write(kind, id, payload, expiresIn === undefined ? undefined : now() + expiresIn * 1000)
    }

    async function findBy(field: keyof AdapterPayload, wanted: string): Promise<AdapterPayload | undefined> {
      return (await list()).find(({ value }) => value[field] === wanted)?.value
    }

    return {
      upsert,
      find,
      findByUid: (uid) => findBy('uid', uid),
      findByUserCode: (userCode) => findBy('userCode', userCode),
      async consume(id) {
        const payload = await find(id)
        if (payload === undefined) return
        const consumed = Math.floor(now() / 1000)
        // In seconds, as the provider keeps it.
        await upsert(id, { ...payload, consumed }, payload.exp === undefined ? undefined : payload.exp - consumed)
      },
      destroy: (id) => records.remove(kind, id),
      async revokeByGrantId(grantId) {
        for (const { id, value } of await list()) if (value.grantId === grantId) await records.remove(kind, id)
      },
    }
  }
}

/** Removes what the provider remembers of somebody: sessions, grants and tokens. */
export async function removePayloadsOf(records: Records, sub: string): Promise<void> {
  for (const model of ['Session', 'Grant', 'RefreshToken', 'AuthorizationCode']) {
    const kind = kindOf(model)
    for (const { id, value } of await records.list(kind))
      if ((value as AdapterPayload).accountId === sub) await records.remove(kind, id)
  }
}

const kindOf = (model: string) => `oidc-${model}`
