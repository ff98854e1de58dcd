import { spawnSync } from 'node:child_process'

interface Program {
  path: string
  /** 0 where it is not installed. */
  major: number
}

/** The programs of PostgreSQL that ours is compared with; `PSQL` and `PG_DUMP` name others. */
export const programs = {
  psql: find(process.env.PSQL ?? 'psql'),
  pgDump: find(process.env.PG_DUMP ?? 'pg_dump'),
}

function find(path: string): Program {
  const { stdout, status } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  return { path, major: status === 0 ? Number(/(\d+)\.?\d*/.exec(stdout)?.[1] ?? 0) : 0 }
}

/** Whether psql is there. Where it is not, says what is therefore not tested; under CI that is an error. */
export function psqlIsThere(untested: string): boolean {
  if (programs.psql.major > 0) return true
  const sentence = `${untested}: psql is not installed. Debian, Ubuntu: apt-get install postgresql-client.`
  if (process.env.CI) throw new Error(sentence)
  console.warn(sentence)
  return false
}
