type Random = (below: number) => number

/** What may be in a random script beside what always may. */
export interface Freedoms {
  /** Statements that fail, at any place. */
  errors: boolean
  /** BEGIN, COMMIT and ROLLBACK of its own. */
  transactions: boolean
  /**
   * What psql does right from 18 on: COPY of CSV, on whose end it disagrees before with a server from 18 on, and the data of a
   * COPY that failed, which it ran as statements.
   */
  modern: boolean
}

const pieces = [
  'one',
  `'`,
  ';',
  '--',
  '/*',
  '*/',
  '$$',
  '"',
  '\\',
  ':v1',
  `:'v1'`,
  ':"v2"',
  '日本',
  'é',
  '👍',
  'x',
  '\t',
  ' ',
  '\n',
]

// psql 18.6 takes a statement without a word for another COPY when it comes next after the data of one.
const dataEnd = '\\.\nreset work_mem;\n'

/** A script of statements and commands that psql runs, most of them without an error. */
export function randomScript(random: Random, freedoms: Freedoms): string {
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)]!
  const chance = (one: number): boolean => random(one) === 0
  const text = (): string => Array.from({ length: random(5) }, () => pick(pieces)).join('')
  const number = (): string => String(random(2000) - 500)
  const table = (): string => `t${random(3)}`
  const name = (): string => pick(['v1', 'v2', 'v3', 'é'])

  /** The same value, quoted in one of the ways there are. */
  function literal(value = text()): string {
    const doubled = value.replaceAll(`'`, `''`)
    switch (random(5)) {
      case 0:
        return `E'${doubled.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}'`
      case 1:
        return value.includes('$') || value.endsWith('q') ? `'${doubled}'` : `$q$${value}$q$`
      case 2:
        return value.includes('\\') ? `'${doubled}'` : `U&'${doubled}'`
      case 3:
        return value.includes('$') ? `'${doubled}'` : `$$${value}$$`
      default:
        return `'${doubled}'`
    }
  }

  function comment(): string {
    return pick([' ', ' ', ' ', '\n', '\t', ' -- a; \'comment"\n', " /* a; /* nested; */ $$ ' */ ", '\n\n', ' --\n'])
  }

  function expression(): string {
    return pick([
      () => number(),
      () => literal(),
      () => `${number()}.5 * ${number()}`,
      () => 'null',
      () => `array[${number()}, ${number()}]`,
      () => `(array[1,2,3])[1:2]`,
      () => `(select count(*) from t0)`,
      () => `${literal()}::text`,
      () => `(case when ${random(3)} > 1 then 'a' end)`,
      () => `true`,
      () => `length(${literal()})`,
      () => `:{?v1}`,
      () => `'{"a": ";"}'::jsonb`,
    ])()
  }

  function select(): string {
    const columns = Array.from({ length: 1 + random(4) }, (_, nth) => {
      const alias = chance(3) ? ` as ${pick(['n', '"wide; column"', '"日本"', '"a""b"', 'ok'])}` : ` as c${nth}`
      return `${expression()}${alias}`
    })
    const from = pick(['', '', ' from generate_series(1, 3) g', ' where false'])
    return `select${comment()}${columns.join(`,${comment()}`)}${from}`
  }

  function copyRow(): string {
    const value = chance(6)
      ? '\\N'
      : text().replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '')
    return `${random(100)}\t${value}\n`
  }

  function rows(): string {
    return Array.from({ length: random(6) }, copyRow).join('')
  }

  const statement = (): string =>
    pick([
      () => `insert into ${table()} (a, b) values (${number()},${comment()}${literal()});\n`,
      () =>
        `insert into ${table()} (a, b)${comment()}select n, ${literal()} from generate_series(1, ${random(5)}) n;\n`,
      () => `update ${table()} set b = ${literal()}${comment()}where a % 3 = 0;\n`,
      () => `delete from ${table()} where a > ${number()};`,
      () => `${select()};\n`,
      () => `${select()};${comment()}${select()};\n`,
      () => `${select()} \\; ${select()} \\; insert into ${table()} values (${number()});\n`,
      () => `${select()} \\g\n`,
      () => `${select()} \\gx\n`,
      () => `;${comment()};\n`,
      () => `table ${table()} order by a, b;\n`,
      () => `(${select()}) limit 2;\n`,
      () => `values (1, ${literal()}), (2, ${literal()});\n`,
      () => `do $do$ begin insert into ${table()} values (${number()}, ${literal(pick(['a;', 'x']))}); end; $do$;\n`,
      () => `create or replace function f() returns int language sql as $$ select ${number()}; $$; select f();\n`,
      () =>
        `create or replace function g(n int) returns int begin atomic select case when n > 1 then 2 end; end; select g(3);\n`,
      () => `copy ${table()} from stdin;\n${rows()}${dataEnd}`,
      () => `copy ${table()} (a, b) from stdin;${comment().replaceAll('\n', ' ')}\n${rows()}${dataEnd}`,
      () => `copy (select a, b from ${table()} order by a, b) to stdout;\n`,
      () => `\\copy ${table()} from stdin\n${rows()}${dataEnd}`,
      () => `\\copy (select ${literal(pick(['a;b', 'é']))}) to stdout\n`,
    ])()

  const command = (): string =>
    pick([
      () =>
        `\\set ${name()} ${pick(['1', 'abc', `'a b'`, `'it''s'`, `'a\\\\b'`, `'x;y'`, 'a b c', ':v1', `:'v2'`, `1 ;`])}\n`,
      () => `\\set v1 ${number()}\nselect :v1 + 1 as sum, :'v1', ${literal()};\n`,
      () => `\\set v2 t1\nselect count(*) from :"v2"; table :v2 order by 1, 2;\n`,
      () => `\\unset ${name()}\n`,
      () =>
        `\\echo ${pick([':v1', `:'v2'`, `'a''b\\n'`, '"x y"', ':{?v1}', '-n a', 'a; b', ''])} ${pick(['', 'z', ':v3'])}\n`,
      () => `\\echo a ${pick(['\\\\', '\\\\ '])} select ${number()} as same_line;\n`,
      () => `\\qecho ${pick(['a', ':v1'])}\n`,
      () => `\\warn ${pick(['a', ':v1'])}\n`,
      () =>
        `select ${number()} as v1, ${literal(pick(['a', 'é;', `it's`]))} as v2, null as v3 \\gset\n\\echo :v1 :'v2' :v3\n`,
      () => `select ${number()} as v1 \\gset p_\n\\echo :p_v1\n`,
      () =>
        `select format('insert into %I values (%s, %L)', 't' || n % 3, n, ${literal(pick(['a;', '\\', `'`]))}) from generate_series(1, 3) n\n\\gexec\n`,
      () => `select 'select ' || n, null, 'select ''x;y''' from generate_series(1, 2) n \\gexec\n`,
      () => `\\pset null ${pick(['', '(null)', `'~'`])}\n`,
      () => `\\pset format ${pick(['aligned', 'aligned', 'unaligned', 'csv'])}\n`,
      () => `\\pset tuples_only ${pick(['on', 'off', 'off'])}\n`,
      () => `\\pset border ${pick(['0', '1', '2'])}\n`,
      () => `\\x ${pick(['on', 'off', 'off'])}\n`,
      () => `\\r\n`,
      () => `select 1 +\n\\echo within\n1 as two;\n`,
      () => `select 'a'\n\\r\nselect 'b' as b;\n`,
    ])()

  const failing = (): string =>
    pick([
      () => `select nope;\n`,
      () => `select 1/0;\n`,
      () => `insert into t0 values ('x');\n`,
      () => `selct 1;\n`,
      () => `select (1;\n`,
      () => `select 1);\n`,
      () => `copy t1 from stdin;\n${copyRow()}x\ty\n${copyRow()}${dataEnd}`,
      () => `select 1 \\; select nope \\; select 2;\n`,
      () => `select n as v1 from generate_series(1, 2) n \\gset\n`,
      () => `select 'selct', 'insert into t0 values (7)' \\gexec\n`,
      () => `do $$ begin raise exception 'no; '; end $$;\n`,
      () => `select :unset;\n`,
    ])()

  const lostCopy = (): string => `copy nope from stdin;\n1;\nselect 2;\n${dataEnd}`

  const transaction = (): string =>
    pick(['begin;\n', 'commit;\n', 'rollback;\n', 'begin; savepoint s; ', 'rollback to s;\n'])

  const csv = (): string => {
    const row = () => `${random(9)},"${text().replaceAll('"', '""')}"\n`
    return `copy ${table()} from stdin with (format csv);\n${Array.from({ length: random(4) }, row).join('')}${dataEnd}`
  }

  const condition = (): string => pick(['true', 'false', '1', '0', 'on', 'no', ':{?v1}', ':{?v3}', 'TRUE'])

  function branch(depth: number): string {
    const middle = chance(2) ? `\\elif ${condition()}\n${block(depth - 1)}` : ''
    const last = chance(2) ? `\\else\n${block(depth - 1)}` : ''
    return `\\if ${condition()}\n${block(depth - 1)}${middle}${last}\\endif\n`
  }

  function block(depth: number): string {
    let made = ''
    for (let left = 1 + random(depth === 3 ? 25 : 4); left > 0; left--) {
      const kind = random(20)
      // In a branch that is not taken the rows of a COPY would be read as SQL, with all their quotes.
      const start = made.length
      if (kind === 0 && depth > 0) made += branch(depth)
      else if (kind === 1 && freedoms.errors) made += failing()
      else if (kind === 2 && freedoms.transactions) made += transaction()
      else if (kind === 3 && freedoms.modern) made += freedoms.errors && chance(5) ? lostCopy() : csv()
      else if (kind < 12) made += statement()
      else made += command()
      if (depth < 3 && made.includes(dataEnd, start)) made = made.slice(0, start)
      if (chance(6)) made += comment()
    }
    return made
  }

  const setup = [0, 1, 2].map((nth) => `create table if not exists t${nth} (a int, b text);\n`).join('')
  let script = setup + block(3)
  if (chance(4)) script = script.replace(/;?\n+$/, '')
  if (chance(8)) script = `\uFEFF${script}`
  return chance(8) ? script.replaceAll('\n', '\r\n') : script
}
