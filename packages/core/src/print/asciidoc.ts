import { type Format, footersOf, isBlank, ownFooters, type Table, titleOf } from './table.ts'

/** The format `asciidoc` (`print_asciidoc_text` of print.c). */
export const asciidoc: Format = (table) => {
  const { add, headers, rightAligned, settings } = table
  const alignments = rightAligned.map(alignment).join(',')
  startTable(table, `${settings.tuplesOnly ? '' : 'options="header",'}cols="${alignments}"`)
  if (!settings.tuplesOnly) add(`${headers.map((header) => `^l|${escapeBars(header)}`).join(' ')}\n`)
  return {
    row(cells) {
      if (cells.length === 0) return
      const last = cells.length - 1
      let text = ''
      for (let index = 0; index <= last; index++) {
        const cell = cells[index]!
        text += index > 0 ? ' |' : '|'
        if (!isBlank(cell)) text += escapeBars(cell)
        else if (index < last) text += ' '
      }
      add(`${text}\n`)
    },
    end(rows) {
      endTable(table, footersOf(table, rows))
    },
  }
}

/** The same, expanded: a field a row, under a row with the number of the record. */
export const asciidocExpanded: Format = (table) => {
  const { add, headers, rightAligned, settings } = table
  startTable(table, 'cols="h,l"')
  const names = headers.map((header, index) => `<l|${escapeBars(header)} ${alignment(rightAligned[index]!)}|`)
  let record = 0
  return {
    row(cells) {
      if (cells.length === 0) return
      add(settings.tuplesOnly ? '2+|\n' : `2+^|Record ${++record}\n`)
      cells.forEach((cell, index) => add(`${names[index]!}${isBlank(cell) ? ' ' : escapeBars(cell)}\n`))
    },
    end() {
      endTable(table, ownFooters(table))
    },
  }
}

const frames: Record<number, string> = {
  0: ',frame="none",grid="none"',
  1: ',frame="none"',
  2: ',frame="all",grid="all"',
}

function startTable(table: Table, attributes: string): void {
  const title = titleOf(table)
  const caption = title === undefined ? '' : `.${title}\n`
  table.add(`\n${caption}[${attributes}${frames[table.settings.border] ?? ''}]\n|====\n`)
}

function endTable({ add }: Table, footers: readonly string[]): void {
  add(footers.length === 0 ? '|====\n' : `|====\n\n....\n${footers.join('\n')}\n....\n`)
}

function alignment(rightAligned: boolean): string {
  return rightAligned ? '>l' : '<l'
}

function escapeBars(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}
