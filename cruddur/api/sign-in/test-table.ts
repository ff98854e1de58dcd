import type pg from 'pg'

/** The table of sessions, where the schema does not bring it along. */
export async function makeSessionTable(pool: pg.Pool): Promise<void> {
  await pool.query(`create table if not exists public.sessions (
    id_hash bytea primary key,
    cognito_user_id text not null,
    sealed bytea not null,
    refreshing_until timestamptz,
    expires_at timestamptz not null,
    created_at timestamptz not null default now()
  )`)
}
