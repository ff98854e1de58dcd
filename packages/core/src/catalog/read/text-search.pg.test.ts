import { expect, test } from 'vitest'
import { copySchema } from '../../../../../tests/support/schema.ts'

test('text search is the same: parsers, templates, dictionaries and configurations', async () => {
  const { schema, copy, text } = await copySchema(`
    create schema search;
    create text search parser search.words (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype,
      headline = prsd_headline);
    comment on text search parser search.words is 'words';
    create text search template search.plain (init = dsimple_init, lexize = dsimple_lexize);
    create text search template search.bare (lexize = dsimple_lexize);
    create text search dictionary search.stop (template = search.plain, accept = false, stopwords = 'english');
    create text search dictionary "Stems" (template = snowball, language = 'english');
    create text search dictionary bare_words (template = search.bare);
    create text search configuration search.all_words (parser = search.words);
    alter text search configuration search.all_words add mapping for asciiword, word with search.stop, "Stems", simple;
    alter text search configuration search.all_words add mapping for hword_part with english_stem;
    create text search configuration like_english (copy = english);
    comment on text search configuration like_english is 'copied';`)
  expect(copy).toEqual(schema)
  expect(schema.objects.filter(({ kind }) => kind.startsWith('text search'))).toHaveLength(8)
  expect(text).toContain('ADD MAPPING FOR asciiword WITH search.stop, public."Stems", simple')
})
