import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { addActivity, addPerson, only, readSql, testClient } from './test-client.ts'

const { client, clientConfig } = await testClient('schema.sql')
const author = await addPerson(client, 'andrewbrown')

async function count(where: string, value: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from activities where ${where}`,
    [value],
  )
  return only(rows).count
}

describe('people', () => {
  test('a handle is taken without regard to case', async () => {
    await expect(addPerson(client, 'AndrewBrown')).rejects.toMatchObject({
      code: '23505',
      constraint: 'users_handle_key',
    })
  })

  test.each(['', 'with space', 'a-b', 'a.b', '@bayko', 'ünal', 'bayko\n', "o'brien"])(
    '%j is no handle',
    async (handle) => {
      await expect(addPerson(client, handle)).rejects.toMatchObject({
        code: '23514',
        constraint: 'users_handle_alphabet',
      })
    },
  )

  test('a handle has at most 32 characters', async () => {
    await addPerson(client, 'a'.repeat(32))
    await expect(addPerson(client, 'b'.repeat(33))).rejects.toMatchObject({ constraint: 'users_handle_length' })
  })

  test('one Cognito user is one person', async () => {
    const insert = `insert into users (display_name, handle, cognito_user_id) values ('Twice', 'twice', 'sub-andrewbrown')`
    await expect(client.query(insert)).rejects.toMatchObject({ code: '23505', constraint: 'users_cognito_user_id_key' })
  })

  test('a person who goes takes along what they said and what others answered to it', async () => {
    const leaving = await addPerson(client, 'leaving')
    const said = await addActivity(client, leaving)
    const answer = await addActivity(client, author, { replyTo: said })
    await client.query('delete from users where uuid = $1', [leaving])
    expect(await count('uuid = $1', said)).toBe(0)
    expect(await count('uuid = $1', answer)).toBe(0)
  })
})

describe('activities', () => {
  test('an author who does not exist cannot speak', async () => {
    await expect(addActivity(client, randomUUID())).rejects.toMatchObject({
      code: '23503',
      constraint: 'activities_user_uuid_fkey',
    })
  })

  test('a reply refers to an activity by its uuid', async () => {
    const said = await addActivity(client, author)
    const answer = await addActivity(client, author, { replyTo: said })
    const { rows } = await client.query('select reply_to_activity_uuid from activities where uuid = $1', [answer])
    expect(rows).toEqual([{ reply_to_activity_uuid: said }])
  })

  test('a reply to nothing is refused', async () => {
    await expect(addActivity(client, author, { replyTo: randomUUID() })).rejects.toMatchObject({
      code: '23503',
      constraint: 'activities_reply_to_activity_uuid_fkey',
    })
  })

  test('an activity that goes takes its whole thread along', async () => {
    const root = await addActivity(client, author)
    const answer = await addActivity(client, author, { replyTo: root })
    const answerToAnswer = await addActivity(client, author, { replyTo: answer })
    await client.query('delete from activities where uuid = $1', [root])
    expect(await count('uuid = $1', answerToAnswer)).toBe(0)
  })

  // In JavaScript each of these is two characters long, in UTF-8 four bytes.
  test('280 characters fit, whatever they are, and 281 do not', async () => {
    await addActivity(client, author, { message: '💜'.repeat(280) })
    for (const message of ['', 'a'.repeat(281), '💜'.repeat(281)]) {
      await expect(addActivity(client, author, { message })).rejects.toMatchObject({
        code: '23514',
        constraint: 'activities_message_length',
      })
    }
  })

  test('a reply may have 1024 characters, and no more', async () => {
    const replyTo = await addActivity(client, author)
    await addActivity(client, author, { replyTo, message: '💜'.repeat(1024) })
    for (const message of ['', '💜'.repeat(1025)]) {
      await expect(addActivity(client, author, { replyTo, message })).rejects.toMatchObject({
        constraint: 'activities_message_length',
      })
    }
  })

  test.each(['replies_count', 'reposts_count', 'likes_count'])(
    '%s is never negative and never nothing',
    async (column) => {
      const uuid = await addActivity(client, author)
      const decrease = client.query(`update activities set ${column} = ${column} - 1 where uuid = $1`, [uuid])
      await expect(decrease).rejects.toMatchObject({ code: '23514', constraint: `activities_${column}_not_negative` })
      const forget = client.query(`update activities set ${column} = null where uuid = $1`, [uuid])
      await expect(forget).rejects.toMatchObject({ code: '23502' })
    },
  )

  test.each(['0 s', '-1 s'])('a life of %s is none', async (life) => {
    await expect(addActivity(client, author, { life })).rejects.toMatchObject({
      constraint: 'activities_expires_at_later',
    })
  })

  test('nothing lives for ever', async () => {
    const insert = client.query(
      `insert into activities (user_uuid, message, expires_at) values ($1, 'Ever', 'infinity')`,
      [author],
    )
    await expect(insert).rejects.toMatchObject({ constraint: 'activities_expires_at_later' })
    const without = client.query(`insert into activities (user_uuid, message) values ($1, 'Ever')`, [author])
    await expect(without).rejects.toMatchObject({ code: '23502', column: 'expires_at' })
  })

  test('a moment is the same moment in every time zone', async () => {
    const toronto = new pg.Client({ ...clientConfig, options: '-c TimeZone=America/Toronto' })
    await toronto.connect()
    try {
      const uuid = await addActivity(toronto, author, { life: '3 hours' })
      const { rows } = await client.query<{ written: number; lives: number }>(
        `select extract(epoch from created_at)::float8 as written, extract(epoch from expires_at - created_at)::int as lives
         from activities where uuid = $1`,
        [uuid],
      )
      const { written, lives } = only(rows)
      expect(Math.abs(written - Date.now() / 1_000)).toBeLessThan(60)
      expect(lives).toBe(3 * 3_600)
    } finally {
      await toronto.end()
    }
  })
})

describe('uuids', () => {
  test('they are of version 7 and of the RFC’s variant', async () => {
    const { rows } = await client.query<{ uuid: string }>('select uuid_v7() as uuid from generate_series(1, 1000)')
    for (const { uuid } of rows)
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(new Set(rows.map(({ uuid }) => uuid)).size).toBe(1_000)
  })

  test('they begin with the time in milliseconds', async () => {
    const before = Date.now() - 1_000
    const uuid = await addActivity(client, author)
    const milliseconds = Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16)
    expect(milliseconds).toBeGreaterThan(before)
    expect(milliseconds).toBeLessThan(Date.now() + 1_000)
  })

  test('they follow the time, also within one millisecond and whatever the time zone', async () => {
    const uuids: string[] = []
    for (let round = 0; round < 50; round += 1) {
      if (round === 25) await client.query(`set timezone to 'Pacific/Kiritimati'`)
      uuids.push(await addActivity(client, author))
    }
    await client.query('reset timezone')
    expect(uuids).toEqual(uuids.toSorted())
    await wait(2)
    expect((await addActivity(client, author)) > (uuids.at(-1) ?? '')).toBe(true)
  })
})

test('loading the schema over a database that has it fails and changes nothing', async () => {
  const before = await client.query('select count(*) from activities')
  await expect(client.query(await readSql('schema.sql'))).rejects.toMatchObject({ code: '42710' })
  expect((await client.query('select count(*) from activities')).rows).toEqual(before.rows)
})

test('the schema needs no extension and no trigger', async () => {
  const { rows } = await client.query(
    `select extname as name from pg_extension where extname <> 'plpgsql'
     union all select tgname from pg_trigger where not tgisinternal`,
  )
  expect(rows).toEqual([])
})
