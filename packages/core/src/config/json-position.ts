/** A place in a text. Both count from 1, columns in characters (code points). */
export interface Position {
  line: number
  column: number
}

/** Finds where the key at the end of a path stands in a valid JSON text; for a position in an array, its value. */
export function locateJsonKey(text: string, path: readonly PropertyKey[]): Position | undefined {
  const wanted = JSON.stringify(path)
  let found: number | undefined
  scanJson(text, (visited, offset) => {
    // The last of equal keys is the one that JSON.parse takes.
    if (JSON.stringify(visited) === wanted) found = offset
  })
  return found === undefined ? undefined : position(text, found)
}

/** Finds where a text stops being JSON. */
export function locateJsonFault(text: string): Position | undefined {
  const fault = scanJson(text, () => {})
  return fault === undefined ? undefined : position(text, fault)
}

function position(text: string, offset: number): Position {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/)
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 }
}

const token =
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y

/** Reads a JSON text to its end, and returns the offset where it is at fault, if it is. */
function scanJson(text: string, visit: (path: readonly PropertyKey[], offset: number) => void): number | undefined {
  let offset = 0
  let next = ''

  /** The place of the next token, which becomes `next`; an empty one when there is none. */
  function advance(): number {
    token.lastIndex = offset
    const match = token.exec(text)
    next = match === null ? '' : (match[1] ?? match[2] ?? match[3] ?? '')
    const end = match === null ? offset + (/^[ \t\r\n]*/.exec(text.slice(offset))?.[0].length ?? 0) : token.lastIndex
    offset = end
    return end - next.length
  }

  function readValue(path: readonly PropertyKey[], at: number): number | undefined {
    if (next === '{' || next === '[') return readMembers(path, next === '{')
    return next === '' || '}],:'.includes(next) ? at : undefined
  }

  function readMembers(path: readonly PropertyKey[], isObject: boolean): number | undefined {
    const close = isObject ? '}' : ']'
    // Deeper than any pgrig.json; what is this deep is at fault already.
    if (path.length > 100) return offset
    for (let index = 0; ; index++) {
      let at = advance()
      if (index === 0 && next === close) return undefined
      let member: PropertyKey = index
      if (isObject) {
        if (!next.startsWith('"')) return at
        member = JSON.parse(next) as string
      }
      visit([...path, member], at)
      if (isObject) {
        at = advance()
        if (next !== ':') return at
        at = advance()
      }
      const fault = readValue([...path, member], at)
      if (fault !== undefined) return fault
      at = advance()
      if (next === close) return undefined
      if (next !== ',') return at
    }
  }

  const fault = readValue([], advance())
  if (fault !== undefined) return fault
  const end = advance()
  return next === '' && end === text.length ? undefined : end
}
