import type { Server } from '@pgrig/core'
import type { Screen } from './screen.ts'

/** Shows an embedded server that runs. */
export function showServer(server: Server, screen: Screen): void {
  screen.list({
    version: `PostgreSQL ${server.version}`,
    pid: server.pid,
    socket: server.socketFolder,
    tcp: server.listensOnTcp
      ? `127.0.0.1:${server.port}, user postgres, password in ${server.passwordFile}`
      : 'no port was free: the socket only',
    data: server.dataFolder,
    log: server.logFile,
    started: server.startedAt.toISOString(),
  })
}
