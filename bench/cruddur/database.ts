import { readFileSync } from 'node:fs'
import { connect, createDatabase, loadScript, readScript, type Server } from '@pgrig/core'
import { root } from './services.ts'

/** How much there is in the database. */
export interface Size {
  people: number
  activities: number
}

/** A fifth of the activities are replies: 11 to the first of every 500, and one to each of some others. */
export const activitiesPerThread = 500

/** Loads Cruddur's schema into a new database of the server, fills it, and returns its URL. */
export async function fillDatabase(server: Server, { people, activities }: Size, peerSql: string): Promise<string> {
  const tls = { mode: 'disable' } as const
  const address = { host: server.socketFolder, port: server.port, user: 'postgres', tls, connectTimeoutSeconds: 10 }
  const cluster = {
    database: 'cruddur',
    connect: (database = 'cruddur') => connect({ ...address, database }, { application: 'bench' }),
  }
  await createDatabase(cluster)
  const password = readFileSync(server.passwordFile, 'utf8').trim()
  const url = `postgresql://postgres:${encodeURIComponent(password)}@127.0.0.1:${server.port}/cruddur?sslmode=disable`
  await loadScript(cluster, await readScript(`${root}cruddur/db/schema.sql`), {})
  const connection = await cluster.connect()
  try {
    // Loaded in one go, what refers to what need not be asked.
    await connection.run('set session_replication_role = replica')
    await connection.run('select setseed(0.5)')
    await connection.run(`
      insert into public.users (display_name, handle, cognito_user_id)
      select 'Person ' || n, 'person' || n, 'bench-' || n from generate_series(1, ${people}) as n`)
    await connection.run(
      'create temporary table numbered as select uuid, substr(handle, 7)::int as author from public.users',
    )
    // Some say much more than others; all of it lives, since the purge takes away what does not.
    await connection.run(`
      insert into public.activities
        (uuid, user_uuid, message, reply_to_activity_uuid, replies_count, created_at, expires_at)
      select
        (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
        numbered.uuid,
        'Activity ' || n || ': ' || repeat('let it go ', 2 + n % 11),
        case when parent is not null then (lpad(to_hex(parent), 8, '0') || '-0000-7000-8000-000000000000')::uuid end,
        case when n % ${activitiesPerThread} = 1 then 11 when n % 5 = 4 and n % ${activitiesPerThread} not between 4 and 54 then 1 else 0 end,
        created_at,
        created_at + interval '29 days' - case when parent is null then interval '0' else interval '1 hour' end
      from (
        select
          n,
          1 + floor(${people} * power(random(), 1.5))::int as author,
          case
            when n % 5 <> 0 then null
            when n % ${activitiesPerThread} between 5 and 55 then n - n % ${activitiesPerThread} + 1
            else n - 1
          end as parent,
          now() - interval '20 days' * ((${activities} - n) / ${activities}::float8) as created_at
        from generate_series(1, ${activities}) as n
      ) as made
      join numbered using (author)
      order by made.n`)
    await connection.run('reset session_replication_role')
    await loadScript(cluster, await readScript(peerSql), {})
    await connection.run('vacuum analyze')
    await connection.run('checkpoint')
  } finally {
    await connection.close()
  }
  return url
}
