import { expect, test } from 'vitest'
import { changeDraft, emptyDraft, loadDraft } from './draft.ts'

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

test('a new draft is empty, lives seven days, and has a key of its own', () => {
  expect(emptyDraft()).toMatchObject({ message: '', ttl: '7-days' })
  expect(emptyDraft().key).toMatch(uuid)
  expect(emptyDraft().key).not.toBe(emptyDraft().key)
})

test('the key stays as long as what is sent stays, and is another one after a change', () => {
  const draft = changeDraft(emptyDraft(), { message: 'Hello' })
  expect(changeDraft(draft, { message: 'Hello' })).toBe(draft)
  expect(changeDraft(draft, { message: 'Hello!' }).key).not.toBe(draft.key)
  expect(changeDraft(draft, { ttl: '1-hour' }).key).not.toBe(draft.key)
})

test('where nothing can be stored, a draft is empty', () => {
  expect(loadDraft('')).toMatchObject({ message: '', ttl: '7-days' })
})
