import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './services.ts'
import { viewers } from './statements.ts'

/** What is used of Cruddur as it is built; a bench compiles without its sources. */
interface Modules {
  'api/database.js': { openPool(config: object, report: (error: Error) => void): Pool }
  'api/sign-in/session-table.js': { createSessionTable(pool: Pool): unknown }
  'api/sign-in/sessions.js': {
    createSessions(options: { table: unknown; openId: object; verifier: object; secrets: string[] }): {
      start(
        tokens: object,
        verified: { identity: { sub: string; groups: string[] }; expiresAt: number },
      ): Promise<string>
    }
  }
}

interface Pool {
  query(query: { text: string; values: unknown[] }): Promise<{ rows: Record<string, unknown>[] }>
  end(): Promise<void>
}

/** Signs some people in: their sessions are kept as the sign-in itself keeps them. Returns files of their cookies and of their uuids. */
export async function signPeopleIn(
  url: string,
  folder: string,
  secret: string,
): Promise<{ cookies: string; uuids: string }> {
  const { openPool } = await load('api/database.js')
  const { createSessionTable } = await load('api/sign-in/session-table.js')
  const { createSessions } = await load('api/sign-in/sessions.js')
  const pool = openPool({ connectionString: url }, () => undefined)
  const files = { cookies: join(folder, 'cookies'), uuids: join(folder, 'uuids') }
  try {
    const sessions = createSessions({ table: createSessionTable(pool), openId: {}, verifier: {}, secrets: [secret] })
    const cookies: string[] = []
    for (let n = 1; n <= viewers; n++) {
      const verified = { identity: { sub: `bench-${n}`, groups: [] }, expiresAt: Date.now() + 86_400_000 }
      cookies.push(await sessions.start({}, verified))
    }
    const text = `select uuid from public.users where substr(cognito_user_id, 7)::int <= $1`
    const { rows } = await pool.query({ text, values: [viewers] })
    writeFileSync(files.cookies, `${cookies.join('\n')}\n`)
    writeFileSync(files.uuids, `${rows.map(({ uuid }) => String(uuid)).join('\n')}\n`)
  } finally {
    await pool.end()
  }
  return files
}

function load<Name extends keyof Modules>(name: Name): Promise<Modules[Name]> {
  return import(pathToFileURL(join(root, 'cruddur/dist', name)).href) as Promise<Modules[Name]>
}
