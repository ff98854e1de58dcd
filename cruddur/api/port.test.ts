import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { expect, test } from 'vitest'
import { findFreePort } from './port.ts'

async function take(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer()
  await once(server.listen(0, host), 'listening')
  const { port } = server.address() as AddressInfo
  return { server, port }
}

test('a port that is taken is passed over, and is free again afterwards', async () => {
  const { server, port } = await take('127.0.0.1')
  expect(await findFreePort(port, port)).toBeUndefined()
  const next = await findFreePort(port, port + 20)
  expect(next).toBeGreaterThan(port)
  await new Promise((resolve) => server.close(resolve))
  expect(await findFreePort(port, port)).toBe(port)
})

test('a port that cannot be listened on counts as taken', async () => {
  await expect(findFreePort(65_536, 65_536)).resolves.toBeUndefined()
})
