import { expect, test } from 'vitest'
import { formatComment, noteOnDatabase, parseComment } from './notes.ts'

test.each([
  [null, { text: '', notes: {} }],
  ['ours', { text: 'ours', notes: {} }],
  ['ours\ntoo\npgrig: {"protected":true}', { text: 'ours\ntoo', notes: { protected: true } }],
  ['pgrig: {"a":1}', { text: '', notes: { a: 1 } }],
  // Written by a person: not ours to change.
  ['pgrig: the rig of pg', { text: 'pgrig: the rig of pg', notes: {} }],
  ['pgrig: [1]', { text: 'pgrig: [1]', notes: {} }],
])('the comment %j has its text and its notes', (comment, parts) => {
  expect(parseComment(comment)).toEqual(parts)
  expect(formatComment(parts.text, parts.notes)).toBe(comment)
})

test('a note that is undefined goes, and the comment with the last of them', () => {
  expect(noteOnDatabase('a "b"', 'pgrig: {"protected":true}', { protected: undefined })).toBe(
    'comment on database "a ""b""" is null',
  )
  expect(noteOnDatabase('a', "it's", { at: 'x' })).toBe(`comment on database "a" is 'it''s\npgrig: {"at":"x"}'`)
})
