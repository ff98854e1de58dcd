import { inspectServer, type OpenTarget, readEnvironment, resolveTarget } from '@pgrig/core'
import type { Tools } from './command.ts'

/**
 * Lists the places that hold the password with which pgrig connects as a role: variables, files, lines of a `.pgpass`. After
 * it was changed, they hold the old one. No password is in the result.
 */
export async function listPasswordHolders(tools: Tools, open: OpenTarget, role: string): Promise<string[]> {
  const project = await tools.project()
  const places = new Set<string>()
  const others = await Promise.all(
    (await tools.targetNames()).map((name) =>
      // A target that cannot be resolved leads to no server.
      resolveTarget(project, readEnvironment(tools.folder), { name }).catch(() => undefined),
    ),
  )
  for (const target of [open.target, ...others]) {
    if (target?.kind !== 'server') continue
    const { host, port, user } = target.address
    if (host !== open.address.host || port !== open.address.port || user !== role) continue
    const password = target.values.find(({ name }) => name === 'password')
    if (password) places.add(password.origin)
  }
  if (open.target.kind === 'embedded' && open.address.user === role) {
    const { running } = await inspectServer(project.folder)
    if (running) places.add(running.passwordFile)
  }
  return [...places].sort()
}
