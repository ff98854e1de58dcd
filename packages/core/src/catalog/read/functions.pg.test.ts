import { expect, test } from 'vitest'
import { copySchema } from '../../../../../tests/support/schema.ts'

test('functions and procedures are the same with all that is said of them', async () => {
  const { schema, copy } = await copySchema(`
    create table people (id int primary key, name text);
    create function plain(a int, b int default 2, variadic rest int[] default '{}') returns int language sql return a + b;
    create function "With Quotes"(inout x int, out y text) language plpgsql as $body$ begin y := '$function$ \\ '''; end $body$;
    create function rows_of(name text) returns table (id int, other text) language sql stable strict security definer leakproof
      parallel restricted cost 7 rows 12 set search_path = public, "$user", pg_temp set work_mem = '1MB' set datestyle = 'ISO, DMY'
      as 'select id, people.name from people';
    create function atomic(int) returns setof people language sql immutable parallel safe
      begin atomic select * from people where id = $1; select * from people; end;
    create function counted(internal) returns internal language internal as 'generate_series_int4_support';
    create function numbers(int, int) returns setof int language internal support counted as 'generate_series_int4';
    create function position_in_window() returns bigint language internal window as 'window_row_number';
    create procedure work(in a int, inout b text, out c int) language plpgsql set statement_timeout = '0' as 'begin c := 1; end';
    create procedure work(text) language sql begin atomic insert into people values (1, $1); delete from people; end;
    comment on function plain is 'plain';
    comment on procedure work(text) is 'works';`)
  expect(copy).toEqual(schema)
  const kinds = schema.objects.map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'function')).toHaveLength(7)
  expect(kinds.filter((kind) => kind === 'procedure')).toHaveLength(2)
})

test('aggregates are the same with every option', async () => {
  const { schema, copy, text } = await copySchema(`
    create schema other;
    create operator other.<<< (leftarg = int, rightarg = int, function = int4lt);
    create aggregate total(int) (sfunc = int4pl, stype = int, sspace = 8, initcond = '0', combinefunc = int4pl, parallel = safe,
      msfunc = int4pl, minvfunc = int4mi, mstype = int, msspace = 9, minitcond = '0');
    create aggregate every_row(*) (sfunc = int8inc, stype = bigint, initcond = '0', parallel = restricted);
    create aggregate average(numeric) (sfunc = numeric_avg_accum, stype = internal, finalfunc = numeric_avg, finalfunc_modify = shareable,
      combinefunc = numeric_avg_combine, serialfunc = numeric_avg_serialize, deserialfunc = numeric_avg_deserialize,
      msfunc = numeric_avg_accum, minvfunc = numeric_accum_inv, mstype = internal, mfinalfunc = numeric_avg,
      mfinalfunc_modify = read_write);
    create aggregate smallest(int) (sfunc = int4smaller, stype = int, sortop = operator(other.<<<));
    create aggregate share(float8 order by "any") (sfunc = ordered_set_transition, stype = internal,
      finalfunc = percentile_disc_final, finalfunc_extra);
    create aggregate my_rank(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi, stype = internal,
      finalfunc = rank_final, finalfunc_extra, hypothetical);
    comment on aggregate every_row(*) is 'all';
    comment on aggregate share(float8 order by "any") is 'a share';`)
  expect(copy).toEqual(schema)
  expect(schema.objects.filter(({ kind }) => kind === 'aggregate')).toHaveLength(6)
  expect(text).toContain('SORTOP = OPERATOR(other.<<<)')
})
