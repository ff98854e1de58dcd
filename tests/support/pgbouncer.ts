import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'
import { takePort } from '../../cruddur/api/port.ts'

// Debian keeps it where only root looks.
const program = ['pgbouncer', '/usr/sbin/pgbouncer'].find((path) => spawnSync(path, ['--version']).status === 0)

/** Whether PgBouncer is there. Where it is not, says what is therefore not tested; under CI that is an error. */
export function pgbouncerIsThere(untested: string): boolean {
  if (program !== undefined) return true
  const sentence = `${untested}: PgBouncer is not installed. Debian, Ubuntu: apt-get install pgbouncer.`
  if (process.env.CI) throw new Error(sentence)
  console.warn(sentence)
  return false
}

export interface PgBouncer {
  host: string
  port: number
  password: string
  url(database: string): string
  stop(): Promise<void>
}

/** Starts PgBouncer in transaction mode before the server that all tests share, with few sessions for many clients. */
export async function startPgBouncer({ sessions }: { sessions: number }): Promise<PgBouncer> {
  if (program === undefined) throw new Error('PgBouncer is not installed')
  const { port: serverPort, passwordFile } = inject('server')
  const password = (await readFile(passwordFile, 'utf8')).trim()
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'))
  await chmod(folder, 0o755)
  const [host, port] = ['127.0.0.1', await takePort()]
  const users = join(folder, 'users.txt')
  await writeFile(users, `"postgres" "${password}"\n`, { mode: 0o600 })
  const settings = join(folder, 'pgbouncer.ini')
  await writeFile(
    settings,
    `[databases]
* = host=127.0.0.1 port=${serverPort}
[pgbouncer]
listen_addr = ${host}
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${sessions}
max_client_conn = 200
`,
  )
  // It does not run as root.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined
  if (user) await chown(users, user.uid, user.gid)
  const child = spawn(program, [settings], { ...user, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += String(bytes)))
  while (!(await answers(host, port))) {
    if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`)
    await sleep(50)
  }
  return {
    host,
    port,
    password,
    url: (database) => `postgresql://postgres:${password}@${host}:${port}/${database}`,
    async stop() {
      if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port })
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
