import { describe, expect, test } from 'vitest'
import { WireError } from './error.ts'
import { cutFrames } from './frames.ts'
import * as replies from './replies.ts'
import * as requests from './requests.ts'

const text = (value: string) => Buffer.from(`${value}\0`)
const int16 = (value: number) => Buffer.from([value >> 8, value & 0xff])
const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value & 0xffff)])

/** A message as the server sends it. */
function frame(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

/** Cuts what arrives in pieces. */
function cut(pieces: Iterable<Buffer>): [type: string, body: string][] {
  const found: [string, string][] = []
  const take = cutFrames((type, body) => found.push([String.fromCharCode(type), body.toString('hex')]))
  for (const piece of pieces) take(piece)
  return found
}

test('each message that we send has its type, its length and its fields', () => {
  const one: Record<string, [Buffer, string]> = {
    query: [requests.query('é'), '51 00000007 c3a9 00'],
    parse: [requests.parse('x', 's'), '50 0000000a 7300 7800 0000'],
    bind: [requests.bind(['a', null]), '42 00000015 00 00 0000 0002 00000001 61 ffffffff 0000'],
    describePortal: [requests.describePortal(), '44 00000006 50 00'],
    execute: [requests.execute(), '45 00000009 00 00000000'],
    sync: [requests.sync(), '53 00000004'],
    flush: [requests.flush(), '48 00000004'],
    copyData: [requests.copyData(Buffer.from('a\n')), '64 00000006 610a'],
    copyDone: [requests.copyDone(), '63 00000004'],
    copyFail: [requests.copyFail('no'), '66 00000007 6e6f00'],
    terminate: [requests.terminate(), '58 00000004'],
    password: [requests.password('p'), '70 00000006 7000'],
    saslInitial: [requests.saslInitial('M', 'n,,'), '70 0000000d 4d00 00000003 6e2c2c'],
    saslResponse: [requests.saslResponse('c'), '70 00000005 63'],
    sslRequest: [requests.sslRequest(), '00000008 04d2162f'],
    cancelRequest: [requests.cancelRequest(7, int32(9)), '00000010 04d2162e 00000007 00000009'],
    startup: [requests.startup({ user: 'u', options: undefined }), '00000010 00030000 7573657200 7500 00'],
  }
  for (const [name, [bytes, hex]] of Object.entries(one)) {
    expect(`${name} ${bytes.toString('hex')}`).toBe(`${name} ${hex.replaceAll(' ', '')}`)
  }
})

test('a text with a zero byte is not sent: what follows it would be taken for something else', () => {
  expect(() => requests.query('select 1\0')).toThrow(WireError)
  expect(() => requests.startup({ user: 'a\0replication\0true' })).toThrow(WireError)
})

describe('reading', () => {
  test('fields of an error, the severity not in the language of the server', () => {
    const body = Buffer.concat([
      ...['SFEHLER', 'VERROR', 'C42P01', 'Mes gibt „x“ nicht', 'P15', 'Ffile.c', 'Zunknown'].map(text),
      Buffer.of(0),
    ])
    const fields = {
      severity: 'ERROR',
      code: '42P01',
      message: 'es gibt „x“ nicht',
      position: '15',
      sourceFile: 'file.c',
    }
    expect(replies.readFields(body)).toEqual(fields)
    const error = new replies.ServerError(replies.readFields(body))
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject(fields)
    expect('detail' in error).toBe(false)
  })

  test('columns', () => {
    const column = Buffer.concat([text('n'), int32(16384), int16(2), int32(23), int16(4), int32(-1), int16(0)])
    expect(replies.readRowDescription(Buffer.concat([int16(1), column]))).toEqual([
      { name: 'n', tableOid: 16384, columnNumber: 2, typeOid: 23, typeSize: 4, typeModifier: -1 },
    ])
  })

  test('a row: null is not empty', () => {
    const body = Buffer.concat([int16(3), int32(1), Buffer.from('a'), int32(-1), int32(0)])
    expect(replies.readDataRow(body).map((value) => value && value.toString())).toEqual(['a', null, ''])
  })

  test('a tag', () => expect(replies.readTag(text('INSERT 0 1'))).toBe('INSERT 0 1'))

  test('nothing is read beyond the end of a message', () => {
    const row = Buffer.concat([int16(2), int32(1), Buffer.from('a'), int32(1), Buffer.from('b')])
    const columns = Buffer.concat([int16(1), text('n'), Buffer.alloc(18)])
    for (let length = 0; length < row.length; length++) {
      expect(() => replies.readDataRow(row.subarray(0, length))).toThrow(WireError)
    }
    for (let length = 0; length < columns.length; length++) {
      expect(() => replies.readRowDescription(columns.subarray(0, length))).toThrow(WireError)
    }
    expect(() => replies.readDataRow(Buffer.concat([int16(1), int32(0x7fffffff)]))).toThrow(WireError)
    expect(() => replies.readTag(Buffer.from('no end'))).toThrow(WireError)
  })
})

describe('cutting', () => {
  const stream = [
    frame('1'),
    frame('D', Buffer.from('row')),
    frame('C', text('SELECT 1')),
    frame('Z', Buffer.from('I')),
  ]
  const whole = Buffer.concat(stream)
  const expected = [
    ['1', ''],
    ['D', Buffer.from('row').toString('hex')],
    ['C', text('SELECT 1').toString('hex')],
    ['Z', '49'],
  ]

  test('messages that come at once', () => expect(cut([whole])).toEqual(expected))

  test('messages that come byte by byte', () => {
    expect(cut([...whole].map((byte) => Buffer.of(byte)))).toEqual(expected)
  })

  test('messages that are split anywhere, twice', () => {
    for (let first = 0; first <= whole.length; first++) {
      for (let second = first; second <= whole.length; second++) {
        const pieces = [whole.subarray(0, first), whole.subarray(first, second), whole.subarray(second)]
        expect(cut(pieces)).toEqual(expected)
      }
    }
  })

  test('a body is a view of what came, not a copy', () => {
    const bodies: Buffer[] = []
    cutFrames((_, body) => bodies.push(body))(whole)
    for (const body of bodies) expect(body.buffer).toBe(whole.buffer)
  })

  test('a large message in small pieces takes time in proportion to its size', () => {
    const size = 64 * 1024 * 1024
    const head = Buffer.concat([Buffer.from('d'), int32(size + 4)])
    const piece = Buffer.alloc(16 * 1024)
    let length = 0
    const take = cutFrames((_, body) => (length = body.length))
    const started = performance.now()
    take(head)
    for (let sent = 0; sent < size; sent += piece.length) take(piece)
    expect(length).toBe(size)
    expect(performance.now() - started).toBeLessThan(2000)
  })

  test.each([
    ['shorter than itself', 'D', 3],
    ['negative', 'D', -1],
    ['too long for its type', 'Z', 30_001],
    ['of another protocol', 'H', 0x5454502f],
  ])('a length that is %s is refused', (_, type, length) => {
    expect(() => cut([Buffer.concat([Buffer.from(type), int32(length)])])).toThrow(WireError)
  })
})
