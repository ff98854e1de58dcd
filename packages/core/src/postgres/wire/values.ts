/** A value that can be sent as a parameter. `undefined` is not one: say `null`. */
export type Value = string | number | bigint | boolean | Date | Uint8Array | null | readonly Value[]

/** Writes a parameter as text, as the `pg` driver does: times are local times with their offset. */
export function writeValue(value: Value): string | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return writeArray(value)
  if (value instanceof Date) return writeDate(value)
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  return String(value)
}

function writeArray(values: readonly Value[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return writeArray(value)
    const text = writeValue(value)
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, String.raw`\$&`)}"`
  })
  return `{${elements.join(',')}}`
}

function writeDate(date: Date): string {
  const digits = (value: number, length = 2) => String(value).padStart(length, '0')
  const year = date.getFullYear()
  const offset = -date.getTimezoneOffset()
  const zone = `${offset < 0 ? '-' : '+'}${digits(Math.trunc(Math.abs(offset) / 60))}:${digits(Math.abs(offset) % 60)}`
  const day = `${digits(year < 1 ? 1 - year : year, 4)}-${digits(date.getMonth() + 1)}-${digits(date.getDate())}`
  const time = `${digits(date.getHours())}:${digits(date.getMinutes())}:${digits(date.getSeconds())}`
  return `${day}T${time}.${digits(date.getMilliseconds(), 3)}${zone}${year < 1 ? ' BC' : ''}`
}

type Read = (text: string) => unknown

const readers = new Map<number, Read>()
// A type and that of its arrays: `select oid, typarray from pg_type`. int8 and numeric stay exact, as text.
for (const [oid, arrayOid, read] of [
  [16, 1000, (text) => text === 't'], // bool
  [18, 1002, String], // "char"
  [19, 1003, String], // name
  [20, 1016, String], // int8
  [21, 1005, Number], // int2
  [23, 1007, Number], // int4
  [25, 1009, String], // text
  [26, 1028, Number], // oid
  [114, 199, JSON.parse], // json
  [700, 1021, Number], // float4
  [701, 1022, Number], // float8
  [1043, 1015, String], // varchar
  [1082, 1182, readDate], // date
  [1114, 1115, readDate], // timestamp
  [1184, 1185, readDate], // timestamptz
  [1700, 1231, String], // numeric
  [2950, 2951, String], // uuid
  [3802, 3807, JSON.parse], // jsonb
] satisfies [number, number, Read][]) {
  readers.set(oid, read)
  readers.set(arrayOid, (text) => readArray(text, read))
}

/** Reads a value of a type from its text. Of types that are not known, it is the text. */
export function readValue(typeOid: number, bytes: Buffer | null): unknown {
  if (bytes === null) return null
  const text = bytes.toString()
  const read = readers.get(typeOid)
  return read ? read(text) : text
}

const isoDate =
  /^(\d{4,})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\.\d+)?)?(?:([+-]\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/

/** Reads a date in the style ISO; without a zone it is local time. Text in another style stays text. */
function readDate(text: string): unknown {
  if (text === 'infinity') return Infinity
  if (text === '-infinity') return -Infinity
  const found = isoDate.exec(text)
  if (!found) return text
  const [, year, month, day, hour = 0, minute = 0, second = 0, fraction = 0, hours, minutes = 0, seconds = 0, bc] =
    found
  const date = new Date(0)
  const fullYear = bc === undefined ? Number(year) : 1 - Number(year)
  const time = [Number(hour), Number(minute), Number(second), Math.trunc(Number(fraction) * 1000)] as const
  if (hours === undefined) {
    date.setFullYear(fullYear, Number(month) - 1, Number(day))
    date.setHours(...time)
  } else {
    date.setUTCFullYear(fullYear, Number(month) - 1, Number(day))
    date.setUTCHours(...time)
    const offset = Math.abs(Number(hours)) * 3600 + Number(minutes) * 60 + Number(seconds)
    date.setTime(date.getTime() - (hours.startsWith('-') ? -1 : 1) * offset * 1000)
  }
  return date
}

/** Reads an array. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function readArray(text: string, read: Read): unknown[] {
  // Where it does not begin at 1, its bounds stand before it.
  let at = text.indexOf('{')
  const readElements = (): unknown[] => {
    const elements: unknown[] = []
    at++
    while (at < text.length && text[at] !== '}') {
      if (text[at] === '{') elements.push(readElements())
      else if (text[at] === '"') elements.push(read(readQuoted()))
      else {
        const start = at
        while (at < text.length && text[at] !== ',' && text[at] !== '}') at++
        const word = text.slice(start, at)
        elements.push(word === 'NULL' ? null : read(word))
      }
      if (text[at] === ',') at++
    }
    at++
    return elements
  }
  const readQuoted = (): string => {
    let value = ''
    for (at++; at < text.length && text[at] !== '"'; at++) {
      if (text[at] === '\\') at++
      value += text[at] ?? ''
    }
    at++
    return value
  }
  return readElements()
}
