import { expect, test } from 'vitest'
import type { Location } from '../errors.ts'
import { type CopyPlace, type FailureFields, failedCopyLine, placeOfFailure } from './failure-place.ts'
import { splitScript } from './scan.ts'
import type { Statement } from './statement.ts'

const command: Location = { file: 'a.sql', line: 99, column: 1 }

/** The last statement of a script. */
function statementOf(script: string): Statement {
  const statement = splitScript(script, { file: 'a.sql' }).findLast((item) => item.kind === 'statement')
  if (statement?.kind !== 'statement') throw new Error('the script has no statement')
  return statement
}

function place(script: string, fields: FailureFields, copy?: CopyPlace): Location {
  return placeOfFailure(statementOf(script), fields, command, copy)
}

test('the position that the server reports comes first', () => {
  expect(place('\nselect\n  é, x;', { position: '13', where: 'PL/pgSQL function inline_code_block line 1' })).toEqual({
    file: 'a.sql',
    line: 3,
    column: 6,
    text: '  é, x;',
  })
})

test.each([
  ['select 1;', 1, 1],
  ['\n\n  /* a\n  /* b */ */ -- c\n\n  select 1;', 6, 3],
  ['-- a\n select 1;', 2, 2],
  ['/* é */ select 1;', 1, 9],
  ['select 1; /* b */ \n select 2;', 2, 2],
  ['(select 1);', 1, 1],
])('a failure without a place is at the first token: %j', (script, line, column) => {
  expect(place(script, { where: undefined })).toMatchObject({ line, column })
})

test('what is made of a meta-command fails at the place of that', () => {
  expect(placeOfFailure(undefined, { position: '3' }, command)).toBe(command)
})

const data = { file: 'a.sql', firstLine: 2 }

test.each<[string, string, FailureFields, number, number, string | undefined]>([
  [
    'the value in text format',
    'copy a from stdin;\n1\tx\nz\ty\n\\.\n',
    { where: 'COPY a, line 2, column id: "z"' },
    3,
    1,
    'z\ty',
  ],
  ['a later value', 'copy a from stdin;\n1\tx\n1\ty\n\\.\n', { where: 'COPY a, line 2, column b: "y"' }, 3, 3, '1\ty'],
  [
    'an escaped value',
    'copy a from stdin;\né\ta\\tb\\x41\\101\\\\\n',
    { where: 'COPY a, line 1, column b: "a\tbAA\\"' },
    2,
    3,
    undefined,
  ],
  [
    'a long value',
    `copy a from stdin;\n1\t${'x'.repeat(200)}\n`,
    { where: `COPY a, line 1, column b: "${'x'.repeat(100)}..."` },
    2,
    3,
    undefined,
  ],
  ['the same value twice', 'copy a from stdin;\nz\tz\n', { where: 'COPY a, line 1, column b: "z"' }, 2, 1, 'z\tz'],
  [
    'a column of a list',
    'copy a (b, "I d") from stdin;\nz\tz\n',
    { where: 'COPY a, line 1, column I d: "z"' },
    2,
    3,
    'z\tz',
  ],
  [
    'another delimiter',
    `copy a from stdin (delimiter ';');\nx\ty;z\n`,
    { where: 'COPY a, line 1, column b: "z"' },
    2,
    5,
    undefined,
  ],
  [
    'an old delimiter',
    `copy a from stdin delimiter as '|';\nx|z\n`,
    { where: 'COPY a, line 1, column b: "z"' },
    2,
    3,
    undefined,
  ],
  ['CSV', 'copy a from stdin csv;\n"a,""b""",z\n', { where: 'COPY a, line 1, column c: "z"' }, 2, 11, undefined],
  [
    'a quoted value of CSV',
    'copy a from stdin (format csv);\nz,"a,""b"""\n',
    { where: 'COPY a, line 1, column c: "a,"b""' },
    2,
    3,
    undefined,
  ],
  [
    'the end of a CSV record',
    'copy a from stdin csv;\nz,"x\ny"\n',
    { where: 'COPY a, line 2, column c: "z"' },
    3,
    1,
    'y"',
  ],
  ['a whole line', 'copy s.a from stdin;\n1\n2\n', { where: 'COPY a, line 2: "2"' }, 3, 1, '2'],
  ['a line', 'copy a from stdin;\n1\n2\n', { where: 'COPY a, line 2' }, 3, 1, '2'],
  ['a null', 'copy a(b, id) from stdin csv;\nx,\n', { where: 'COPY a, line 1: "x,"', column: 'id' }, 2, 3, 'x,'],
  ['no value', 'copy a(b, id) from stdin csv;\nx,\n', { where: 'COPY a, line 1, column id: null input' }, 2, 3, 'x,'],
  [
    'an odd name',
    'copy public."A, line 7" from stdin;\n1\nz\n',
    { where: 'COPY A, line 7, line 2, column i, d: "z"' },
    3,
    1,
    'z',
  ],
  [
    'a value that looks like a context',
    'copy a from stdin;\n1\tx, line 9\n',
    { where: 'COPY a, line 1, column b: "x, line 9"' },
    2,
    3,
    undefined,
  ],
  [
    'a trigger',
    'copy a from stdin;\n1\nz\n',
    { where: 'PL/pgSQL function t() line 2 at RAISE\nCOPY a, line 2: "z"' },
    3,
    1,
    'z',
  ],
  ['another language', 'copy a from stdin;\n1\nz\n', { where: 'COPY a, Zeile 2, Spalte id: »z«' }, 3, 1, 'z'],
  ['lines of Windows', 'copy a from stdin;\r\n1\tz\r\n', { where: 'COPY a, line 1, column b: "z"' }, 2, 3, '1\tz'],
])('the place in the data of COPY: %s', (_, script, fields, line, column, text) => {
  const found = place(script, fields, data)
  expect(found).toMatchObject({ file: 'a.sql', line, column })
  if (text !== undefined) expect(found.text).toBe(text)
})

test('data that has gone is looked at when its line is given, or by what the server says of it', () => {
  const statement = statementOf('copy a from stdin;')
  const far = { file: 'a.sql', firstLine: 2 }
  const value = { where: 'COPY a, line 1000, column b: "z"' }
  expect(placeOfFailure(statement, value, command, { ...far, dataLine: '1\tz' })).toEqual({
    file: 'a.sql',
    line: 1001,
    column: 3,
    text: '1\tz',
  })
  expect(placeOfFailure(statement, value, command, far)).toEqual({ file: 'a.sql', line: 1001, column: 1 })
  expect(placeOfFailure(statement, { where: 'COPY a, line 9: "1\t2"' }, command, far)).toMatchObject({ text: '1\t2' })
  expect(placeOfFailure(statement, { where: 'COPY a, line 9: "1..."' }, command, far).text).toBeUndefined()
})

test('the data of another file is not taken for the script', () => {
  const copy = { file: 'a.csv', firstLine: 1, sql: 'COPY a FROM STDIN csv' }
  const fields = { where: 'COPY a, line 2, column b: "z"' }
  expect(placeOfFailure(undefined, fields, command, copy)).toEqual({ file: 'a.csv', line: 2, column: 1 })
  expect(placeOfFailure(undefined, fields, command, { ...copy, dataLine: '"1",z' })).toMatchObject({ column: 5 })
  expect(place('copy a from stdin;\n1\n2\n3\n', fields, copy)).toEqual({ file: 'a.csv', line: 2, column: 1 })
})

test('the line of COPY data that failed can be asked for', () => {
  const sql = Buffer.from('copy a from stdin')
  expect(failedCopyLine('COPY a, line 12: "x"', sql)).toBe(12)
  expect(failedCopyLine('COPY b, line 12: "x"', undefined)).toBe(12)
  expect(failedCopyLine('COPY b, line 12: "x"', sql)).toBeUndefined()
  expect(failedCopyLine(undefined, sql)).toBeUndefined()
})

test('a failure of COPY without a line is at its statement', () => {
  const fields = { where: 'SQL statement "SELECT 1 FROM ONLY a"' }
  expect(place('\ncopy a from stdin;\n1\n', fields, data)).toMatchObject({ line: 2, column: 1 })
})

const block = 'PL/pgSQL function inline_code_block line'

test.each<[string, string, FailureFields, number, number]>([
  ['line 1 is that of the quote', 'do $$begin raise x;\nend$$;', { where: `${block} 1 at RAISE` }, 1, 6],
  ['a line', '\ndo $a$\nbegin\n\t raise x;\nend $a$;', { where: `${block} 3 at RAISE` }, 4, 3],
  ['a blank line', 'do $$\n\nend$$;', { where: `${block} 2 at RAISE` }, 2, 1],
  ['a line that is not there', 'do $$\n\nend$$;', { where: `${block} 9 at RAISE` }, 1, 1],
  ['LANGUAGE before', `do language 'plpgsql' $$\nbegin\nraise x; end$$;`, { where: `${block} 3 at RAISE` }, 3, 1],
  ['quotes', `do 'begin\n  raise ''x'';\nend';`, { where: `${block} 2 at RAISE` }, 2, 3],
  ['escapes', `do E'\\nbegin\\n  raise ''x'';\\nend';`, { where: `${block} 3 at RAISE` }, 1, 17],
  ['a continued string', `do 'begin\n'\n  'raise x;\nend';`, { where: `${block} 2 at RAISE` }, 3, 4],
  [
    'the outermost block',
    'do $$\nbegin\n  do x; end$$;',
    { where: `${block} 7 at RAISE\n${block} 3 at SQL statement` },
    3,
    3,
  ],
  ['no line', 'do $$ begin end$$;', { where: 'PL/pgSQL function inline_code_block during x' }, 1, 7],
  [
    'a function that it calls',
    'do $$\nbegin\n  perform a(); end$$;',
    {
      where: `PL/pgSQL function a() line 9 at RAISE\nSQL statement "SELECT a()"\n${block} 3 at PERFORM`,
      internalQuery: 'a',
      internalPosition: '1',
    },
    3,
    3,
  ],
  [
    'a query',
    'do $$\nbegin\n  select é, nope; end$$;',
    { where: `${block} 3 at SQL statement`, internalQuery: 'select é, nope', internalPosition: '11' },
    3,
    13,
  ],
  [
    'a later line of a query',
    'do $$\nbegin\n  x := nope; y := 1 +\n   nope; end$$;',
    { where: `${block} 3 at assignment`, internalQuery: 'y := 1 +\n   nope', internalPosition: '13' },
    4,
    4,
  ],
  [
    'an expression behind a longer word',
    'do $$\nbegin\n  if x.nopes and\n    nope then null; end if; end$$;',
    { where: `${block} 3 at IF`, internalQuery: 'nope', internalPosition: '1' },
    4,
    5,
  ],
  [
    'PERFORM, which became SELECT',
    'do $$\nbegin\n  perform a\n  from x; end$$;',
    { where: `${block} 3 at PERFORM`, internalQuery: 'SELECT a\n  from x', internalPosition: '17' },
    4,
    8,
  ],
  [
    'INTO, which became blank',
    'do $$\nbegin\n  select a\n into b from x; end$$;',
    { where: `${block} 3 at SQL statement`, internalQuery: 'select a\n        from x', internalPosition: '23' },
    4,
    14,
  ],
  [
    'a query that is not in the body',
    `do $$\nbegin\n  execute 'select ' || 'nope'; end$$;`,
    { where: `${block} 3 at EXECUTE`, internalQuery: 'select nope', internalPosition: '8' },
    3,
    3,
  ],
  [
    'a routine that does not compile, in escapes',
    `create function f() returns int language plpgsql as E'\\nbegin\\n  foo ''x'';\\nend';`,
    { internalQuery: `\nbegin\n  foo 'x';\nend`, internalPosition: '10' },
    1,
    66,
  ],
  [
    'a routine that does not compile near a line',
    'create function f() returns int language plpgsql as $$\nbegin\n  x; end$$;',
    { where: 'compilation of PL/pgSQL function "f" near line 3' },
    3,
    3,
  ],
])('the place in a body: %s', (_, script, fields, line, column) => {
  expect(place(script, fields)).toMatchObject({ file: 'a.sql', line, column })
})
