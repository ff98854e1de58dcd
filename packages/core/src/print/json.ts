/** How the text of a type becomes JSON: as it is, as a number unless it is NaN or Infinity, `t` and `f`, or a string. */
type Encode = (text: string) => string

const boolean: Encode = (text) => (text === 't' ? 'true' : 'false')
const number: Encode = (text) => (/^-?\d/.test(text) ? text : JSON.stringify(text))
// A newline in the text of json is never within its strings, so that a space does as well and the row stays a line.
const json: Encode = (text) => text.replaceAll(/[\n\r]+\s*/g, ' ')

// Object ids of pg_type.dat.
const encoders = new Map<number, Encode>([
  [16, boolean],
  [20, number], // int8
  [21, number], // int2
  [23, number], // int4
  [26, number], // oid
  [28, number], // xid
  [29, number], // cid
  [114, json],
  [700, number], // float4
  [701, number], // float8
  [1700, number], // numeric
  [3802, json], // jsonb
  [5069, number], // xid8
])

/** What prints a result set as JSON. */
export interface JsonBody {
  row(values: readonly (Buffer | null)[]): void
  end(): void
}

/**
 * The format `json`, which psql does not have: an array of objects, one a line. Numbers are written as the server wrote
 * them, however many digits they have; NaN and Infinity are strings; json and jsonb are put in as they are; all other
 * types are strings. No setting but the format changes it.
 */
export function printJson(
  columns: readonly { readonly name: string; readonly typeOid: number }[],
  add: (text: string) => void,
): JsonBody {
  const names = nameKeys(columns.map((column) => column.name))
  const keys = names.map((name, index) => `${index > 0 ? ',' : ''}${JSON.stringify(name)}:`)
  const encode = columns.map((column) => encoders.get(column.typeOid) ?? JSON.stringify)
  let before = '['
  return {
    row(values) {
      let text = `${before}{`
      for (let index = 0; index < keys.length; index++) {
        const value = values[index] ?? null
        text += keys[index]! + (value === null ? 'null' : encode[index]!(value.toString()))
      }
      add(`${text}}`)
      before = ',\n'
    },
    end() {
      add(before === '[' ? '[]\n' : ']\n')
    },
  }
}

/** Gives each column a key of its own: of columns of one name, the second and later get `_2`, `_3` and so on, if free. */
function nameKeys(names: readonly string[]): string[] {
  const taken = new Set(names)
  const seen = new Set<string>()
  return names.map((name) => {
    let key = name
    for (let count = 2; seen.has(name) && taken.has(key); count++) key = `${name}_${count}`
    seen.add(name)
    taken.add(key)
    return key
  })
}
