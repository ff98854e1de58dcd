import {
  findFault,
  isKeyword,
  keywords,
  secretKeywords,
  type ConnectionValues,
  type Fault,
  type Keyword,
} from './libpq.ts'
import { nearestName } from './suggest.ts'

/** A part of a text. */
export interface Span {
  from: number
  to: number
}

/** What a text says of a connection. */
export interface Reading {
  /** An empty one takes back what the text said before. */
  values: ConnectionValues
  /** Where secrets stand in the text that was read. */
  secrets: Span[]
}

/** Reads `keyword=value` pairs (PostgreSQL manual, 32.1.1.1). */
export function readPairs(text: string): Reading | Fault {
  const reading: Reading = { values: {}, secrets: [] }
  // Sticky, so that each pair begins exactly where the last one ended.
  const pair =
    /\s*([^\s=]+)\s*=\s*(?:'((?:[^'\\]|\\[^])*)'|((?:[^\s\\']|\\[^])(?:[^\s\\]|\\[^])*|(?=\s|$)))(?=\s|$)\s*/y
  while (pair.lastIndex < text.length) {
    const from = pair.lastIndex
    const match = pair.exec(text)
    if (match === null) {
      return {
        fault:
          from === 0
            ? 'has an = missing after its first word, or a quotation mark that is not closed'
            : 'has a pair that cannot be read as keyword=value',
        hint: "Put a value with spaces into single quotes, with \\ before ' and \\ in it.",
      }
    }
    const [, name = '', quoted, plain = ''] = match
    const value = (quoted ?? plain).replace(/\\([^])/g, '$1')
    const fault = storePair(reading.values, name, value)
    if (fault !== undefined) return fault
    if (secretKeywords.has(name))
      reading.secrets.push({ from: text.indexOf('=', from) + 1, to: text.slice(0, pair.lastIndex).trimEnd().length })
  }
  return reading
}

function storePair(values: ConnectionValues, name: string, value: string): Fault | undefined {
  // An unknown keyword may be the second word of a password that lacks its quotes; a near miss is not.
  return storeValue(values, name, value, nearestName(name, keywords) === undefined ? undefined : 'keyword')
}

/** Checks and takes over one pair of another source, for example a line of a service file. */
export function checkPair(name: string, value: string): { keyword: Keyword } | Fault {
  const values: ConnectionValues = {}
  const fault = storeValue(values, name, value, 'keyword')
  return fault ?? (isKeyword(name) ? { keyword: name } : { fault: 'is unknown' })
}

/** Stores a value under its keyword, or tells what is wrong with it. Without `what` the name is not shown. */
export function storeValue(
  values: ConnectionValues,
  name: string,
  value: string,
  what: string | undefined,
): Fault | undefined {
  if (!isKeyword(name)) return describeUnknown(name, what)
  const fault = value === '' ? undefined : findFault(name, value)
  if (fault !== undefined) return fault
  values[name] = value
  return undefined
}

function describeUnknown(name: string, what: string | undefined): Fault {
  if (what === undefined || !/^[A-Za-z_]{1,40}$/.test(name))
    return { fault: 'has a parameter that PostgreSQL does not know' }
  const nearest = nearestName(name, keywords)
  return {
    fault: `has the ${what} "${name}", which PostgreSQL does not know`,
    hint:
      nearest === undefined
        ? `pgrig reads the parameters that psql reads; leave ${name} out.`
        : `Did you mean ${nearest}?`,
  }
}
