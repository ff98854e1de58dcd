// Scripts that are mostly data, made piece by piece: the largest do not fit into memory.
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Random } from './random.ts'

/** Writes a script to a file. */
export function writeScript(path: string, pieces: Iterable<string>, signal: AbortSignal): Promise<void> {
  return pipeline(Readable.from(pieces), createWriteStream(path), { signal })
}

/** One-row inserts into one table. */
export function* makeInserts(count: number): Generator<string> {
  const random = new Random(2000)
  yield 'create table notes (id integer primary key, author text not null, written timestamp not null, body text);\n'
  for (let row = 1; row <= count; row++) {
    const values = `${row}, '${random.hexadecimal(8)}', '${random.timestamp()}', '${quoted(random.words(3, 10))}'`
    yield `insert into notes (id, author, written, body) values (${values});\n`
  }
}

/** Three tables without indexes, so that the way to the server counts most: long rows, short rows, and numbers. */
export function* makeCopyDump(sizeBytes: number): Generator<string> {
  const random = new Random(67)
  const texts = sentences(random, 500, 20, 60)
  const titles = sentences(random, 500, 3, 8)
  yield `create table articles (id bigint not null, title text not null, body text, published timestamp);
create table events (id bigint not null, article bigint not null, kind text not null, at timestamp not null);
create table readings (id bigint not null, low integer, high integer, mean numeric, exact double precision);

`
  const third = sizeBytes / 3
  yield* copy('articles (id, title, body, published)', third, (row) => {
    const body = `${random.pick(texts)}\\n${random.pick(texts)}\\n${random.pick(texts)}\\t${random.pick(texts)}`
    return `${row}\t${random.pick(titles)}\t${row % 50 === 0 ? '\\N' : body}\t2026-02-03 04:05:${10 + (row % 50)}`
  })
  yield* copy('events (id, article, kind, at)', third, (row) => {
    const second = 10 + (row % 50)
    return `${row}\t${random.whole(1, 99_999)}\t${row % 3 === 0 ? 'opened' : 'closed'}\t2026-01-02 03:${second}:${second}`
  })
  yield* copy('readings (id, low, high, mean, exact)', third, (row) => {
    const low = random.whole(0, 99_999)
    return `${row}\t${low}\t${low + 17}\t${low + 8}.5\t${low + random.fraction()}`
  })
}

/** One table of text that is not logged: nothing but rows, as COPY data or one insert a row. */
export function* makeLargeDump(sizeBytes: number, as: 'copy' | 'inserts'): Generator<string> {
  const random = new Random(2)
  const texts = sentences(random, 1000, 10, 30)
  yield 'create unlogged table lines (line text);\n\n'
  const line = (row: number) => `${row} ${random.pick(texts)} ${random.pick(texts)}`
  if (as === 'copy') yield* copy('lines (line)', sizeBytes, line)
  else yield* batches(sizeBytes, (row) => `insert into lines (line) values ('${quoted(line(row))}');\n`)
}

function* copy(table: string, sizeBytes: number, makeRow: (row: number) => string): Generator<string> {
  yield `copy ${table} from stdin;\n`
  yield* batches(sizeBytes, (row) => `${makeRow(row)}\n`)
  yield '\\.\n\n'
}

/** Lines in pieces of a few hundred kilobytes. */
function* batches(sizeBytes: number, makeLine: (row: number) => string): Generator<string> {
  let row = 0
  for (let written = 0; written < sizeBytes;) {
    let piece = ''
    while (piece.length < 1 << 18 && written + piece.length < sizeBytes) piece += makeLine(++row)
    written += Buffer.byteLength(piece)
    yield piece
  }
}

function sentences(random: Random, count: number, least: number, most: number): [string, ...string[]] {
  return Array.from({ length: count }, () => random.words(least, most)) as [string, ...string[]]
}

function quoted(text: string): string {
  return text.replaceAll("'", "''")
}
