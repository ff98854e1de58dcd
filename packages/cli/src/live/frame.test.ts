import { expect, test } from 'vitest'
import { widthOf } from '../layout.ts'
import { layFrame } from './frame.ts'
import { readKeys } from './keys.ts'
import { type LiveModel, step } from './model.ts'
import { sampleActivity, sampleLock, sampleModel, sampleSession } from './testing.ts'

const plain = (_: string, text: string) => text
const small = { columns: 80, rows: 24 }

const busy = sampleActivity(
  [
    sampleSession({
      pid: 12,
      blockedBy: [4711],
      waiting: 'Lock: relation',
      waitSeconds: 70,
      query: 'alter table users add x int',
    }),
    sampleSession({
      state: 'idle in transaction',
      query: 'select *\n  from users',
      process: { pid: 99, program: 'node', script: 'server.js' },
    }),
    sampleSession({ pid: 13, application: '日本語', query: `select '${'漢字'.repeat(50)}'` }),
    sampleSession({ pid: 14, own: true, application: 'pgrig seed', state: 'idle', transactionSeconds: null }),
    sampleSession({
      pid: 15,
      hidden: true,
      state: null,
      query: null,
      stateSeconds: null,
      transactionSeconds: null,
      kind: null,
    }),
  ],
  { hidden: { role: 'app', sessions: 1 } },
)

const locks = [
  sampleLock(sampleSession({ state: 'idle in transaction' }), {
    blocks: [
      sampleLock(sampleSession({ pid: 12, query: 'alter table users add x int' }), {
        waitsFor: { kind: 'relation', mode: 'AccessExclusiveLock', object: 'public.users', seconds: 70 },
        blocker: { holds: ['AccessShareLock'], queuesFor: null },
      }),
    ],
  }),
]

/** What is given is read, and then typed on. */
function typed(given: LiveModel, text: string): LiveModel {
  const { activity, locks } = given
  const read = activity ? step(given, { kind: 'activity', activity }).model : given
  const model = locks ? step(read, { kind: 'locks', locks }).model : read
  return readKeys(text).reduce((now, key) => step(now, { kind: 'key', key, page: 5 }).model, model)
}

test('the page of sessions at 80 columns', () => {
  expect(
    layFrame(typed(sampleModel({ activity: busy }), ''), small, plain)
      .map((line) => line.trimEnd())
      .join('\n'),
  ).toMatchSnapshot()
})

test('the page of locks at 80 columns, with the second one selected', () => {
  const model = typed(sampleModel({ view: 'locks', locks }), 'j')
  expect(
    layFrame(model, small, plain)
      .map((line) => line.trimEnd())
      .join('\n'),
  ).toMatchSnapshot()
})

const states: [string, LiveModel][] = [
  ['nothing is read yet', sampleModel()],
  ['nobody is there', sampleModel({ activity: sampleActivity([]) })],
  ['sessions', sampleModel({ activity: busy })],
  ['a hundred of them, the last one selected', typed(sampleModel({ activity: sampleActivity(many(100)) }), 'G')],
  ['help', sampleModel({ activity: busy, help: true })],
  ['a question', typed(sampleModel({ activity: busy }), 'je')],
  [
    'a question for the name',
    typed(sampleModel({ activity: busy, confirmName: 'a_rather_long_name_of_a_database' }), 'jexyz'),
  ],
  ['a filter', typed(sampleModel({ activity: busy }), '/nothing')],
  ['a message', typed(sampleModel({ activity: busy }), 'jjje')],
  [
    'a lost connection',
    sampleModel({
      activity: busy,
      lost: 'The connection to 10.0.0.1:5432 was lost: it was ended from outside, or the server failed.',
    }),
  ],
  ['locks', sampleModel({ view: 'locks', locks })],
  ['no locks', sampleModel({ view: 'locks', locks: [] })],
]

function many(count: number) {
  return Array.from({ length: count }, (_, at) => sampleSession({ pid: 1000 + at }))
}

test.each(states)('no line is longer than the terminal, and the page is as high as it: %s', (_, model) => {
  for (const size of [small, { columns: 120, rows: 40 }, { columns: 40, rows: 12 }, { columns: 200, rows: 24 }]) {
    const lines = layFrame(model, size, plain)
    expect(lines).toHaveLength(size.rows)
    expect(lines.filter((line) => widthOf(line) > size.columns || /[\n\r]/.test(line))).toEqual([])
  }
})

test('of a long queue in front of a session its head is shown', () => {
  const waiter = sampleSession({ pid: 9, blockedBy: Array.from({ length: 80 }, (_, at) => 1000 + at) })
  expect(layFrame(sampleModel({ activity: sampleActivity([waiter]) }), small, plain).join('\n')).toContain(
    '  1000 +79  ',
  )
})

test('the selected row is marked without colours too, and always in sight', () => {
  for (const keys of ['', 'jjj', 'G', 'Gk', 'j'.repeat(50)]) {
    const model = typed(sampleModel({ activity: sampleActivity(many(100)) }), keys)
    expect(layFrame(model, small, plain).filter((line) => line.startsWith('›'))).toHaveLength(1)
  }
})

test('control characters in what others wrote do not reach the terminal', () => {
  const evil = sampleSession({ application: '\u001B[2Jx', query: 'select \u001B]0;title\u0007', user: 'a\nb' })
  const text = layFrame(sampleModel({ activity: sampleActivity([evil]) }), { columns: 200, rows: 24 }, plain).join('')
  expect(text).not.toMatch(/[\u0000-\u001F]/)
})
