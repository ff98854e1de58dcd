import { decode } from '../script/failure-place-body.ts'
import { Tokens } from '../script/tokens.ts'
import type { Deed } from './deed.ts'
import { readDeeds, readStatement } from './destruction.ts'
import type { Parser } from './parser.ts'
import { type Fields, nameText, readName, stringOf, visit } from './tree.ts'

/** A body in a language, and where in the statement each of its bytes is written. */
interface Body {
  readonly language: string
  readonly code: string
  readonly place: (index: number) => number
}

/** What a DO block does. What it puts together while it runs is unknown. */
export function readBlock(fields: Fields, from: number, parser: Parser, text: string): Deed[] {
  const body = findBody(fields['args'], 'plpgsql', text)
  if (body === undefined) return [unknown('runs a block that cannot be read', from)]
  if (body.language !== 'plpgsql') return [unknown(`runs a block in ${body.language}`, from)]
  return readPlpgsql(`do ${quote(body.code)}`, body, from, parser)
}

/** What a routine will do when it is called. */
export function readRoutine(fields: Fields, from: number, parser: Parser, text: string): Deed[] {
  const routine = readName(fields['funcname'])
  const created = (deeds: readonly Deed[]): Deed[] => [
    { kind: 'creates routine', routine, deeds: deeds.flatMap(doubtful), offset: from },
  ]
  if (fields['sql_body'] !== undefined) {
    const deeds: Deed[] = []
    visit(fields['sql_body'], (type, node) => {
      if (!type.endsWith('Stmt')) return true
      deeds.push(...readStatement({ node: { [type]: node } as never, from }, parser, text))
      return false
    })
    return created(deeds)
  }
  const body = findBody(fields['options'], 'sql', text)
  if (body?.language === 'plpgsql') return created(readPlpgsql(text, body, from, parser))
  if (body?.language !== 'sql')
    return created([
      unknown(`calls ${nameText(routine)}, which is in ${body?.language ?? 'a language'} that cannot be read`, from),
    ])
  return created(readDeeds(parser, body.code).map((deed) => ({ ...deed, offset: body.place(deed.offset) })))
}

function unknown(why: string, offset: number): Deed {
  return { kind: 'unknown', why, offset }
}

/** In a body nobody knows whether it comes to a statement: what that may have made hides nothing. */
function doubtful(deed: Deed): Deed[] {
  if (deed.kind === 'creates' || deed.kind === 'prepares') return []
  return [deed.kind === 'sets search_path' ? { ...deed, path: null } : deed]
}

/** The AS and the LANGUAGE of a DO block or of a routine. */
function findBody(options: unknown, defaultLanguage: string, text: string): Body | undefined {
  let language = defaultLanguage
  let code: string | undefined
  let at = 0
  for (const { DefElem: option } of (options ?? []) as { DefElem?: Fields }[]) {
    if (option?.['defname'] === 'language') language = (stringOf(option['arg']) ?? '').toLowerCase()
    if (option?.['defname'] !== 'as') continue
    const arg = option['arg'] as { List?: { items?: unknown[] } } | undefined
    code = stringOf(arg?.List?.items?.[0] ?? arg)
    at = (option['location'] as number | undefined) ?? 0
  }
  if (code === undefined) return undefined
  const bytes = Buffer.from(text)
  const tokens = new Tokens(bytes, at)
  while (tokens.next !== undefined && tokens.next.kind !== 'string') tokens.take()
  const literal = tokens.next
  return { language, code, place: literal === undefined ? () => at : decode(bytes, literal).place }
}

function quote(code: string): string {
  let tag = '$body$'
  for (let count = 0; code.includes(tag); count++) tag = `$body${count}$`
  return `${tag}${code}${tag}`
}

/** Statements that run what they have put together. */
const dynamic = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors'])

function readPlpgsql(statement: string, body: Body, from: number, parser: Parser): Deed[] {
  let tree: unknown
  try {
    tree = parser.parseBody(statement)
  } catch (error) {
    return [unknown(`has a body that cannot be read: ${error instanceof Error ? error.message : String(error)}`, from)]
  }
  const deeds: Deed[] = []
  const code = Buffer.from(body.code).toString('latin1')
  let line = 1
  const placeOf = (query: string, within = 0) => {
    const start = lineStart(code, line)
    const at = findQuery(code, start, query)
    return body.place(at === undefined ? start : at + within)
  }
  visit(tree, (type, fields) => {
    if (typeof fields['lineno'] === 'number') line = fields['lineno']
    const made = dynamic.has(type) ? fields['query'] : fields['dynquery']
    if (made !== undefined) {
      const { query } = (made as { PLpgSQL_expr: Fields }).PLpgSQL_expr
      deeds.push(unknown('runs a statement that is put together while it runs (execute)', placeOf(String(query))))
    }
    if (type === 'PLpgSQL_stmt_commit' || type === 'PLpgSQL_stmt_rollback')
      deeds.push({ kind: 'ends transaction', rolledBack: type === 'PLpgSQL_stmt_rollback', offset: placeOf('') })
    if (type !== 'PLpgSQL_expr') return true
    const query = String(fields['query'])
    const sql = asStatement(query, Number(fields['parseMode'] ?? 0))
    for (const deed of readDeeds(parser, sql.text).flatMap(doubtful))
      deeds.push({ ...deed, offset: placeOf(query, Math.max(deed.offset - sql.added, 0)) })
    return true
  })
  // A loop's query comes behind what is in the loop.
  return deeds.sort((one, other) => one.offset - other.offset)
}

/** PL/pgSQL gives expressions and assignments without the SELECT before them. Modes are those of RawParseMode. */
function asStatement(query: string, mode: number): { text: string; added: number } {
  if (mode === 0) return { text: query, added: 0 }
  // A target may hold calls, too: it becomes a column of its own.
  const value = mode < 3 ? query : query.replace(/:?=/, (sign) => ','.padStart(sign.length))
  return { text: `select ${value}`, added: 'select '.length }
}

/** Where a line begins, at its first character that is no blank. Line 1 is that of the opening quote. */
function lineStart(code: string, line: number): number {
  let start = 0
  for (let at = 1; at < line; at++) start = code.indexOf('\n', start) + 1
  return start + /^[ \t\r\n]*/.exec(code.slice(start, start + 1000))![0].length
}

/** Finds a query in the body from a line on. INTO and its targets are blanks in it, and SELECT stands for PERFORM. */
function findQuery(code: string, start: number, query: string): number | undefined {
  const text = Buffer.from(query).toString('latin1')
  const [head = ''] = / {8,}/.test(text) ? text.split(/ {8,}/) : [text]
  const at = code.indexOf(head, start)
  if (at >= 0) return at
  const performed = head.replace(/^SELECT\s+/, '')
  const behind = performed === head ? -1 : code.indexOf(performed, start)
  return behind < 0 ? undefined : Math.max(behind - (head.length - performed.length), 0)
}
