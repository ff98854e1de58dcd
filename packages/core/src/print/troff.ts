import { type Format, footersOf, ownFooters, type Table, titleOf } from './table.ts'

/** The format `troff-ms` (`print_troff_ms_text` of print.c). */
export const troff: Format = (table) => {
  const { add, headers, rightAligned, settings } = table
  startTable(table)
  const alignments = rightAligned.map((right) => (right ? 'r' : 'l'))
  add(`${alignments.join(settings.border > 0 ? ' | ' : '')}.\n`)
  if (!settings.tuplesOnly) add(`${headers.map((header) => `\\fI${escapeTroff(header)}\\fP`).join('\t')}\n_\n`)
  return {
    row(cells) {
      if (cells.length > 0) add(`${cells.map(escapeTroff).join('\t')}\n`)
    },
    end(rows) {
      endTable(table, footersOf(table, rows))
    },
  }
}

/** The same, expanded. */
export const troffExpanded: Format = (table) => {
  const { add, headers, settings } = table
  const { border, tuplesOnly } = settings
  startTable(table)
  if (tuplesOnly) add('c l;\n')
  const names = headers.map((header) => `${escapeTroff(header)}\t`)
  let record = 0
  return {
    row(cells) {
      if (cells.length === 0) return
      let text = ''
      if (!tuplesOnly) {
        if (record > 0) text += border >= 2 ? '_\n.T&\n' : '.T&\n'
        text += `c s.\n\\fIRecord ${++record}\\fP\n`
      }
      if (border > 0) text += '_\n'
      if (!tuplesOnly) text += border === 1 ? '.T&\nc | l.\n' : '.T&\nc l.\n'
      for (let index = 0; index < cells.length; index++) text += `${names[index]!}${escapeTroff(cells[index]!)}\n`
      add(text)
    },
    end() {
      endTable(table, ownFooters(table))
    },
  }
}

function startTable(table: Table): void {
  const title = titleOf(table)
  if (title !== undefined) table.add(`.LP\n.DS C\n${escapeTroff(title)}\n.DE\n`)
  table.add(`.LP\n.TS\n${table.settings.border >= 2 ? 'center box;\n' : 'center;\n'}`)
}

function endTable({ add }: Table, footers: readonly string[]): void {
  add(`.TE\n.DS L\n${footers.map((footer) => `${escapeTroff(footer)}\n`).join('')}.DE\n`)
}

function escapeTroff(text: string): string {
  return text.replaceAll('\\', String.raw`\(rs`)
}
