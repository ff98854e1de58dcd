import { expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import type { ScriptFiles } from './files.ts'
import { SourceLines } from './source-lines.ts'

const texts: Record<string, string> = { 'a.csv': 'x,1\ny,2', 'b.sql': '\uFEFFone\r\ntwo\n' }

function chunks(text: string, size: number): () => AsyncIterable<Uint8Array> {
  const bytes = Buffer.from(text)
  return async function* () {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
  }
}

/** With a script `a.sql`, which comes in pieces of some bytes. */
function lines(script: string, size = 2): SourceLines {
  const readAgain = async (path: string) => {
    const text = texts[path]
    if (text === undefined) throw new Failure('file_missing', `${path} is not there.`)
    return chunks(text, size)()
  }
  const made = new SourceLines({ readAgain } as ScriptFiles)
  made.note({ name: 'a.sql', folder: undefined, sizeBytes: undefined, open: chunks(script, size) })
  return made
}

test('a line of a script or of a file is found again', async () => {
  const made = lines('é\nb\r\n\nd')
  const found = []
  for (const line of [1, 2, 3, 4, 5]) found.push(await made.read('a.sql', line))
  expect(found).toEqual(['é', 'b', '', 'd', undefined])
  expect(await made.read('b.sql', 1)).toBe('one')
  expect(await made.read('b.sql', 3)).toBe('')
  expect(await made.read('c.sql', 1)).toBeUndefined()
})

test('a failure without its line gets it', async () => {
  const made = lines('a\nb\n')
  const failure = new Failure('sql_error', 'no', { location: { file: 'a.sql', line: 2, column: 1 } })
  expect(await made.show(failure)).toMatchObject({ location: { file: 'a.sql', line: 2, column: 1, text: 'b' } })
  const shown = failure.with({ location: { file: 'a.sql', line: 2, column: 1, text: 'c' } })
  expect(await made.show(shown)).toBe(shown)
  expect(await made.show('no')).toBe('no')
})

test.each([1, 2, 3, 1000])('the data of COPY is read again up to its end, in pieces of %i bytes', async (size) => {
  const made = lines('copy t from stdin;\n1\\.\n2\n\\.3\n\\.\r\nselect 1;\n', size)
  const read = async (file: string, firstLine: number, stream: 'script' | 'file' | 'standard') => {
    const pieces: Buffer[] = []
    for await (const piece of made.copyData({ file, firstLine, stream })) pieces.push(piece)
    return Buffer.concat(pieces).toString()
  }
  expect(await read('a.sql', 2, 'script')).toBe('1\\.\n2\n\\.3\n')
  expect(await read('a.csv', 1, 'file')).toBe('x,1\ny,2')
  await expect(read('a.csv', 1, 'standard')).rejects.toThrow('gone')
})
