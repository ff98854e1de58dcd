import { expect, test } from 'vitest'
import { sampleLock, sampleSession } from './live/testing.ts'
import { lockLines, showLocks } from './locks-view.ts'
import { Screen } from './screen.ts'
import { testTerminal, type TestOptions } from './testing.ts'

const wait = (object: string) => ({ kind: 'relation', mode: 'ExclusiveLock', object, seconds: 70 })
const prepared = { gid: `it's`, owner: 'app', database: 'cruddur', transaction: '7', seconds: 7200 }

const forest = [
  sampleLock(sampleSession({ pid: 1, state: 'idle in transaction', query: 'select\n 1' }), {
    alsoBlocks: [3],
    blocks: [
      sampleLock(sampleSession({ pid: 2 }), {
        waitsFor: wait('public.a'),
        blocker: { holds: ['ShareLock'], queuesFor: null },
        blocks: [
          sampleLock(sampleSession({ pid: 4, hidden: true, query: null }), {
            waitsFor: { ...wait('public.a'), seconds: null },
            blocker: { holds: [], queuesFor: 'ExclusiveLock' },
          }),
        ],
      }),
      { ...sampleLock(sampleSession({ pid: 5 })), session: null, waitsFor: wait('public.b') },
    ],
  }),
  {
    ...sampleLock(sampleSession()),
    pid: 0,
    session: null,
    prepared,
    blocks: [sampleLock(sampleSession({ pid: 3 }), { waitsFor: wait('public.c') })],
  },
  sampleLock(sampleSession({ pid: 6 }), { waitsFor: wait('public.d'), circular: true }),
]

function shown(roots: typeof forest, options: TestOptions = {}) {
  const terminal = testTerminal(options)
  const settings = { json: false, color: false, quiet: false, verbatim: false, signal: new AbortController().signal }
  showLocks(roots, new Screen(terminal, settings))
  return terminal.written
}

test('a forest of locks, whole', () => {
  expect(shown(forest)).toMatchInlineSnapshot(`
    {
      "stderr": "To end a holder: pgrig sessions end 1 6, with the same target
    ",
      "stdout": "1 · idle in transaction 1m 15s · transaction 1m 15s · also blocks 3 · rails as app in cruddur
    │  select 1
    ├─ 2 · waits 1m 10s for ExclusiveLock of public.a (held: ShareLock) · rails as app in cruddur
    │  │  select 1
    │  └─ 4 · waits for ExclusiveLock of public.a (queued before it: ExclusiveLock) · rails as app in cruddur
    │        its statement is hidden: to see it takes pg_monitor
    └─ 5 · waits 1m 10s for ExclusiveLock of public.b · has just left
    prepared transaction it's · 2h · app in cruddur
    │  rollback prepared 'it''s'; in cruddur
    └─ 3 · waits 1m 10s for ExclusiveLock of public.c · rails as app in cruddur
          select 1
    6 · waits 1m 10s for ExclusiveLock of public.d · waits in a circle, which PostgreSQL will end by itself · rails as app in cruddur
       select 1
    ",
    }
  `)
})

test('on a terminal it is broken into lines, under its branch', () => {
  expect(shown(forest.slice(0, 1), { stdoutIsTty: true, columns: 60 }).stdout).toMatchInlineSnapshot(`
    "1 · idle in transaction 1m 15s · transaction 1m 15s ·
    │  also blocks 3 · rails as app in cruddur
    │  select 1
    ├─ 2 · waits 1m 10s for ExclusiveLock of public.a (held:
    │  │  ShareLock) · rails as app in cruddur
    │  │  select 1
    │  └─ 4 · waits for ExclusiveLock of public.a (queued
    │        before it: ExclusiveLock) · rails as app in cruddur
    │        its statement is hidden: to see it takes pg_monitor
    └─ 5 · waits 1m 10s for ExclusiveLock of public.b · has
          just left
    "
  `)
})

test('nobody waits', () => {
  expect(shown([])).toEqual({ stdout: 'Nobody waits for a lock.\n', stderr: '' })
})

test('a queue of any depth is laid out', () => {
  let node = sampleLock(sampleSession())
  for (let depth = 0; depth < 2000; depth += 1) node = sampleLock(sampleSession(), { blocks: [node] })
  expect(lockLines([node])).toHaveLength(2001)
})
