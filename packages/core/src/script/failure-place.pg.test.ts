import { Client, DatabaseError } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../../../tests/support/database.ts'
import type { Location } from '../errors.ts'
import { annotateContext, placeOfFailure, RoutineBodies } from './failure-place.ts'
import { splitScript } from './scan.ts'

let client: Client

beforeAll(async () => {
  const { clientConfig } = await testDatabase()
  client = new Client(clientConfig)
  await client.connect()
  await client.query('create table a (id int primary key, b text)')
})

afterAll(() => client.end())

beforeEach(() => client.query('begin'))

afterEach(() => client.query('rollback'))

/** Runs a script up to the statement that fails, and says where that is and what its context is. */
async function failureOf(script: string): Promise<{ place: Location; context: string | undefined; message: string }> {
  const items = splitScript(script, { file: 'a.sql' })
  const bodies = new RoutineBodies()
  for (const statement of items) {
    if (statement.kind !== 'statement') continue
    bodies.note(statement)
    try {
      await client.query(statement.text)
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error
      const place = placeOfFailure(statement, error, { file: 'a.sql', line: 0, column: 0 })
      return { place, message: error.message, context: error.where && annotateContext(error.where, bodies) }
    }
  }
  throw new Error('the script did not fail')
}

test.each([
  // What the server gives a position for.
  ['a syntax error', 'select 1;\n/* a */ select é\n fro m;', 3, 6],
  ['an unknown column', `select 'é🙂',\n  nope from a;`, 2, 3],
  [
    'plpgsql that does not parse',
    'create function f() returns int\nlanguage plpgsql as $$\nbegin\n  foo bar;\nend $$;',
    4,
    3,
  ],
  ['the same in quotes', `create function f() returns int\nlanguage plpgsql as '\nbegin\n  foo ''bar'';\nend ';`, 4, 3],
  [
    'the same in escapes',
    `create function f() returns int\nlanguage plpgsql as E'\\nbegin\n  foo ''bar'';\\nend ';`,
    3,
    3,
  ],
  [
    'a type that is not there',
    'create function f() returns int\nlanguage plpgsql as $$\ndeclare\n  x nosuch;\nbegin end $$;',
    4,
    5,
  ],
  [
    'a return without a value',
    'create function f() returns int\nlanguage plpgsql as $$\nbegin\n  return;\nend $$;',
    4,
    9,
  ],
  ['a body in SQL', 'create function f() returns int\nlanguage sql as $$\n  select 1;\n  select nope\n$$;', 4, 10],
  [
    'the same in quotes',
    `create function f() returns int\nlanguage sql as '\n  select ''1'';\n  select nope\n';`,
    4,
    10,
  ],
  ['BEGIN ATOMIC', 'create function f() returns int begin atomic\n  select 1;\n  select nope;\nend;', 3, 10],
  ['a procedure', 'create procedure f()\nlanguage plpgsql as $$\nbegin\n  commit nope;\nend $$;', 4, 10],
  ['a DO block that does not parse', 'do $$\nbegin\n  foo bar;\nend $$;', 3, 3],
  ['the same in escapes', `do E'\\nbegin\n  foo ''x'';\\nend ';`, 2, 3],
  ['a declaration twice', 'do $$\ndeclare x int;\n  x int;\nbegin end $$;', 3, 3],
  // What it gives a line of a body for.
  ['RAISE', `do $$\nbegin\n  raise exception 'x';\nend $$;`, 3, 3],
  ['RAISE on the line of the quote', `\ndo $$ begin raise exception 'x'; end $$;`, 2, 7],
  ['RAISE in a body that starts at once', `do $$begin\n  raise exception 'x';\nend $$;`, 2, 3],
  ['RAISE in lines of Windows', `do $$\r\nbegin\r\n  raise exception 'x';\r\nend $$;\r\n`, 3, 3],
  ['RAISE in quotes', `do '\nbegin\n  raise exception ''x'';\nend ';`, 3, 3],
  ['RAISE in escapes', `do E'\\nbegin\\n  raise exception ''x'';\\nend ';`, 1, 17],
  ['RAISE in a continued string', `do 'begin\n'\n'  raise exception ''x'';\nend ';`, 3, 4],
  ['RAISE, LANGUAGE first', `do language plpgsql $$\nbegin\n  raise exception 'x';\nend $$;`, 3, 3],
  ['division by zero', 'do $$\nbegin\n  perform 1/0;\nend $$;', 3, 3],
  ['a declaration that fails', 'do $$\ndeclare\n  x int := 1/0;\nbegin end $$;', 3, 3],
  ['a constraint', 'do $$\nbegin\n  insert into a\n  values (null);\nend $$;', 3, 3],
  [
    'a block within a block',
    `do $$\nbegin\n  begin\n    do $b$ begin\n\n perform 1/0; end $b$;\n  end;\nend $$;`,
    4,
    5,
  ],
  // What it gives a place in a query of a body for.
  ['a query', 'do $$\nbegin\n  perform 1;\n  update a\n  set é = 1; end $$;', 5, 7],
  ['PERFORM', 'do $$\nbegin\n  perform nope\n  from x;\nend $$;', 4, 8],
  ['INTO', 'do $$\ndeclare x int;\nbegin\n  select id\n    into strict x from nope;\nend $$;', 5, 24],
  [
    'INTO over two lines',
    'do $$\ndeclare x int; y int;\nbegin\n  select id, 1 into x,\n    y from nope;\nend $$;',
    5,
    12,
  ],
  ['an assignment', 'do $$\ndeclare x int;\nbegin\n  x := 1 +\n    nope;\nend $$;', 5, 5],
  ['IF', 'do $$\nbegin\n  if\n    nope then null; end if;\nend $$;', 4, 5],
  ['FOR', 'do $$\ndeclare r record;\nbegin\n  for r in\n    select nope loop null; end loop;\nend $$;', 5, 12],
  ['EXECUTE of a string', `do $$\nbegin\n  execute 'select ' || 'nope';\nend $$;`, 3, 3],
  ['a query in quotes', `do '\nbegin\n  perform ''x'',\n    nope;\nend ';`, 4, 5],
  // What it gives no place for.
  ['a language that is not there', '\n/* a */ do language nolang $$ $$;', 2, 9],
  ['a body in SQL of another type', `create function f() returns int language sql as $$ select 'a'::text $$;`, 1, 1],
  ['a constraint of a table', '-- a\n/* b */\ninsert into a\nvalues (null);', 3, 1],
  [
    'a function that fails',
    `create function f() returns int language plpgsql as $$begin return 1/0; end$$;\nselect\nf();`,
    2,
    1,
  ],
])('the place of %s', async (_, script, line, column) => {
  const { place, message, context } = await failureOf(script)
  expect({ ...place, message, context }).toMatchObject({ line, column })
  expect(place.text).toBe(script.split(/\r?\n/)[line - 1])
})

test('the context of a later statement gets the places of what the script has created', async () => {
  const { place, context } = await failureOf(`
create function inner_one(a int, b varchar(3) default 'x') returns int language plpgsql as $$
begin
  return 1 / (a - a);
end $$;
create function inner_one(a text) returns int language plpgsql as $$ begin return 1; end $$;
create function outer_one() returns trigger language plpgsql as $$
begin

  perform inner_one(1);
  return new;
end $$;
create function in_sql() returns int language sql as $$
  select 1;
  insert into a values (1) returning id;
$$;
create trigger t before insert on a for each row execute function outer_one();
create procedure "My Proc"(out x int, inout y numeric(5,2), variadic z timestamptz[]) language plpgsql as $$
begin
  x := in_sql();
end $$;

do $$
declare
  i int;
  n numeric;
begin
  call "My Proc"(i, n, now());
end $$;
`)
  expect(place).toMatchObject({ line: 28, column: 3, text: '  call "My Proc"(i, n, now());' })
  expect(context).toMatchInlineSnapshot(`
    "PL/pgSQL function inner_one(integer,character varying) line 3 at RETURN (a.sql:4)
    SQL statement "SELECT inner_one(1)"
    PL/pgSQL function outer_one() line 4 at PERFORM (a.sql:10)
    SQL function "in_sql" statement 2 (a.sql:13)
    PL/pgSQL function "My Proc"(numeric,timestamp with time zone[]) line 3 at assignment (a.sql:20)
    SQL statement "call "My Proc"(i, n, now())"
    PL/pgSQL function inline_code_block line 6 at CALL"
  `)
})
