import { expect, test } from 'vitest'
import { copySchema } from '../../../../../tests/support/schema.ts'

test('types of every kind are the same in a database that is made from what was read', async () => {
  const { schema, copy, text } = await copySchema(`
    create schema "Types";
    create type "Types".point3 as (x int, "Y" numeric(10, 2), label varchar(20) collate "C", many text[]);
    comment on type "Types".point3 is 'three''s a \\ crowd';
    comment on column "Types".point3."Y" is 'up';
    create type "Types".nothing as ();
    create type mood as enum ('sad', 'ok', 'it''s "good"');
    alter type mood add value 'so so' before 'ok';
    create type never as enum ();
    create domain code as varchar(3) collate "C" default 'abc' not null constraint short check (length(value) = 3) check (value <> 'xyz');
    comment on domain code is 'a code';
    comment on constraint short on domain code is 'ISO';
    alter domain code add constraint later check (value <> 'old') not valid;
    create domain named as int constraint must not null;
    comment on constraint must on domain named is 'it must';
    create domain list as mood[];
    create domain of_domain as code;
    create type label_range as range (subtype = text, collation = "C", subtype_opclass = text_pattern_ops,
      multirange_type_name = label_ranges);
    create type step;
    create function step_in(cstring) returns step language internal immutable strict as 'int4in';
    create function step_out(step) returns cstring language internal immutable strict as 'int4out';
    create function step_receive(internal) returns step language internal immutable strict as 'int4recv';
    create function step_send(step) returns bytea language internal immutable strict as 'int4send';
    create function step_modifier(cstring[]) returns int language internal immutable strict as 'bpchartypmodin';
    create function step_modifier_out(int) returns cstring language internal immutable strict as 'bpchartypmodout';
    create type step (internallength = 4, input = step_in, output = step_out, receive = step_receive, send = step_send,
      typmod_in = step_modifier, typmod_out = step_modifier_out, passedbyvalue, alignment = int4, storage = plain, category = 'x',
      preferred = true, default = '7', delimiter = ';', collatable = false);
    create type long_text;
    create function long_text_in(cstring) returns long_text language internal immutable strict as 'textin';
    create function long_text_out(long_text) returns cstring language internal immutable strict as 'textout';
    create type long_text (input = long_text_in, output = long_text_out, like = text, collatable = true);
    create type step_span;
    create function step_span_whole(step_span) returns step_span language internal immutable strict as 'int4range_canonical';
    create function gap(int, int) returns float8 language sql immutable as 'select $1 - $2';
    create type step_span as range (subtype = int, canonical = step_span_whole, subtype_diff = gap);
    create type promised;
    create type tree as (node int, code code);
    create table uses (a mood default 'ok', b step_span, c code[], d "Types".point3);`)
  expect(copy).toEqual(schema)
  expect(schema.uncovered).toEqual([])
  expect(text).toContain('CREATE TYPE public.step;\n')
  const ids = schema.objects.map(({ id }) => id)
  expect(ids).toEqual(expect.arrayContaining(['type public.promised', 'range public.label_range', 'enum public.mood']))
  expect(ids.filter((id) => id.startsWith('function'))).not.toContainEqual(expect.stringContaining('label_range'))
  expect(schema.objects.find(({ id }) => id === 'enum public.mood')?.detail).toEqual({
    kind: 'enum',
    labels: ['sad', 'so so', 'ok', `it's "good"`],
  })
})

test('collations and conversions are the same', async () => {
  const { schema, copy } = await copySchema(`
    create collation same (provider = libc, locale = 'C');
    create collation apart (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
    create collation built (provider = builtin, locale = 'C.UTF-8');
    create collation natural_order (provider = icu, locale = 'en-u-kn-true', deterministic = false);
    create collation ruled (provider = icu, locale = 'und', rules = '&V << w <<< W');
    comment on collation ruled is 'Swedish, of old';
    create conversion old_latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
    create default conversion "New" for 'UTF8' to 'LATIN1' from utf8_to_iso8859_1;
    comment on conversion old_latin is 'from Latin';`)
  expect(copy).toEqual(schema)
  expect(schema.objects.filter(({ kind }) => kind === 'collation' || kind === 'conversion')).toHaveLength(7)
})
