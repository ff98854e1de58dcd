import { expect, test } from 'vitest'
import { annotateContext, RoutineBodies } from './failure-place.ts'
import { splitScript } from './scan.ts'

function bodiesOf(script: string, limit?: number, variables = new Map<string, string>()): RoutineBodies {
  const bodies = new RoutineBodies(limit)
  for (const item of splitScript(script, { file: 'a.sql', variables })) if (item.kind === 'statement') bodies.note(item)
  return bodies
}

const overloads = `
create function add(a int) returns int language plpgsql as $$
begin end $$;
create function add(a int, varchar(3) default 'x,)') returns int as '
begin end' language plpgsql;
create or replace function "S".add(in timestamptz, b timestamp(3) without time zone, c double precision,
  variadic d pg_catalog.int8[]) returns int language plpgsql as $$
begin end $$;
create procedure "My ""Proc"""(out x int, inout y numeric(5,2), z s."MyT"[], interval second(2), "char", t.a%type)
language plpgsql as $_$
begin end $_$;
create function trg() returns trigger language plpgsql as $$ begin end $$;
create function old() returns int language sql as $$
  select 1 $$;
create function new(a int) returns int begin atomic select 1; end;
create function short(a int) returns int
  return a + 1;
create table add (a int);
create function c() returns int language c as 'file', 'symbol';
`

test.each([
  ['PL/pgSQL function add(integer) line 2 at SQL statement', 3],
  ['PL/pgSQL function public.add(integer,character varying) line 1 at RAISE', 4],
  ['PL/pgSQL function add(integer,character varying) line 2 at RAISE', 5],
  [
    'PL/pgSQL function "S".add(timestamp with time zone,timestamp without time zone,double precision,bigint[]) line 2 at RAISE',
    8,
  ],
  ['PL/pgSQL function "My ""Proc"""(numeric,"MyT"[],interval,"char",integer) line 2 at RAISE', 11],
  ['PL/pgSQL function "My ""Proc"""(numeric,s."MyT"[],interval,"char",integer) while storing call arguments', 10],
  ['PL/pgSQL function trg() line 1 at RAISE', 12],
  ['PL/pgSQL-Funktion add(integer) Zeile 2 bei RAISE', 3],
  ['fonction PL/pgSQL add(integer), ligne 2, à RAISE', 3],
  ['compilation of PL/pgSQL function "trg" near line 1', 12],
  ['SQL function "old" statement 1', 13],
  ['SQL function "new" during inlining', 15],
  ['SQL function "short"', 17],
  // The types of none fit: as many arguments, then the name.
  ['PL/pgSQL function add(s.odd) line 2 at RAISE', 3],
  ['PL/pgSQL function add() line 1 at RAISE', 7],
])('%s is in line %i', (contextLine, line) => {
  expect(bodiesOf(overloads).find(contextLine)).toMatchObject({ file: 'a.sql', line })
})

test.each([
  'PL/pgSQL function inline_code_block line 2 at RAISE',
  'PL/pgSQL function other(integer) line 2 at RAISE',
  'SQL function "other" statement 1',
  'SQL statement "SELECT add(1)"',
  'COPY add, line 2',
  '',
])('%j is in no routine of the script', (contextLine) => {
  expect(bodiesOf(overloads).find(contextLine)).toBeUndefined()
})

test('a schema that is not that of the script is another function', () => {
  const bodies = bodiesOf('create function a.f() returns int as $$ $$ language plpgsql;')
  expect(bodies.find('PL/pgSQL function b.f() line 1 at RAISE')).toBeUndefined()
  expect(bodies.find('PL/pgSQL function f() line 1 at RAISE')).toMatchObject({ line: 1, column: 38 })
})

test('the last of a name and its types counts, and the oldest are forgotten', () => {
  const f = (name: string) => `create or replace function ${name}(int) returns int as $$ $$ language plpgsql;\n`
  const bodies = bodiesOf(f('a') + f('b') + f('a') + f('c'), 2)
  expect(bodies.find('PL/pgSQL function a(integer) line 1 at RAISE')).toMatchObject({ line: 3 })
  expect(bodies.find('PL/pgSQL function b(integer) line 1 at RAISE')).toBeUndefined()
  expect(bodies.find('PL/pgSQL function c(integer) line 1 at RAISE')).toMatchObject({ line: 4 })
})

test('a body from a variable is where the variable is', () => {
  const variables = new Map([['body', '\nbegin\nend']])
  const bodies = bodiesOf(`\ncreate function a() returns int language plpgsql as\n :'body';`, undefined, variables)
  expect(bodies.find('PL/pgSQL function a() line 3 at RAISE')).toMatchObject({ line: 3, column: 2 })
})

test('a routine behind \\; is found', () => {
  const bodies = bodiesOf('select 1 \\; create function a() returns int language plpgsql as\n$$ $$;')
  expect(bodies.find('PL/pgSQL function a() line 1 at RAISE')).toMatchObject({ line: 2 })
})

test('the lines of a context get the places that are known', () => {
  const where =
    'PL/pgSQL function trg() line 3 at RAISE\nSQL statement "insert into\nt values (1)"\nPL/pgSQL function x() line 1 at y'
  expect(annotateContext(where, bodiesOf(overloads))).toBe(where.replace('at RAISE', 'at RAISE (a.sql:14)'))
})

test('of very many functions the newest are found', () => {
  const bodies = new RoutineBodies()
  const script = Array.from(
    { length: 20_000 },
    (_, i) => `create function f${i}(a int) returns int as $$ $$ language sql;\n`,
  )
  for (const item of splitScript(script.join(''))) if (item.kind === 'statement') bodies.note(item)
  expect(bodies.find('PL/pgSQL function f19999(integer) line 1 at RAISE')).toMatchObject({ line: 20_000 })
  expect(bodies.find('PL/pgSQL function f9999(integer) line 1 at RAISE')).toBeUndefined()
})
