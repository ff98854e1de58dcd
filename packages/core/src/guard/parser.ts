import type { Node, ParseResult } from 'libpg-query'

/** A statement as PostgreSQL's parser reads it. */
export interface ParsedStatement {
  readonly node: Node
  /** Where its text begins, in bytes; comments and blanks may come first. */
  readonly from: number
}

/** PostgreSQL's own parser. */
export interface Parser {
  /** Reads statements. Throws what it cannot read. */
  parse(text: string): readonly ParsedStatement[]
  /** Reads the statement that creates a routine in PL/pgSQL, or a DO block in it, and returns the tree of its body. */
  parseBody(text: string): unknown
}

let loading: Promise<Parser> | undefined

/** Loads the parser, which takes as long as starting Node does: only for a guard that needs it. */
export function loadParser(): Promise<Parser> {
  loading ??= load()
  return loading
}

async function load(): Promise<Parser> {
  const { loadModule, parseSync, parsePlPgSQLSync } = await import('libpg-query')
  await loadModule()
  return {
    parse(text) {
      // The parser would take a zero byte for the end.
      if (text.includes('\0')) throw new Error('there is a zero byte in it')
      // Blanks alone are no statement, and it does not take nothing at all.
      const { stmts = [] }: ParseResult = text === '' ? {} : parseSync(text)
      return stmts.flatMap(({ stmt, stmt_location: from = 0 }) => (stmt === undefined ? [] : [{ node: stmt, from }]))
    },
    parseBody: (text) => parsePlPgSQLSync(text),
  }
}
