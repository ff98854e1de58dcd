import { chmod, chown, cp, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import pg from 'pg'
import { removeServer, startServer, stopServer, type Server } from '../../packages/core/src/index.ts'

export interface Replicated {
  primary: pg.ClientConfig
  replica: pg.ClientConfig
  stopReplica(): Promise<void>
  startReplica(): Promise<void>
  stopPrimary(): Promise<void>
  remove(): Promise<void>
}

/** Starts an embedded server and a streaming replica of it, made by the low-level backup functions of PostgreSQL. */
export async function startReplicated(database: string): Promise<Replicated> {
  const folders = [await makeFolder(), await makeFolder()]
  const [primaryFolder = '', replicaFolder = ''] = folders
  const primary = await startServer(primaryFolder, { durable: false })
  await administer(primary, `create database "${database}"`)
  // The second server is made as any other; then its data are those of the first.
  const second = await startServer(replicaFolder, { durable: false })
  await stopServer(replicaFolder)
  await copyData(primary, second.dataFolder)
  const source = `host='${primary.socketFolder}' port=${primary.port} user=postgres`
  const startReplica = async (): Promise<Server> =>
    startServer(replicaFolder, { durable: false, settings: { primary_conninfo: source, hot_standby_feedback: 'on' } })
  const replica = await startReplica()
  const configOf = ({ socketFolder, port }: Server): pg.ClientConfig => ({
    host: socketFolder,
    port,
    user: 'postgres',
    database,
  })
  return {
    primary: configOf(primary),
    replica: configOf(replica),
    stopReplica: async () => void (await stopServer(replicaFolder)),
    startReplica: async () => {
      const again = await startReplica()
      if (again.port !== replica.port) throw new Error('The replica came back at another port')
    },
    stopPrimary: async () => void (await stopServer(primaryFolder)),
    async remove() {
      for (const folder of folders.toReversed()) {
        await removeServer(folder)
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cruddur-replica-'))
  await chmod(folder, 0o755)
  return folder
}

async function copyData(from: Server, to: string): Promise<void> {
  const client = await connect(from)
  try {
    await client.query(`select pg_backup_start('replica', true)`)
    await rm(to, { recursive: true })
    const notCopied = new Set(['postmaster.pid', 'postmaster.opts'])
    await cp(from.dataFolder, to, { recursive: true, filter: (path) => !notCopied.has(basename(path)) })
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop()')
    await writeFile(join(to, 'backup_label'), rows[0]?.labelfile ?? '')
    await writeFile(join(to, 'standby.signal'), '')
  } finally {
    await client.end()
  }
  await ownAs(from.dataFolder, to)
}

/** Gives all of a copy the owner and the modes of the original: the server refuses a data folder that others may read. */
async function ownAs(original: string, copy: string): Promise<void> {
  const { uid, gid } = await stat(original)
  await chown(copy, uid, gid)
  await chmod(copy, 0o700)
  for (const entry of await readdir(copy, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    await chown(path, uid, gid)
    await chmod(path, entry.isDirectory() ? 0o700 : 0o600)
  }
}

async function administer(server: Server, statement: string): Promise<void> {
  const client = await connect(server)
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

async function connect({ socketFolder, port }: Server): Promise<pg.Client> {
  const client = new pg.Client({ host: socketFolder, port, user: 'postgres', database: 'postgres' })
  await client.connect()
  return client
}
