import type { Format } from './table.ts'

/** The format `csv`: never a title or a footer (`print_csv_text` of print.c). */
export const csv: Format = ({ add, headers, settings: { csvFieldSeparator: separator, tuplesOnly } }) => {
  const quote = quoteFor(separator)
  if (!tuplesOnly) add(`${headers.map(quote).join(separator)}\n`)
  return {
    row(cells) {
      if (cells.length === 0) return
      let text = quote(cells[0]!)
      for (let index = 1; index < cells.length; index++) text += separator + quote(cells[index]!)
      add(`${text}\n`)
    },
    end() {},
  }
}

/** The same, expanded: a field a line, after its name, and nothing between rows. */
export const csvExpanded: Format = ({ add, headers, settings: { csvFieldSeparator: separator } }) => {
  const quote = quoteFor(separator)
  const names = headers.map((header) => quote(header) + separator)
  return {
    row(cells) {
      cells.forEach((cell, index) => add(`${names[index]!}${quote(cell)}\n`))
    },
    end() {},
  }
}

/** Quotes what needs it; `\.` alone too, and all when it could arise, since COPY takes it for the end of its data. */
function quoteFor(separator: string): (text: string) => string {
  if (separator === '\\' || separator === '.') return quoted
  const code = separator.charCodeAt(0).toString(16).padStart(2, '0')
  const special = new RegExp(String.raw`["\r\n\x${code}]`)
  return (text) => (special.test(text) || text === String.raw`\.` ? quoted(text) : text)
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
