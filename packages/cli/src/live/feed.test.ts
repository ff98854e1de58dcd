import { Failure, type Cluster, type Connection } from '@pgrig/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openFeed } from './feed.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A server whose connections answer each statement as they are told to, and remember what becomes of them. */
function server(...answers: (() => Promise<never[]>)[]) {
  const connections: { database: string | undefined; left: boolean }[] = []
  const cluster: Cluster = {
    database: 'cruddur',
    async connect(database) {
      const seen = { database, left: false }
      const answer = answers[connections.push(seen) - 1] ?? (async () => [])
      return {
        query: answer,
        run: answer,
        address: { port: 5432 },
        leave: () => (seen.left = true),
      } as unknown as Connection
    },
  }
  return { cluster, connections }
}

test('one connection is kept, to another database than the target’s, and left at the end', async () => {
  const { cluster, connections } = server()
  const feed = openFeed(cluster, {})
  await feed.readActivity()
  await feed.readActivity()
  expect(connections).toEqual([{ database: 'postgres', left: false }])
  await feed.readLocks()
  expect(connections).toEqual([
    { database: 'postgres', left: false },
    { database: undefined, left: false },
  ])
  await feed.readActivity()
  await vi.runAllTimersAsync()
  expect(connections[1]?.left).toBe(true)
  feed.close()
  await vi.runAllTimersAsync()
  expect(connections.every(({ left }) => left)).toBe(true)
})

test('a connection that broke is left, and the next look makes another one; an error of SQL leaves it as it is', async () => {
  const lost = async () => Promise.reject(new Failure('connection_lost', 'It is gone.'))
  const denied = async () => Promise.reject(new Failure('sql_error', 'permission denied'))
  const { cluster, connections } = server(lost, denied)
  const feed = openFeed(cluster, {})
  await expect(feed.readActivity()).rejects.toMatchObject({ code: 'connection_lost' })
  await expect(feed.readActivity()).rejects.toMatchObject({ code: 'sql_error' })
  await expect(feed.readActivity()).rejects.toMatchObject({ code: 'sql_error' })
  await vi.runAllTimersAsync()
  expect(connections.map(({ left }) => left)).toEqual([true, false])
})

test('a server that falls silent is given up, and asked again', async () => {
  const { cluster, connections } = server(() => new Promise(() => {}))
  const feed = openFeed(cluster, {})
  const reading = expect(feed.readActivity()).rejects.toMatchObject({
    code: 'connection_lost',
    message: 'The server has not answered for 10 s.',
  })
  await vi.advanceTimersByTimeAsync(10_000)
  await reading
  await expect(feed.readActivity()).resolves.toMatchObject({ sessions: [] })
  expect(connections.map(({ left }) => left)).toEqual([true, false])
})
