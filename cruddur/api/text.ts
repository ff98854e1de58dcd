// C0 and C1 but the line feed, and the characters that turn the direction of what stands around them (UAX #9, section 2).
const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

// What takes no ink: ignorable code points (zero-width, fillers), and the blank of Braille.
const blank = /^[\s\p{Default_Ignorable_Code_Point}\u2800]*$/u

const lines = new Set(['message', 'bio', 'note'])

/** Brings what a person wrote into one form: well-formed Unicode in NFC, trimmed, without controls; empty where nothing can be seen. */
export function cleanText(text: string, { multiline }: { multiline: boolean }): string {
  const whole = text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
  const clean = (multiline ? whole : whole.replace(/\s+/g, ' ')).replace(control, '').normalize('NFC').trim()
  return blank.test(clean) ? '' : clean
}

/** Cleans each text of a body or query, before it is measured. What is no text is left for the schema to refuse. */
export function cleanTexts(values: unknown): void {
  if (typeof values !== 'object' || values === null) return
  const record = values as Record<string, unknown>
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string') record[name] = cleanText(value, { multiline: lines.has(name) })
  }
}
