import { expect, test } from 'vitest'
import type { Activity } from '@pgrig/core'
import { sampleActivity, sampleSession } from './live/testing.ts'
import { Screen } from './screen.ts'
import { listActivity, showActivity } from './sessions-view.ts'
import { testTerminal } from './testing.ts'

const activity = sampleActivity(
  [
    sampleSession({
      waiting: 'Lock: relation',
      waitSeconds: 3,
      blockedBy: [0, 12],
      process: { pid: 99, program: 'node', script: 'server.js' },
    }),
    sampleSession({ pid: 12, client: null, clientPort: -1, state: 'idle in transaction', query: 'select\n  1' }),
    sampleSession({
      pid: 13,
      hidden: true,
      kind: null,
      state: null,
      query: null,
      client: null,
      clientPort: null,
      stateSeconds: null,
      transactionSeconds: null,
    }),
  ],
  {
    preparedTransactions: [{ gid: `it's`, owner: 'app', database: 'cruddur', transaction: '7', seconds: 7200 }],
    replicationSlots: [{ name: 'copy', kind: 'logical', database: 'cruddur', pid: 14 }],
    hidden: { role: 'app', sessions: 12 },
    idleLeftOut: 1,
  },
)

function shown(given: Activity, options: Parameters<typeof showActivity>[2] = {}) {
  const terminal = testTerminal()
  const settings = { json: false, color: false, quiet: false, verbatim: false, signal: new AbortController().signal }
  showActivity(given, new Screen(terminal, settings), options)
  return terminal.written
}

test('who is connected, what else keeps a database in use, and what is hidden', () => {
  expect(shown(activity)).toMatchInlineSnapshot(`
    {
      "stderr": "The queries of 12 sessions of other roles are hidden: grant pg_monitor to app
    1 more session is idle: --all lists them too.
    ",
      "stdout": " pid  user  database  client    process              application  state                         xact  waiting               blocked by   query
    4711  app   cruddur   10.0.0.1  node server.js (99)  rails        active 1m 15s               1m 15s  Lock: relation 3.0 s  prepared 12  select 1
      12  app   cruddur   local                          rails        idle in transaction 1m 15s  1m 15s                                     select 1
      13  app   cruddur                                  rails        hidden

    Prepared transactions, which hold their locks and their database without a session:
    gid   owner  database  age  to end it
    it's  app    cruddur   2h   rollback prepared 'it''s'

    Replication slots that are read from:
    slot  kind     database  pid
    copy  logical  cruddur    14
    ",
    }
  `)
})

test('with --json all of it is one list, and what is no session says so', () => {
  expect(listActivity(activity)).toMatchObject([
    { pid: 4711, kind: 'client backend' },
    { pid: 12 },
    { pid: 13, kind: null, hidden: true },
    { pid: 0, kind: 'prepared transaction', gid: `it's`, user: 'app', transactionSeconds: 7200 },
    { pid: 14, kind: 'replication slot', slot: 'copy', database: 'cruddur' },
  ])
})

test('nobody is there, or idle ones alone', () => {
  expect(shown(sampleActivity([]), { all: true }).stdout).toBe('Nobody else is connected.\n')
  expect(shown(sampleActivity([])).stdout).toBe('Nobody else is doing anything.\n')
  expect(shown(sampleActivity([]), { filtered: true }).stdout).toBe('There is no such session.\n')
  expect(shown(sampleActivity([], { idleLeftOut: 1 })).stdout).toBe(
    'Nobody else is doing anything. 1 session is idle: --all lists them too.\n',
  )
})
