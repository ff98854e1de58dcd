import { describe, expect, test } from 'vitest'
import { Failure } from '../errors.ts'
import { readArguments } from './arguments.ts'
import { isBranch } from './conditional.ts'
import type { MetaCommand } from './metacommand.ts'
import type { ScriptItem } from './items.ts'
import { scan, type ScanOptions, Scanner, splitScript } from './scan.ts'
import type { Statement } from './statement.ts'

function statements(text: string, options?: ScanOptions): Statement[] {
  return splitScript(text, options).filter((item) => item.kind === 'statement')
}

function texts(text: string, options?: ScanOptions): string[] {
  return statements(text, options).map((statement) => statement.text)
}

/** Items as short lines, with neighbouring COPY data joined. */
function outline(items: readonly ScriptItem[]): string[] {
  const lines: string[] = []
  for (const item of items) {
    if (item.kind === 'statement') lines.push(`${item.terminator} ${item.text}`)
    else if (item.kind === 'meta') lines.push(`\\${item.name}${item.arguments}`)
    else if (item.kind === 'copy-end') lines.push(item.terminated ? 'end of data' : 'data without end')
    else if (lines.at(-1)?.startsWith('data: ') === true) lines[lines.length - 1] += item.chunk.toString('latin1')
    else lines.push(`data: ${item.chunk.toString('latin1')}`)
  }
  return lines
}

function drain(scanner: Scanner): ScriptItem[] {
  const items: ScriptItem[] = []
  for (let item = scanner.next(); item !== undefined; item = scanner.next()) items.push(item)
  return items
}

function inChunks(bytes: Buffer, size: number, options?: ScanOptions): ScriptItem[] {
  const scanner = new Scanner(options)
  const items: ScriptItem[] = []
  for (let pos = 0; pos < bytes.length; pos += size) {
    // A copy, so that nothing can lean on the bytes around a chunk.
    scanner.push(Buffer.from(bytes.subarray(pos, pos + size)))
    items.push(...drain(scanner))
  }
  scanner.end()
  return [...items, ...drain(scanner)]
}

describe('a script is split', () => {
  test.each([
    ['at semicolons', 'select 1; select 2;select 3', ['select 1;', 'select 2;', 'select 3']],
    ['not in a string', "select ';', 'it''s;', '\\'; select 2;", ["select ';', 'it''s;', '\\';", 'select 2;']],
    ['not in an escape string', "select E'\\';', e'\\\\'; select 2;", ["select E'\\';', e'\\\\';", 'select 2;']],
    ['not in a string with a prefix', "select U&';', B';', x';', n';';", ["select U&';', B';', x';', n';';"]],
    ['not in a quoted identifier', 'select 1 as "a;""b;", 2 as U&"c;";', ['select 1 as "a;""b;", 2 as U&"c;";']],
    ['not in a dollar quote', 'select $$;$$, $a$;$$;$b$;$a$;', ['select $$;$$, $a$;$$;$b$;$a$;']],
    ['not in a comment', 'select 1 -- ;\n/* ; /* ; */ ; */;', ['select 1 -- ;\n/* ; /* ; */ ; */;']],
    [
      'not in parentheses',
      'create rule r as on insert to t do (a; b);',
      ['create rule r as on insert to t do (a; b);'],
    ],
    ['after an identifier with dollars', 'select a$b$; c$b$;', ['select a$b$;', 'c$b$;']],
    ['after a parameter', 'select $1; select $1a$; $a$;', ['select $1;', 'select $1a$;', '$a$;']],
    ['after a number with letters', 'select 1a$b$;$b$;', ['select 1a$b$;', '$b$;']],
    [
      'after a number with underscores',
      "select 1_0$$; select 1_0.E'\\'; $$",
      ['select 1_0$$;', "select 1_0.E'\\';", '$$'],
    ],
    ['after a dollar that quotes nothing', 'select $a; $;', ['select $a;', '$;']],
    ['after an exponent without digits', 'select 1e--;', ['select 1e--;']],
    ['at every lone semicolon', ';;', [';', ';']],
    ['with slash and star in one operator', 'select 1 +/* ; */ 2;', ['select 1 +/* ; */ 2;']],
    ['with a comment that is never closed', 'select 1 /* ; ', ['select 1 /* ; ']],
    ['with a string that is never closed', "select ';\nselect 2;", ["select ';\nselect 2;"]],
  ])('%s', (_, script, expected) => {
    expect(texts(script)).toEqual(expected)
  })

  test('not in the body of a function in standard SQL', () => {
    const script = `create or replace function f() returns int
begin atomic select case when true then 1 end; select 2; end; select 3;`
    expect(texts(script)).toHaveLength(2)
    expect(texts(script.replace('create or replace', 'alter'))).toHaveLength(4)
  })

  test('without what stands before the first word of a statement, but not without comments in it', () => {
    expect(texts('-- a\n\n  select 1 -- b\n;\n-- c\n')).toEqual(['select 1 -- b\n;'])
    expect(texts('/* a */ select 1')).toEqual(['/* a */ select 1'])
  })

  test('with line ends of Windows', () => {
    expect(texts('select 1;\r\n\r\nselect\r\n2;\r\n')).toEqual(['select 1;', 'select\r\n2;'])
  })

  test('with statements joined by \\;', () => {
    const [joined, other] = statements('begin\\; copy t from stdin \\; select 1;\n\\.\nselect 2;')
    expect(joined?.text).toBe('begin; copy t from stdin ; select 1;')
    expect(joined?.parts).toEqual([
      { words: ['BEGIN'], copyFromStdin: false },
      { words: ['COPY', 'T', 'FROM', 'STDIN'], copyFromStdin: true },
      { words: ['SELECT'], copyFromStdin: false },
    ])
    expect(other?.text).toBe('select 2;')
  })

  test('into nothing when it is empty', () => {
    expect(splitScript('')).toEqual([])
    expect(splitScript(' \n\t-- nothing\n')).toEqual([])
  })
})

describe('a statement', () => {
  test('tells its first words, in capitals and without what is quoted, commented or in parentheses', () => {
    const words = (text: string): readonly string[] => statements(text)[0]?.words ?? []
    expect(words('create /* a */ unique Index -- b\n concurrently "c" on d (e)')).toEqual([
      'CREATE',
      'UNIQUE',
      'INDEX',
      'CONCURRENTLY',
      'ON',
      'D',
    ])
    expect(words("insert into été values ('a', b)")).toEqual(['INSERT', 'INTO', 'ÉTÉ', 'VALUES'])
    expect(words('a b c d e f g h i j k l m n o p q r')).toHaveLength(16)
  })

  test('is empty when it holds only comments and semicolons', () => {
    expect(statements('; /* a */; /* b */ select 1; ""').map(({ empty }) => empty)).toEqual([true, true, false, false])
  })

  test('tells what ended it', () => {
    const ended = statements('select 1; select 2 \\gx (format=csv) out\nselect 3')
    expect(ended.map(({ terminator }) => terminator)).toEqual([';', 'meta', 'end'])
    expect(ended[1]?.command).toMatchObject({ name: 'gx', arguments: ' (format=csv) out', pending: true })
  })

  test('tells where it starts and ends, in lines, code points and bytes', () => {
    const [first, second] = statements('-- é\n  select 🙂; select\n2;')
    expect(first?.start).toEqual({ line: 2, column: 3, offset: 8 })
    expect(first?.end).toEqual({ line: 2, column: 12, offset: 20 })
    expect(second?.start).toEqual({ line: 2, column: 13, offset: 21 })
    expect(second?.end).toEqual({ line: 3, column: 3, offset: 30 })
  })
})

describe('COPY data', () => {
  test('is passed on as it is, up to a line that is exactly \\.', () => {
    const script = 'copy t from stdin;\na;\n\\.x\n \\.\n\\.\nselect 1;'
    expect(outline(splitScript(script))).toEqual([
      '; copy t from stdin;',
      'data: a;\n\\.x\n \\.\n',
      'end of data',
      '; select 1;',
    ])
  })

  test('may have line ends of Windows', () => {
    expect(outline(splitScript('copy t from stdin;\r\na\r\n\\.\r\nselect 1;'))).toEqual([
      '; copy t from stdin;',
      'data: a\r\n',
      'end of data',
      '; select 1;',
    ])
  })

  test('may be empty, end with the script, or have no end', () => {
    expect(outline(splitScript('copy t from stdin;\n\\.'))).toEqual(['; copy t from stdin;', 'end of data'])
    expect(outline(splitScript('copy t from stdin;\n'))).toEqual(['; copy t from stdin;', 'data without end'])
    expect(outline(splitScript('copy t from stdin;\na'))).toEqual([
      '; copy t from stdin;',
      'data: a',
      'data without end',
    ])
  })

  test('starts on the next line, before the rest of the line of the statement', () => {
    expect(outline(splitScript('copy t from stdin; copy u from stdin; select 1;\na\n\\.\nb\n\\.\nselect 2;'))).toEqual([
      '; copy t from stdin;',
      'data: a\n',
      'end of data',
      '; copy u from stdin;',
      'data: b\n',
      'end of data',
      '; select 1;',
      '; select 2;',
    ])
  })

  test.each([
    ['copy public.t (a, b) from stdin with (format csv)', true],
    ['copy binary d.s.t from stdin', true],
    ['COPY t FROM STDOUT', true],
    ["copy t from 'stdin'", false],
    ['copy (select 1) to stdout', false],
    ['copy t to stdout', false],
    ['copy t from program', false],
    ['explain copy t from stdin', false],
  ])('%s: %j', (text, expected) => {
    expect(statements(text)[0]?.copyFromStdin).toBe(expected)
  })

  test('follows \\copy … from stdin, and a bare \\g that sends COPY again', () => {
    expect(outline(splitScript('\\copy t from stdin\n1;\n\\.\ncopy t from stdin;\n2\n\\.\n\\g\n3\n\\.\n'))).toEqual([
      '\\copy t from stdin',
      'data: 1;\n',
      'end of data',
      '; copy t from stdin;',
      'data: 2\n',
      'end of data',
      '\\g',
      'data: 3\n',
      'end of data',
    ])
  })

  test('comes when the consumer asks for it', () => {
    const scanner = new Scanner()
    scanner.push(Buffer.from('\\mine\n;\n\\.\nselect 1;\n'))
    scanner.end()
    expect(scanner.next()).toMatchObject({ name: 'mine' })
    scanner.expectCopyData()
    expect(outline(drain(scanner))).toEqual(['data: ;\n', 'end of data', '; select 1;'])
  })

  test('knows its line, and the lines after it are right', () => {
    const items = splitScript('\ncopy t from stdin; select 1;\na\nb\n\\.\n  select 2;')
    expect(items.find((item) => item.kind === 'copy-data')?.firstLine).toBe(3)
    expect(items.filter((item) => item.kind === 'statement').map(({ start }) => start)).toEqual([
      { line: 2, column: 1, offset: 1 },
      { line: 2, column: 20, offset: 20 },
      { line: 6, column: 3, offset: 39 },
    ])
  })
})

describe('standard_conforming_strings', () => {
  const strings = "select '\\'; select 2; '"
  test.each([
    ['on from the start', '', 3],
    ['off', 'set standard_conforming_strings = off;\n', 2],
    ['off, for the session, in quotes', "SET SESSION standard_conforming_strings TO 'off';\n", 2],
    ['off, among comments', '/* a /* -- */ */ set -- c\n standard_conforming_strings /* d */ = off;\n', 2],
    ['off, by a function', "select pg_catalog.set_config('standard_conforming_strings', 'off', false);\n", 2],
    ['off, but only from the next line', 'set standard_conforming_strings = off; ', 3],
    ['off and on again', 'set standard_conforming_strings = off;\nset standard_conforming_strings = on;\n', 3],
    ['off and reset', 'set standard_conforming_strings = off;\nreset standard_conforming_strings;\n', 3],
    ['off and all reset', 'set standard_conforming_strings = 0;\nreset all;\n', 3],
    ['off for a transaction that goes on', 'begin;\nset local standard_conforming_strings = off;\n', 2],
    ['off for a transaction that ends', 'begin;\nset local standard_conforming_strings = off;\nend;\n', 3],
    ['off in a transaction that is rolled back', 'begin;\nset standard_conforming_strings = off;\nrollback;\n', 3],
    ['off in a transaction that is committed', 'begin;\nset standard_conforming_strings = off;\ncommit;\n', 2],
    ['off without a transaction to be local to', 'set local standard_conforming_strings = off;\n', 3],
    ['off, joined to another', 'select 1\\; set standard_conforming_strings = off;\n', 2],
    ['off in a string only', "select 'set standard_conforming_strings = off';\n", 3],
  ])('%s', (_, before, count) => {
    expect(texts(before + strings).slice(-count)).toHaveLength(count)
    expect(texts(before + strings).at(-1)).toBe(count === 3 ? "'" : strings)
  })

  test('off from the start, or for a transaction that is ours', () => {
    expect(texts(strings, { standardConformingStrings: false })).toEqual([strings])
    const local = `set local standard_conforming_strings = off;\n${strings}`
    expect(texts(local, { inTransaction: true })).toHaveLength(2)
  })
})

describe('variables', () => {
  const variables = new Map([
    ['n', '12'],
    ['quoted', "it's"],
    ['slash', 'a\\b'],
    ['two', 'select 1; select'],
    ['again', 'a :again b'],
    ['outer', '<:n>'],
    ['open', "'open"],
    ['dash', '-- comment'],
    ['é', 'accent'],
    ['blank', '  '],
  ])
  test.each([
    ['select :n, :none, a::n, b := n', 'select 12, :none, a::n, b := n'],
    [`select :'quoted', :"quoted", :'none', :"none"`, `select 'it''s', "it's", :'none', :"none"`],
    [`select :'slash'`, `select  E'a\\\\b'`],
    ['select :{?n}, :{?none}, :{?n, :{n}', 'select TRUE, FALSE, :{?n, :{n}'],
    [`select ':n', ":n", $$:n$$ /* :n */ -- :n`, `select ':n', ":n", $$:n$$ /* :n */ -- :n`],
    ['select x[1:n]', 'select x[112]'],
    ['select :again', 'select a :again b'],
    ['select :outer', 'select <12>'],
    [`select :open;' ;`, `select 'open;' ;`],
    ['select :dash + 1', 'select -- comment + 1'],
    ['select :é:n', 'select accent12'],
    [':blank select 1', 'select 1'],
    [`select :'n`, `select :'n`],
  ])('%s is sent as %s', (script, expected) => {
    expect(texts(script, { variables })).toEqual([expected])
  })

  test('may hold the end of a statement, and meta-commands', () => {
    expect(texts(':two 2; :two 3', { variables })).toEqual(['select 1;', 'select 2;', 'select 1;', 'select 3'])
    const command = new Map([['c', '\\echo a']])
    expect(outline(splitScript('select :c b \\\\ 1;', { variables: command }))).toEqual(['\\echo a b ', '; select  1;'])
  })

  test('are looked up when they are met, so that the consumer may set them between two items', () => {
    const changing = new Map<string, string>()
    const scanner = new Scanner({ variables: changing })
    scanner.push(Buffer.from('\\set x 1\nselect :x; select :x;'))
    scanner.end()
    expect(scanner.next()).toMatchObject({ kind: 'meta', name: 'set', arguments: ' x 1' })
    changing.set('x', '1')
    expect(scanner.next()).toMatchObject({ text: 'select 1;' })
    changing.set('x', '2')
    expect(scanner.next()).toMatchObject({ text: 'select 2;' })
  })
})

describe('meta-commands', () => {
  test.each([
    ['end at the line', '\\echo a b\nselect 1;', ['\\echo a b', '; select 1;']],
    ['end at the line of Windows', '\\echo a\r\nselect 1;', ['\\echo a', '; select 1;']],
    ['end at the next one', '\\echo a \\quit', ['\\echo a ', '\\quit']],
    ['end at two backslashes', '\\echo a \\\\ select 1;', ['\\echo a ', '; select 1;']],
    [
      'keep backslashes in quotes',
      `\\echo 'a\\'b' "c\\d" \`e\\f\` \\quit`,
      [`\\echo 'a\\'b' "c\\d" \`e\\f\` `, '\\quit'],
    ],
    ['take the whole line', '\\! a \\\\ b\n\\copy t to \\x\n', ['\\! a \\\\ b', '\\copy t to \\x']],
    ['take the whole line when unknown', '\\nosuch \\\\ select 1;', ['\\nosuch \\\\ select 1;']],
    ['take the whole line for a shell', 'select 1 \\g |less \\\\ a', ['meta select 1 ']],
    ['stand in a statement', 'select \\echo a\n1;', ['\\echo a', '; select \n1;']],
    ['stand in a word', 'sel\\echo a\\\\ect 1;', ['\\echo a', '; select 1;']],
    ['may have no name', 'select 1 \\\n;', ['\\', '; select 1 \n;']],
    ['do not stand in quotes', `select '\\echo' "\\echo" $$\\echo$$;`, [`; select '\\echo' "\\echo" $$\\echo$$;`]],
    ['drop the statement', 'select 1 \\r select 2;\nselect 3;', ['\\r select 2;', '; select 3;']],
  ])('%s', (_, script, expected) => {
    expect(outline(splitScript(script))).toEqual(expected)
  })

  test('that send say whether there was a statement', () => {
    const items = splitScript('select 1 \\gset a_\n\\gexec\n')
    expect(items).toMatchObject([
      { kind: 'statement', terminator: 'meta', command: { name: 'gset', arguments: ' a_', pending: true } },
      { kind: 'meta', name: 'gexec', pending: false },
    ])
  })

  test('such as \\quit leave an unfinished statement to be taken', () => {
    const scanner = new Scanner()
    scanner.push(Buffer.from('select 1\n\\quit\nselect 2;'))
    expect(scanner.next()).toMatchObject({ name: 'quit', pending: true })
    expect(scanner.takePending()).toMatchObject({ text: 'select 1', terminator: 'end' })
    expect(scanner.takePending()).toBeUndefined()
  })

  test('know their place', () => {
    expect(splitScript('select é \\echo a\n')).toMatchObject([
      { start: { line: 1, column: 10, offset: 10 }, end: { line: 1, column: 17, offset: 17 } },
      { kind: 'statement' },
    ])
  })
})

describe('conditions', () => {
  function follow(script: string): string[] {
    const scanner = new Scanner({ file: 'a.sql' })
    scanner.push(Buffer.from(script))
    scanner.end()
    const items: ScriptItem[] = []
    for (let item = scanner.next(); item !== undefined; item = scanner.next()) {
      if (item.kind === 'meta' && isBranch(item)) scanner.branch(item, () => truth(item))
      else if (item.kind !== 'meta' || item.active) items.push(item)
    }
    return outline(items)
  }
  function truth(command: MetaCommand): boolean {
    return readArguments(command, new Map()).some(({ text }) => text === 'true')
  }

  test.each([
    ['\\if true\nselect 1;\n\\else\nselect 2;\n\\endif\nselect 3;', ['; select 1;', '; select 3;']],
    ['\\if false\nselect 1;\n\\elif true\nselect 2;\n\\elif true\nselect 3;\n\\endif', ['; select 2;']],
    ['\\if false\n\\if true\nselect 1;\n\\else\nselect 2;\n\\endif\n\\else\nselect 3;\n\\endif', ['; select 3;']],
    ['select \\if false\n1, (;\n\\else\n2\n\\endif\n+ 3;', ['; select \n2\n+ 3;']],
    ["\\if false\nselect '\n\\endif\n';\n\\endif\nselect 1;", ['; select 1;']],
    ['\\if false\ncopy t from stdin;\n\\endif\nselect 1;', ['; select 1;']],
    ['\\if false\n\\echo a\nselect 1', []],
  ])('%j', (script, expected) => {
    expect(follow(script)).toEqual(expected)
  })

  test('in the wrong place are refused with that place', () => {
    const refused = (script: string): unknown => {
      try {
        return follow(script)
      } catch (error) {
        return error
      }
    }
    expect(refused('select 1;\n \\endif')).toMatchObject({
      code: 'script_failed',
      message: '\\endif: no matching \\if',
      location: { file: 'a.sql', line: 2, column: 2 },
    })
    expect(refused('\\if true\n\\else\n\\else\n')).toMatchObject({ message: '\\else: cannot occur after \\else' })
    expect(refused('\\if true\n\\else\n\\elif true\n')).toMatchObject({ message: '\\elif: cannot occur after \\else' })
  })

  test('that stay open are counted', () => {
    const scanner = new Scanner()
    scanner.push(Buffer.from('\\if false\n'))
    scanner.end()
    for (const item of drain(scanner)) if (item.kind === 'meta') scanner.branch(item)
    expect(scanner).toMatchObject({ openBlocks: 1, active: false })
  })
})

describe('what arrives in pieces', () => {
  const script = Buffer.from(`\uFEFFselect 'é🙂;' as "ü", $é$;$é$ -- ö;
;\r
copy "ß" from stdin; select 1;\r
à\t\\N\r
\\.x\r
\\.\r
\\echo 'ê\\'' "î" \\\\ select :name, :'name';
create function f() returns int begin atomic select 1; end;
/* /* ; */ */ select E'\\'' ;
copy t from stdin;
\\.
select 'last`)
  const variables = new Map([['name', 'é;']])

  test.each([1, 2, 3, 5, 7, 11, 64])('of %i bytes is split as it is in one', (size) => {
    const whole = inChunks(script, script.length, { variables })
    const pieces = inChunks(script, size, { variables })
    expect(outline(pieces)).toEqual(outline(whole))
    const places = (items: ScriptItem[]): unknown[] =>
      items.flatMap((item) => (item.kind === 'statement' || item.kind === 'meta' ? [item.start, item.end] : []))
    expect(places(pieces)).toEqual(places(whole))
  })

  test('is not read ahead', () => {
    const scanner = new Scanner()
    scanner.push(Buffer.from('select 1;\nsele'))
    expect(scanner.next()).toMatchObject({ text: 'select 1;' })
    expect(scanner.next()).toBeUndefined()
    scanner.push(Buffer.from('ct 2;\n'))
    expect(scanner.next()).toMatchObject({ text: 'select 2;' })
    expect(scanner.next()).toBeUndefined()
    scanner.end()
    expect(scanner.next()).toBeUndefined()
  })

  test('may come from a stream', async () => {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('select 1; sel')
      yield new TextEncoder().encode('ect 2;\ncopy t from stdin;\n1\n')
    }
    const items: ScriptItem[] = []
    for await (const item of scan(chunks())) items.push(item)
    expect(outline(items)).toEqual([
      '; select 1;',
      '; select 2;',
      '; copy t from stdin;',
      'data: 1\n',
      'data without end',
    ])
  })

  test('is never collected when it is COPY data', () => {
    const scanner = new Scanner()
    scanner.push(Buffer.from('copy t from stdin;\n'))
    expect(drain(scanner)).toHaveLength(1)
    const row = Buffer.alloc(100_000, 'x')
    for (let count = 0; count < 10; count++) {
      scanner.push(row)
      const [piece, ...rest] = drain(scanner)
      expect(piece).toMatchObject({ kind: 'copy-data', firstLine: 2 })
      expect(piece?.kind === 'copy-data' && piece.chunk.equals(row)).toBe(true)
      expect(rest).toEqual([])
    }
  })
})

describe('what is no script is refused', () => {
  test.each([
    ["a dump in pg_dump's custom format", Buffer.from('PGDMP\u0001\u000e'), /pg_restore/],
    ["a dump in pg_dump's tar format", Buffer.from('toc.dat\0\0\0'), /pg_restore/],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0]), /gunzip/],
    ['UTF-16', Buffer.from('\uFEFFselect 1;', 'utf16le'), /UTF-8/],
  ])('%s', (_, bytes, hint) => {
    const scanner = new Scanner({ file: 'a.sql' })
    for (const byte of bytes) scanner.push(Buffer.from([byte]))
    scanner.end()
    let refused: unknown
    try {
      scanner.next()
    } catch (error) {
      refused = error
    }
    expect(refused).toBeInstanceOf(Failure)
    expect(refused).toMatchObject({ code: 'file_unusable', hint: expect.stringMatching(hint) as unknown })
  })

  test('a statement with a zero byte', () => {
    expect(() => splitScript("select 1;\n select '\0';")).toThrow(/zero byte/)
  })
})

describe('the time grows with the length only', () => {
  const size = 500
  const shapes: [string, (size: number) => string, number][] = [
    ['many statements on one line', (size) => 'select 1; '.repeat(size * 10), 65536],
    ['one statement of many lines', (size) => `select 1${',\n2'.repeat(size * 20)};`, 4096],
    ['one long line in small pieces', (size) => `select '${'x'.repeat(size * 20)}';`, 16],
    ['many COPY blocks', (size) => 'copy t from stdin;\n1\n\\.\n'.repeat(size * 4), 1e9],
    [
      'many COPY statements on one line',
      (size) => `${'copy t from stdin; '.repeat(size)}\n${'\\.\n'.repeat(size)}`,
      1e9,
    ],
    ['many meta-commands on one line', (size) => '\\echo a '.repeat(size * 4), 65536],
    ['many variables in one statement', (size) => `select ${':v + '.repeat(size * 4)} 1;`, 65536],
    ['a dollar quote full of dollars', (size) => `select $a$${'$a $'.repeat(size * 10)}$a$;`, 65536],
    ['a comment full of comments', (size) => `${'/*'.repeat(size * 10)}${'*/'.repeat(size * 10)};`, 4096],
    ['quotes that do not continue', (size) => `select ${"'a'\n".repeat(size * 10)};`, 65536],
    ['colons and slashes', (size) => `select ${':/'.repeat(size * 20)};`, 65536],
  ]
  const variables = new Map([['v', '1']])

  function milliseconds(script: Buffer, chunkSize: number): number {
    let least = Number.POSITIVE_INFINITY
    for (let run = 0; run < 3; run++) {
      const scanner = new Scanner({ variables })
      const start = performance.now()
      for (let pos = 0; pos < script.length; pos += chunkSize) {
        scanner.push(script.subarray(pos, pos + chunkSize))
        while (scanner.next() !== undefined);
      }
      scanner.end()
      while (scanner.next() !== undefined);
      least = Math.min(least, performance.now() - start)
    }
    return least
  }

  // A machine that is busy may be slow once, but not each time.
  test.each(shapes)('for %s', { retry: 4 }, (_, shape, chunkSize) => {
    const once = milliseconds(Buffer.from(shape(size)), chunkSize)
    const eightTimes = milliseconds(Buffer.from(shape(size * 8)), chunkSize)
    // Quadratic would be 64 times; the millisecond is for what is too short to measure.
    expect(eightTimes).toBeLessThan(32 * (once + 1))
  })
})

test('lines are echoed up to the item that they end with, wherever the script is cut', () => {
  const script =
    "select 1; select 2;\n\n-- c\nselect '\n\n', /*\n\n*/ 3\n\n;\ncopy t from stdin;\na\n\nb\n\\.\n\n\\echo x\n\n-- end\n"
  const bytes = Buffer.from(script)
  for (const size of [1, 2, 3, 7, bytes.length]) {
    const scanner = new Scanner()
    scanner.echoes = true
    const echoed: string[] = []
    const take = () => {
      for (let item = scanner.next(); item !== undefined; item = scanner.next()) echoed.push(scanner.takeLines())
    }
    for (let from = 0; from < bytes.length; from += size) {
      scanner.push(bytes.subarray(from, from + size))
      take()
    }
    scanner.end()
    take()
    expect(
      echoed.filter((lines) => lines !== ''),
      `pieces of ${size}`,
    ).toEqual(['select 1; select 2;\n', "-- c\nselect '\n\n', /*\n\n*/ 3\n;\n", 'copy t from stdin;\n', '\\echo x\n'])
    expect(scanner.takeLines()).toBe('-- end\n')
  }
})

test('lines are echoed from the line after the one on which that is set, to the one on which it is unset', () => {
  const scanner = new Scanner()
  scanner.push(Buffer.from('select 1;\n\\set on \\echo a\nselect 2;\n\\set off\nselect 3;\n'))
  scanner.end()
  const echoed: string[] = []
  for (let item = scanner.next(); item !== undefined; item = scanner.next()) {
    echoed.push(scanner.takeLines())
    if (item.kind === 'meta' && item.name === 'set') scanner.echoes = item.arguments.includes('on')
  }
  expect(echoed).toEqual(['', '', '', 'select 2;\n', '\\set off\n', ''])
})
