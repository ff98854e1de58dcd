// pgrig schema dump beside pg_dump -s, on the embedded server: 2,000 tables, in less than five seconds.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect, createDatabase, loadScript, readScript, removeServer, startServer } from '@pgrig/core'
import { makeSchema, railsShape } from './load/make-schema.ts'
import { verdict } from './load/race.ts'
import { compare, type Contender } from './measure.ts'

const pgrig = fileURLToPath(new URL('../../packages/cli/bin/pgrig.js', import.meta.url))
const pgDump = process.env.PG_DUMP ?? 'pg_dump'
const tables = Number(process.argv[3] ?? 2000)
if (!(tables > 0)) throw new Error('npm run bench -- dump [TABLES]; PG_DUMP names the peer')

const project = mkdtempSync(join(tmpdir(), 'pgrig-bench-'))
chmodSync(project, 0o755)
writeFileSync(join(project, 'pgrig.json'), JSON.stringify({ database: 'dumped' }))
const server = await startServer(project)
try {
  const tls = { mode: 'disable' } as const
  const address = { host: server.socketFolder, port: server.port, user: 'postgres', tls, connectTimeoutSeconds: 10 }
  const cluster = {
    database: 'dumped',
    connect: (database = 'dumped') => connect({ ...address, database }, { application: 'bench' }),
  }
  await createDatabase(cluster)
  const { text, statements } = makeSchema({ ...railsShape, tables })
  const file = join(project, 'schema.sql')
  writeFileSync(file, text)
  // More locks than a transaction may hold by default.
  await loadScript(cluster, await readScript(file), { transaction: 'none' })
  const connection = await cluster.connect()
  await connection.run('vacuum analyze')
  await connection.close()
  const ours: Contender = {
    name: 'pgrig schema dump -',
    command: process.execPath,
    args: [pgrig, 'schema', 'dump', '-'],
    cwd: project,
  }
  const url = `postgresql://postgres@${encodeURIComponent(server.socketFolder)}:${server.port}/dumped`
  const theirs: Contender = { name: 'pg_dump -s', command: pgDump, args: ['-s', url] }
  const able = spawnSync(pgDump, ['-s', '-t', 'nothing*', url], { encoding: 'utf8' })
  const usable = able.error === undefined && !able.stderr.includes('version mismatch')
  if (!usable) console.log(`${pgDump} is not there, or older than the server: PG_DUMP names another. We run alone.`)
  const title = `A schema of ${tables} tables, ${statements} statements, on the embedded server`
  const [row] = compare(title, usable ? [ours, theirs] : [ours], 7)
  if (tables === 2000 && row) console.log(verdict('less than 5 s', row.medianMilliseconds < 5000))
} finally {
  await removeServer(project)
  rmSync(project, { recursive: true, force: true })
}
