import { expect, test } from 'vitest'
import { type CopyRecord, findRecord } from './failure-place-copy-record.ts'

const text = { csv: false, delimiter: 0x09, quote: 0x22, escape: 0x22 }
const csv = { csv: true, delimiter: 0x2c, quote: 0x22, escape: 0x22 }

/** Finds a record in data that comes in pieces of some bytes. */
function find(data: string, format: typeof csv, count: number, size: number): Promise<CopyRecord | undefined> {
  const bytes = Buffer.from(data)
  const pieces = async function* () {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }
  return findRecord(pieces(), format, count, 1)
}

/** What is counted for each record, the line on which it starts, and its text. */
type Records = [count: number, line: number, text: string][]

// oxfmt-ignore
test.each<[string, string, typeof csv, Records]>([
  ['lines', 'a\nb\n\nc', text, [[1, 1, 'a'], [2, 2, 'b'], [3, 3, ''], [4, 4, 'c']]],
  ['CRLF', 'a\r\n\r\nc\r\n', text, [[1, 1, 'a'], [2, 2, ''], [3, 3, 'c'], [4, 4, '']]],
  ['CR', 'a\r\rc\r', text, [[1, 1, 'a'], [2, 2, ''], [3, 3, 'c'], [4, 4, '']]],
  ['backslashes', 'a\\\nb\nc\\\\\nd', text, [[1, 1, 'a\\\nb'], [2, 3, 'c\\\\'], [3, 4, 'd']]],
  ['quotes with LF', '"a\n"\n"b\n\n"\nc', csv, [[1, 1, '"a\n"'], [2, 3, '"b\n\n"'], [4, 3, '"b\n\n"'], [5, 6, 'c']]],
  ['quotes with CRLF', '"a\r\n"\r\nb', csv, [[1, 1, '"a\r\n"'], [2, 1, '"a\r\n"'], [3, 3, 'b']]],
  ['LF in quotes between CRLF', '"a\n"\r\n"b\n"\r\nc', csv, [[1, 1, '"a\n"'], [2, 3, '"b\n"'], [3, 5, 'c']]],
  ['CR in quotes', 'a\r"b\r"\rc', csv, [[2, 2, '"b\r"'], [3, 2, '"b\r"'], [4, 4, 'c']]],
  ['doubled quotes', '"a""\n"\n"b"""\nc', csv, [[1, 1, '"a""\n"'], [2, 3, '"b"""'], [3, 4, 'c']]],
  ['an escape', '"a\\"\n\\\\"\nb\\"\n"\nc', { ...csv, escape: 0x5c }, [[1, 1, '"a\\"\n\\\\"'], [3, 3, 'b\\"\n"'], [4, 5, 'c']]],
])('records are counted as the server does: %s', async (_, data, format, records) => {
  for (const size of [1, 2, 5, 1000]) {
    for (const [count, line, expected] of records) {
      const found = await find(data, format, count, size)
      expect({ count, line: found?.line, text: found?.bytes.toString() }).toEqual({ count, line, text: expected })
    }
    expect(await find(data, format, records.at(-1)![0] + 2, size)).toBeUndefined()
  }
})

test.each([
  ['a\nb\rc\nd', 'b\rc', 1],
  ['a\r\nbc\nd', 'bc', 2],
  ['a\r\nb\rc\r\nd', 'b\rc', 1],
  ['a\rb\nc\rd', 'b\nc', 1],
])('a line end of another kind is found in %j', async (data, bytes, at) => {
  for (const size of [1, 2, 1000]) {
    const found = await find(data, text, 2, size)
    expect({ bytes: found?.bytes.toString(), at: found?.wrongLineEnd }).toEqual({ bytes, at })
  }
})

test('quotes that are never closed last to the end', async () => {
  expect(await find('a\n"b\nc\n', csv, 4, 2)).toMatchObject({ line: 2, quoted: true, whole: true })
})

test('no more than a part of a long record is kept', async () => {
  const found = await find(`a\n"${'x\n'.repeat(1_000_000)}"\nb`, csv, 5, 10_000)
  expect(found).toMatchObject({ line: 2, whole: false })
  expect(found?.bytes.length).toBeLessThanOrEqual(65_536)
})
