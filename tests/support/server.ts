import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { removeServer, startServer } from '../../packages/core/src/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The server that all tests share. */
    server: { socketFolder: string; port: number; passwordFile: string }
  }
}

/** Starts one embedded server for the whole run. It is fast and careless: what durability means is tested apart. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'pgrig-tests-'))
  await chmod(folder, 0o755)
  const settings = { max_prepared_transactions: '10' }
  const { socketFolder, port, passwordFile } = await startServer(folder, { durable: false, settings })
  project.provide('server', { socketFolder, port, passwordFile })
  return async () => {
    await removeServer(folder)
    await rm(folder, { recursive: true, force: true })
  }
}
