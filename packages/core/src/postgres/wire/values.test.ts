import { expect, test } from 'vitest'
import { readValue, writeValue, type Value } from './values.ts'

test.each<[Value, string | null]>([
  ['text', 'text'],
  ['', ''],
  [1.5, '1.5'],
  [12345678901234567890n, '12345678901234567890'],
  [true, 'true'],
  [null, null],
  [Uint8Array.of(0, 255), String.raw`\x00ff`],
  [[1, 2], '{"1","2"}'],
  [['a"b\\c', null, ''], String.raw`{"a\"b\\c",NULL,""}`],
  [[['a'], ['b']], '{{"a"},{"b"}}'],
  [[Uint8Array.of(1)], String.raw`{"\\x01"}`],
  [[], '{}'],
])('%o is sent as %s', (value, text) => expect(writeValue(value)).toBe(text))

test('a time is sent with its offset and comes back the same, also from before the year 100 and before Christ', () => {
  for (const iso of ['2026-11-24T06:51:02.345Z', '0031-01-02T00:00:00.000Z', '-000043-03-15T10:00:00.000Z']) {
    const date = new Date(iso)
    const sent = writeValue(date) ?? ''
    expect(sent).toMatch(/^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d( BC)?$/)
    // As the server writes it: with a space.
    expect(readValue(1184, Buffer.from(sent.replace('T', ' ')))).toEqual(date)
  }
})

test.each<[number, string, unknown]>([
  [16, 't', true],
  [16, 'f', false],
  [23, '-7', -7],
  [26, '4294967295', 4294967295],
  [20, '9007199254740993', '9007199254740993'],
  [1700, '0.10', '0.10'],
  [701, 'NaN', Number.NaN],
  [701, '-Infinity', -Infinity],
  [3802, '{"a": [1]}', { a: [1] }],
  [114, 'null', null],
  [25, 'é', 'é'],
  [600, '(1,2)', '(1,2)'],
  [1007, '{1,NULL,3}', [1, null, 3]],
  [
    1007,
    '{{1,2},{3,4}}',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [1007, '[0:1]={1,2}', [1, 2]],
  [1007, '{}', []],
  [1009, String.raw`{a,"b, \"c\"","NULL",NULL,"{}",""}`, ['a', 'b, "c"', 'NULL', null, '{}', '']],
  [1184, '2026-11-24 06:51:02.345678+00', new Date('2026-11-24T06:51:02.345Z')],
  [1184, '2026-11-24 12:21:02+05:30', new Date('2026-11-24T06:51:02Z')],
  [1184, '1900-01-01 00:00:00-03:30:52', new Date('1900-01-01T03:30:52Z')],
  [1184, 'infinity', Infinity],
  [1114, '2026-11-24 06:51:02', new Date(2026, 10, 24, 6, 51, 2)],
  [1082, '2026-11-24', new Date(2026, 10, 24)],
  [1082, '24.11.2026', '24.11.2026'],
])('type %i: %s', (typeOid, text, value) => expect(readValue(typeOid, Buffer.from(text))).toEqual(value))

test('null is null in every type', () => expect(readValue(16, null)).toBeNull())
