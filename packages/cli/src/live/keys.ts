/** A key of the keyboard: a character, or one of these names. */
export type Key = string

const sequences: Readonly<Record<string, Key>> = {
  '[A': 'up',
  OA: 'up',
  '[B': 'down',
  OB: 'down',
  '[C': 'right',
  '[D': 'left',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[H': 'home',
  OH: 'home',
  '[1~': 'home',
  '[F': 'end',
  OF: 'end',
  '[4~': 'end',
  '[3~': 'delete',
}

const controls: Readonly<Record<string, Key>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\u007F': 'backspace',
  '\b': 'backspace',
  '\u0003': 'interrupt',
  '\u0015': 'clear',
}

/** Takes apart what a terminal sends. Sequences that are not known are left out. */
export function readKeys(text: string): Key[] {
  const keys: Key[] = []
  const token = /\u001B(\[[\d;?]*[ -/]*[@-~]|O[A-Z])|\u001B|[^]/gu
  for (const [whole, sequence] of text.matchAll(token)) {
    const key =
      sequence !== undefined ? sequences[sequence] : whole === '\u001B' ? 'escape' : (controls[whole] ?? whole)
    if (key !== undefined && (key.length > 1 || key >= ' ')) keys.push(key)
  }
  return keys
}
