import { createHash } from 'node:crypto'

const maxLength = 32

// What Unicode does not take apart into a letter and a mark.
const folded: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
}

/** Whether the table takes it as it is. */
export function isHandle(text: string): boolean {
  return /^[A-Za-z0-9_]{1,32}$/.test(text)
}

/**
 * The handle that somebody asked for: `preferred_username`, or the name they sign in with. Undefined where they chose none:
 * then Cognito's user name is a uuid, an e-mail address, a telephone number, or what another provider calls them.
 */
export function wishedHandle(userName: string, attributes: Readonly<Record<string, string>>): string | undefined {
  const preferred = attributes['preferred_username']?.trim()
  if (preferred) return preferred
  const chosen =
    attributes['identities'] === undefined && !/@|^\+\d|^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(userName)
  return chosen && userName !== '' ? userName : undefined
}

/** Handles to try, in this order; the same ones whenever they are asked for. All are valid, and no two the same. */
export function proposeHandles(wish: string, sub: string): string[] {
  const base = foldHandle(wish) || 'user'
  const chance = createHash('sha256').update(sub).digest('hex')
  const suffixes = ['', '_2', '_3', ...[4, 6, 8, 12].map((length) => `_${chance.slice(0, length)}`)]
  return [...new Set(suffixes.map((suffix) => base.slice(0, maxLength - suffix.length) + suffix))]
}

/** Writes a text in the letters of a handle, as `Miles O’Brien` to `Miles_OBrien`; empty where it has none of them. */
function foldHandle(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\p{M}'’‘`]/gu, '')
    .replace(/[^\p{ASCII}]/gu, (character) => folded[character] ?? ' ')
    .replace(/[^A-Za-z0-9_]+/g, ' ')
    .trim()
    .replaceAll(' ', '_')
    .slice(0, maxLength)
}
