import { expect, test } from 'vitest'
import type { Address } from './address.ts'
import { connectFailure } from './failure.ts'
import { ServerError } from './wire/replies.ts'

const address: Address = {
  host: 'db.test',
  port: 5432,
  user: 'app',
  database: 'shop',
  tls: { mode: 'disable' },
  connectTimeoutSeconds: 10,
}

function failureFor(code: string, message: string, hint?: string) {
  return connectFailure(new ServerError({ severity: 'FATAL', code, message, ...(hint && { hint }) }), address)
}

test('a server without a free connection: the hint says who can still look', () => {
  const failure = failureFor('53300', 'sorry, too many clients already')
  expect(failure).toMatchObject({ code: 'connection_full', exitCode: 2 })
  expect(failure.hint).toContain('pgrig wait')
  expect(failure.hint).toContain('pgrig sessions --all')
})

test('a database whose drop was interrupted is not one that takes no connections', () => {
  const hint = 'Use DROP DATABASE to drop invalid databases.'
  expect(failureFor('55000', 'cannot connect to invalid database "shop"', hint)).toMatchObject({
    code: 'database_invalid',
    message: 'A drop of shop was interrupted, and half of it is still there.',
    hint: 'Finish the drop: pgrig drop, with the same target.',
    sql: { sqlstate: '55000' },
  })
  expect(failureFor('55000', 'database "shop" is not currently accepting connections')).toMatchObject({
    code: 'connection_denied',
    message: 'db.test:5432 refused the connection: database "shop" is not currently accepting connections',
  })
})
