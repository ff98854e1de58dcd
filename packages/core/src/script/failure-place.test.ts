import { expect, test } from 'vitest'
import type { Location } from '../errors.ts'
import { type FailureFields, placeOfFailure } from './failure-place.ts'
import { splitScript } from './scan.ts'
import type { Statement } from './statement.ts'

const command: Location = { file: 'a.sql', line: 99, column: 1 }

/** The last statement of a script. */
function statementOf(script: string): Statement {
  const statement = splitScript(script, { file: 'a.sql' }).findLast((item) => item.kind === 'statement')
  if (statement?.kind !== 'statement') throw new Error('the script has no statement')
  return statement
}

function place(script: string, fields: FailureFields): Location {
  return placeOfFailure(statementOf(script), fields, command)
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
