import { expect, test } from 'vitest'
import { testClient } from './test-client.ts'

test('the journal’s own schema and seed load as they are', async () => {
  const { client } = await testClient('journal/schema.sql', 'journal/seed.sql')
  const { rows } = await client.query(
    'select handle, message from users left join activities on activities.user_uuid = users.uuid order by handle',
  )
  expect(rows).toEqual([
    { handle: 'andrewbrown', message: 'This was imported as seed data!' },
    { handle: 'bayko', message: null },
  ])
})
