import { type Format, footersOf, ownFooters, titleOf } from './table.ts'

/** The format `unaligned`: fields and records between separators (`print_unaligned_text` of print.c). */
export const unaligned: Format = (table) => {
  const { add, headers } = table
  const { fieldSeparator, recordSeparator, tuplesOnly } = table.settings
  const title = titleOf(table)
  if (title !== undefined) add(title + recordSeparator)
  if (!tuplesOnly) add(headers.join(fieldSeparator))
  let printed = !tuplesOnly
  return {
    row(cells) {
      if (cells.length === 0) return
      add((printed ? recordSeparator : '') + cells.join(fieldSeparator))
      printed = true
    },
    end(rows) {
      for (const footer of footersOf(table, rows)) {
        add((printed ? recordSeparator : '') + footer)
        printed = true
      }
      if (printed) add(lastSeparator(recordSeparator))
    },
  }
}

/** The same, expanded: a field a record, with its name before it, and two separators between rows. */
export const unalignedExpanded: Format = (table) => {
  const { add, headers } = table
  const { fieldSeparator, recordSeparator } = table.settings
  const title = titleOf(table)
  if (title !== undefined) add(title)
  const names = headers.map((header) => header + fieldSeparator)
  const between = recordSeparator + recordSeparator
  let printed = title !== undefined
  return {
    row(cells) {
      if (cells.length === 0) return
      let text = printed ? between : ''
      for (let index = 0; index < cells.length; index++)
        text += (index > 0 ? recordSeparator : '') + names[index]! + cells[index]!
      add(text)
      printed = true
    },
    end() {
      const footers = ownFooters(table)
      if (footers.length > 0) add(recordSeparator)
      for (const footer of footers) add(recordSeparator + footer)
      if (printed) add(lastSeparator(recordSeparator))
    },
  }
}

/** Output ends with a newline whatever the separator is, unless it is the zero byte. */
function lastSeparator(recordSeparator: string): string {
  return recordSeparator === '\0' ? '\0' : '\n'
}
