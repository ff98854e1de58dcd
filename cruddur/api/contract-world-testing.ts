import { afterAll, beforeEach } from 'vitest'
import { addActivity, addPerson, testClient } from '../db/test-client.ts'
import { Contract, type Filling, type Operation, operationsOf, readDocument, requestOf } from './contract-testing.ts'
import { openPool } from './database.ts'
import { createStore } from './store/create-store.ts'
import { buildTestApp, signedInAs } from './testing.ts'

export const me = signedInAs('sub-andrewbrown')
const admin = signedInAs('sub-admin')

/** An app with its document, and before each test the same people and activities: what the operations are about. */
export async function contractWorld() {
  const { client, clientConfig } = await testClient('schema.sql')
  const pool = openPool(clientConfig, () => undefined)
  const store = createStore({ pool })
  afterAll(async () => {
    await store.close()
    await pool.end()
  })
  const app = buildTestApp({ pool, store })
  const document = await readDocument(app)
  const contract = new Contract(document)
  // A stream does not end; it has tests of its own.
  const operations = operationsOf(document).filter(({ id }) => id !== 'readEvents')
  let fillings: Record<string, Filling> = {}

  beforeEach(async () => {
    await client.query('delete from users')
    const mine = await addPerson(client, 'andrewbrown')
    const other = await addPerson(client, 'bayko')
    await addPerson(client, 'admin')
    const uuid = await addActivity(client, other, { message: 'Hello @andrewbrown' })
    await store.createReply('sub-andrewbrown', uuid, { message: 'Hello', ttlSeconds: 3_600 })
    const own = await addActivity(client, mine, { message: 'Hello' })
    await store.report('sub-andrewbrown', uuid, 'spam', 'Look at it')
    await store.setLike('sub-bayko', own, true)
    await store.setRepost('sub-bayko', own, true)
    const [report] = JSON.parse((await store.listReports({ limit: 1 })).body) as { uuid: string }[]
    fillings = {
      // Not the page that is kept for a second, which may be of the test before.
      readHome: { query: { limit: '39' } },
      search: { query: { term: 'Hello' } },
      deleteActivity: { path: { uuid: own } },
      readStatus: { path: { uuid, handle: 'bayko' } },
      decideReport: { path: { uuid: report?.uuid ?? '' } },
      others: { path: { uuid, handle: 'bayko' } },
    }
  })

  /** What makes a request of an operation right. */
  function fill(operation: Operation, more: Filling = {}): Filling {
    const preset = { ...fillings['others'], ...fillings[operation.id] }
    return {
      ...preset,
      ...more,
      path: { ...preset.path, ...more.path },
      query: { ...preset.query, ...more.query },
      headers: { ...headersOf(operation), ...more.headers },
    }
  }

  /** Sends a right request but for what is given, and holds the answer to the document. */
  async function send(operation: Operation, more?: Filling, to = app) {
    const response = await to.inject(requestOf(operation, fill(operation, more)))
    contract.check(operation, response)
    return response
  }

  return { client, pool, store, app, document, contract, operations, fill, send }
}

/** Those of who may do it. */
function headersOf({ path, closed }: Operation): Record<string, string> {
  if (path.startsWith('/api/admin/')) return admin
  return closed ? me : {}
}
