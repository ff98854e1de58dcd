import { describe, expect, test } from 'vitest'
import { readKeys } from './keys.ts'
import { type LiveEffect, type LiveModel, rowsOf, step } from './model.ts'
import { sampleActivity, sampleLock, sampleModel, sampleSession } from './testing.ts'

const three = sampleActivity([
  sampleSession({ pid: 3, state: 'idle in transaction', transactionSeconds: 5, application: 'worker' }),
  sampleSession({ pid: 1, state: 'active', transactionSeconds: 90, stateSeconds: 2 }),
  sampleSession({ pid: 2, state: 'idle', transactionSeconds: null, user: 'zoe', stateSeconds: 600 }),
])

/** Types on a model; returns where that leads, and what is to be done. */
function type(model: LiveModel, text: string): { model: LiveModel; effects: LiveEffect[] } {
  const effects: LiveEffect[] = []
  let now = model
  for (const key of readKeys(text)) {
    const { model: next, effect } = step(now, { kind: 'key', key, page: 2 })
    now = next
    if (effect) effects.push(effect)
  }
  return { model: now, effects }
}

/** A model as it is once that was read. */
const withActivity = (activity: typeof three, more: Partial<LiveModel> = {}) =>
  step(sampleModel(more), { kind: 'activity', activity }).model
const withLocks = (locks: ReturnType<typeof sampleLock>[]) =>
  step(sampleModel({ view: 'locks' }), { kind: 'locks', locks }).model

const pids = (model: LiveModel) => rowsOf(model).map(({ session }) => session?.pid)
const selectedPid = (model: LiveModel) => model.selected?.split(' ')[0]

test('arrows, j and k select, and stop at both ends', () => {
  const model = withActivity(three)
  expect(selectedPid(type(model, 'j').model)).toBe('1')
  expect(selectedPid(type(model, '\u001B[B\u001B[B').model)).toBe('2')
  expect(selectedPid(type(model, 'jjjjjj').model)).toBe('2')
  expect(selectedPid(type(model, 'jjkkkk').model)).toBe('3')
  expect(selectedPid(type(model, 'Gg').model)).toBe('3')
  expect(selectedPid(type(model, '\u001B[6~').model)).toBe('2')
})

test('the selection stays on its session when the list moves, and leaves with it: a key never means another one', () => {
  const { model } = type(withActivity(three), 'j')
  const moved = step(model, { kind: 'activity', activity: sampleActivity([...three.sessions].reverse()) }).model
  expect(type(moved, 'e').model.prompt).toMatchObject({ session: { pid: 1 } })
  const left = step(model, { kind: 'activity', activity: sampleActivity(three.sessions.slice(2)) }).model
  expect(type(left, 'ey')).toMatchObject({
    model: { prompt: undefined, message: undefined, selected: expect.stringMatching(/^2 /) },
    effects: [],
  })
  expect(type(left, 'e').model.message?.text).toBe('The session that was selected has left.')
  // Another session that has got the pid is another session.
  const reused = sampleActivity([sampleSession({ pid: 9 }), sampleSession({ pid: 1, startedAt: 'later' })])
  expect(type(step(model, { kind: 'activity', activity: reused }).model, 'e').model.prompt).toBeUndefined()
})

test('s sorts in turn, a leaves idle ones out, / finds by any word', () => {
  const model = withActivity(three)
  expect(pids(model)).toEqual([3, 1, 2])
  expect(pids(type(model, 's').model)).toEqual([1, 3, 2])
  expect(pids(type(model, 'ss').model)).toEqual([2, 3, 1])
  expect(pids(type(model, 'sssss').model)).toEqual([1, 2, 3])
  expect(pids(type(model, 'ssssss').model)).toEqual([3, 1, 2])
  expect(pids(type(model, 'a').model)).toEqual([3, 1])
  expect(pids(type(model, '/ZO').model)).toEqual([2])
  expect(pids(type(model, '/zoe\rs').model)).toEqual([2])
  expect(pids(type(model, '/zoe\r\u001B').model)).toEqual([3, 1, 2])
  expect(pids(type(model, '/worker\r/x\u007F\u007F\u007F\u007F\u007F\u007F\u007Fzoe\u001B').model)).toEqual([3])
  expect(type(model, '/qe').effects).toEqual([])
})

describe('cancel and end', () => {
  const model = withActivity(three)

  test('ask first, and anything but y is no', () => {
    expect(type(model, 'e').effects).toEqual([])
    for (const no of ['n', '\r', '\u001B', 'q', ' ']) {
      const { model: after, effects } = type(model, `e${no}`)
      expect({ effects, prompt: after.prompt, message: after.message?.text }).toEqual({
        effects: [],
        prompt: undefined,
        message: 'Nothing was done.',
      })
    }
    expect(type(model, 'ey').effects).toMatchObject([{ kind: 'stop', verb: 'end', session: { pid: 3 } }])
    expect(type(model, 'Ky').effects).toMatchObject([{ kind: 'stop', verb: 'end', session: { pid: 3 } }])
    expect(type(model, 'jcy').effects).toMatchObject([{ kind: 'stop', verb: 'cancel', session: { pid: 1 } }])
  })

  test('mean the session that was asked about, whatever comes meanwhile', () => {
    const asked = type(model, 'e').model
    const changed = step(asked, { kind: 'activity', activity: sampleActivity([sampleSession({ pid: 8 })]) }).model
    expect(type(changed, 'y').effects).toMatchObject([{ kind: 'stop', session: { pid: 3 } }])
  })

  test('an end on production takes the exact name, a cancel only a yes', () => {
    const production = { ...model, confirmName: 'cruddur' }
    expect(type(production, 'ey\r').effects).toEqual([])
    expect(type(production, 'ecruddu\r').model.message?.text).toBe('That is not its name. Nothing was done.')
    expect(type(production, 'eCruddur\r').effects).toEqual([])
    expect(type(production, 'ecruddur\u001B').effects).toEqual([])
    expect(type(production, 'ex\u007Fcruddur\r').effects).toMatchObject([
      { kind: 'stop', verb: 'end', session: { pid: 3 } },
    ])
    expect(type(production, 'jcy').effects).toMatchObject([{ kind: 'stop', verb: 'cancel' }])
  })

  test('say why not, where they make no sense', () => {
    const said = (model: LiveModel, keys: string) => type(model, keys).model.message?.text
    expect(said(withActivity(sampleActivity([])), 'e')).toBe('There is no session.')
    expect(said(withActivity(three), 'c')).toBe('3 runs no statement that could be cancelled. e ends the session.')
    const own = sampleActivity([sampleSession({ own: true, application: 'pgrig seed' })])
    expect(said(withActivity(own), 'e')).toBe('4711 is a session of pgrig itself, which pgrig leaves alone.')
    const prepared = { gid: `it's`, owner: 'app', database: 'cruddur', transaction: '7', seconds: 5 }
    const locks = [{ ...sampleLock(sampleSession()), pid: 0, session: null, prepared }]
    expect(said(withLocks(locks), 'e')).toBe(`It has no session. What ends it: rollback prepared 'it''s'; in cruddur`)
  })

  test('in the tree of locks they mean the selected one there', () => {
    const waiter = sampleLock(sampleSession({ pid: 2 }))
    const locks = [sampleLock(sampleSession({ pid: 1 }), { blocks: [waiter] })]
    expect(type(withLocks(locks), 'jey').effects).toMatchObject([{ session: { pid: 2 } }])
  })
})

test('q quits, Ctrl-C interrupts even in a question, l changes the view, p pauses and goes on', () => {
  const model = withActivity(three)
  expect(type(model, 'q').effects).toEqual([{ kind: 'quit' }])
  expect(type(model, 'e\u0003').effects).toEqual([{ kind: 'interrupt' }])
  expect(type(model, '?x').model.help).toBe(false)
  expect(type(model, '?q').effects).toEqual([{ kind: 'quit' }])
  expect(type(model, 'l')).toMatchObject({ model: { view: 'locks' }, effects: [{ kind: 'refresh' }] })
  expect(type(model, 'll')).toMatchObject({ model: { view: 'sessions' } })
  expect(type(model, 'p')).toMatchObject({ model: { paused: true }, effects: [] })
  expect(type(model, 'p ')).toMatchObject({ model: { paused: false }, effects: [{ kind: 'refresh' }] })
})

test('a lost connection is told until something is read again', () => {
  const lost = step(withActivity(three), { kind: 'lost', reason: 'It is gone.' }).model
  expect(lost).toMatchObject({ lost: 'It is gone.', activity: three })
  expect(step(lost, { kind: 'activity', activity: three }).model.lost).toBeUndefined()
  expect(step(lost, { kind: 'locks', locks: [] }).model.lost).toBeUndefined()
})
