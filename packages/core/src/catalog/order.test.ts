import { expect, test } from 'vitest'
import type { ObjectKind, SchemaObject } from './model.ts'
import { orderObjects } from './order.ts'

function object(kind: ObjectKind, name: string, needs: string[] = [], more: Partial<SchemaObject> = {}): SchemaObject {
  const id = `${kind} ${name}`
  const texts = { create: [`CREATE ${id}`], drop: `DROP ${id}`, reference: id }
  return { id, kind, schema: 'public', name, ...texts, owner: null, comment: null, grants: [], needs, ...more }
}

function namesOf(objects: readonly SchemaObject[], withRows?: ReadonlySet<string>): string[] {
  return orderObjects(objects, withRows).pieces.map(({ object: { id }, part }) =>
    part === 'whole' ? id : `${part}: ${id}`,
  )
}

test('objects come by kind and name, the parts of a table behind it', () => {
  const objects = [
    object('view', 'a', ['table z']),
    object('table', 'z'),
    object('table', 'b'),
    object('trigger', 't', ['table b', 'function f'], { of: 'table b' }),
    object('index', 'i', ['table b'], { of: 'table b' }),
    object('function', 'f'),
    object('foreign key', 'k', ['table b', 'table z'], { of: 'table b' }),
  ]
  const expected = ['function f', 'table b', 'index i', 'trigger t', 'table z', 'view a', 'foreign key k']
  expect(namesOf(objects)).toEqual(expected)
  expect(namesOf(objects.toReversed())).toEqual(expected)
})

test('what an object needs stands before it, and the parts of that too where they can', () => {
  const objects = [
    object('function', 'a', ['table t']),
    object('table', 't'),
    object('index', 'i', ['table t'], { of: 'table t' }),
    object('trigger', 'g', ['table t', 'function a'], { of: 'table t' }),
    object('function', 'b'),
  ]
  expect(namesOf(objects)).toEqual(['table t', 'index i', 'function a', 'trigger g', 'function b'])
})

test('a default that needs what needs its table is taken out of it', () => {
  const { pieces, unresolved } = orderObjects([
    object('table', 't'),
    object('column default', 'c', ['function f', 'table t'], { of: 'table t', inline: 'DEFAULT f()' }),
    object('constraint', 'k', ['table t'], { of: 'table t', inline: 'CHECK' }),
    object('function', 'f', ['table t']),
  ])
  expect(pieces.map(({ id }) => id)).toEqual(['table t', 'function f', 'column default c'])
  expect(pieces[0]?.inlined.map(({ id }) => id)).toEqual(['constraint k'])
  expect(unresolved).toEqual([])
})

test('a type and its functions get a shell type, a view and what it needs a view of nulls', () => {
  const shell = object('type', 't', ['function input'], { standIn: 'CREATE TYPE t' })
  expect(namesOf([shell, object('function', 'input', ['type t'])])).toEqual([
    'standIn: type t',
    'function input',
    'replacement: type t',
  ])
  const view = object('view', 'v', ['function f'], { standIn: 'CREATE VIEW v AS SELECT NULL' })
  expect(namesOf([view, object('function', 'f', ['view v'])])).toEqual([
    'standIn: view v',
    'function f',
    'replacement: view v',
  ])
})

test('what needs each other for good is told', () => {
  const { pieces, unresolved } = orderObjects([
    object('function', 'a', ['function b']),
    object('function', 'b', ['function a']),
  ])
  expect(pieces).toHaveLength(2)
  expect(unresolved).toEqual([['function a', 'function b']])
})

test('rows stand between their table and what would look at each of them', () => {
  const objects = [
    object('table', 't'),
    object('index', 'i', ['table t'], { of: 'table t' }),
    object('trigger', 'g', ['table t'], { of: 'table t' }),
  ]
  expect(namesOf(objects, new Set(['table t']))).toEqual(['table t', 'rows: table t', 'index i', 'trigger g'])
})

test('a chain of ten thousand is put in order', () => {
  const objects = Array.from({ length: 10_000 }, (_, index) =>
    object('table', `t${index}`, index === 0 ? [] : [`table t${index - 1}`]),
  )
  const names = namesOf(objects.toReversed())
  expect(names[0]).toBe('table t0')
  expect(names.at(-1)).toBe('table t9999')
})
