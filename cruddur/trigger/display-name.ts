const maxCodePoints = 50

/** The name that is shown: `name`, or the given and the family name. Undefined where there is nothing to see in it. */
export function makeDisplayName(attributes: Readonly<Record<string, string>>): string | undefined {
  const { name, given_name: given = '', family_name: family = '', preferred_username: preferred = '' } = attributes
  return [name ?? '', `${given} ${family}`, preferred].map(tidy).find(isVisible)
}

/** Without line breaks, control characters and what turns the direction of the text around it. */
function tidy(text: string): string {
  const clean = text
    .normalize('NFC')
    .replace(/[\p{Cs}\p{Co}\p{Cn}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
  return cut(clean).trim()
}

/** PostgreSQL counts code points; what people see as one character is not cut in two. */
function cut(text: string): string {
  let kept = ''
  let count = 0
  for (const { segment } of new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(text)) {
    count += [...segment].length
    if (count > maxCodePoints) break
    kept += segment
  }
  return kept
}

function isVisible(text: string): boolean {
  return /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\p{C}]/u.test(text)
}
