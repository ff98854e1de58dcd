// pgrig setup on the embedded server, warm, against the journal's scripts with psql, and dbmate, on the same server.
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeServer, startServer } from '@pgrig/core'
import { compare } from './measure.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const dbmate = join(root, 'node_modules/.bin/dbmate')
const pgrig = join(root, 'packages/cli/bin/pgrig.js')
const seed = readFileSync(join(root, 'cruddur/db/seed.sql'), 'utf8')

const project = mkdtempSync(join(tmpdir(), 'pgrig-bench-'))
chmodSync(project, 0o755)
try {
  cpSync(join(root, 'cruddur/db'), join(project, 'db'), { recursive: true })
  writeFileSync(join(project, 'pgrig.json'), JSON.stringify({ database: 'cruddur' }))
  const server = await startServer(project)
  const password = readFileSync(server.passwordFile, 'utf8').trim()
  // Over the socket and without a password: the fastest way for psql, and the one that pgrig takes.
  const connectionUrl = `postgresql://postgres@${encodeURIComponent(server.socketFolder)}:${server.port}/cruddur`

  compare(
    'Drop, create, load the schema, seed: Cruddur’s database on the embedded server',
    [
      { name: 'pgrig setup', command: process.execPath, args: [pgrig, 'setup'], cwd: project },
      {
        name: 'the journal’s scripts, with psql',
        command: 'bash',
        args: [join(root, 'bench/journal/db-setup')],
        env: { CONNECTION_URL: connectionUrl },
        cwd: project,
      },
      {
        name: 'dbmate drop, dbmate up',
        command: 'sh',
        args: ['-c', `"${dbmate}" drop && "${dbmate}" up`],
        env: {
          DATABASE_URL: `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${server.port}/cruddur_dbmate?sslmode=disable`,
          DBMATE_MIGRATIONS_DIR: migrations(),
          DBMATE_NO_DUMP_SCHEMA: 'true',
        },
        cwd: project,
      },
    ],
    15,
    // setup leaves it to the server to drop the oldest copy.
    500,
  )
} finally {
  await removeServer(project)
  rmSync(project, { recursive: true, force: true })
}

/** dbmate has no seed: it goes in as a migration. */
function migrations(): string {
  const folder = join(project, 'migrations')
  cpSync(join(root, 'cruddur/db/migrations'), folder, { recursive: true })
  writeFileSync(join(folder, '99990101000000_seed.sql'), `-- migrate:up\n${seed}\n-- migrate:down\n`)
  return folder
}
