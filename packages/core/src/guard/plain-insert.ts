import { Tokens } from '../script/tokens.ts'

const literals = ['NULL', 'TRUE', 'FALSE', 'DEFAULT']
const queries = ['SELECT', 'WITH', 'TABLE', 'EXECUTE']
const signs = '(),-+'

/**
 * Whether a text is one INSERT … VALUES of literals, as dumps are full of. There is nothing in it to find, and the parser would
 * make a tree of every value. Whatever is less plain than that is left to the parser.
 */
export function isPlainInsert(text: string): boolean {
  if (!/^\s*insert\s/i.test(text)) return false
  const bytes = Buffer.from(text)
  const tokens = new Tokens(bytes)
  if (!tokens.takeWord('INSERT') || !tokens.takeWord('INTO')) return false
  while (!tokens.takeWord('VALUES')) {
    // The table and its columns.
    const token = tokens.take()
    const named = token?.kind === 'quoted' || (token?.kind === 'word' && !queries.includes(token.text))
    if (!named && !(token?.kind === 'symbol' && '.,()'.includes(token.text))) return false
  }
  while (!tokens.atEnd) {
    const { kind, text, from, to } = tokens.take()!
    const literal =
      kind === 'number' ||
      (kind === 'word' && literals.includes(text)) ||
      (kind === 'symbol' && signs.includes(text)) ||
      // No prefix and no escape: there is one way to read it.
      (kind === 'string' && bytes[from] === 0x27 && !bytes.subarray(from, to).includes(0x5c))
    if (!literal) return false
  }
  tokens.take()
  return tokens.next === undefined
}
