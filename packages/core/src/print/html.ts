import { type Format, footersOf, isBlank, ownFooters, type Table, titleOf } from './table.ts'

/** The format `html`: a table (`print_html_text` of print.c). */
export const html: Format = (table) => {
  const { add, headers, rightAligned, settings } = table
  startTable(table)
  if (!settings.tuplesOnly) {
    const cells = headers.map((header) => `    <th align="center">${escapeHtml(header)}</th>\n`)
    add(`  <tr>\n${cells.join('')}  </tr>\n`)
  }
  return {
    row(cells) {
      if (cells.length === 0) return
      add('  <tr valign="top">\n')
      cells.forEach((cell, index) => add(formatCell(cell, rightAligned[index]!)))
      add('  </tr>\n')
    },
    end(rows) {
      endTable(table, footersOf(table, rows))
    },
  }
}

/** The same, expanded: a field a row, under a row with the number of the record. */
export const htmlExpanded: Format = (table) => {
  const { add, headers, rightAligned, settings } = table
  startTable(table)
  const names = headers.map((header) => `  <tr valign="top">\n    <th>${escapeHtml(header)}</th>\n`)
  let record = 0
  return {
    row(cells) {
      if (cells.length === 0) return
      if (settings.tuplesOnly) add('\n  <tr><td colspan="2">&nbsp;</td></tr>\n')
      else add(`\n  <tr><td colspan="2" align="center">Record ${++record}</td></tr>\n`)
      cells.forEach((cell, index) => add(`${names[index]!}${formatCell(cell, rightAligned[index]!)}  </tr>\n`))
    },
    end() {
      endTable(table, ownFooters(table))
    },
  }
}

function startTable(table: Table): void {
  const { border, tableAttributes } = table.settings
  const title = titleOf(table)
  table.add(`<table border="${border}"${tableAttributes === undefined ? '' : ` ${tableAttributes}`}>\n`)
  if (title !== undefined) table.add(`  <caption>${escapeHtml(title)}</caption>\n`)
}

function endTable({ add }: Table, footers: readonly string[]): void {
  const lines = footers.map((footer) => `${escapeHtml(footer)}<br />\n`)
  add(`</table>\n${lines.length === 0 ? '' : `<p>${lines.join('')}</p>`}\n`)
}

function formatCell(text: string, rightAligned: boolean): string {
  const shown = isBlank(text) ? '&nbsp; ' : escapeHtml(text)
  return `    <td align="${rightAligned ? 'right' : 'left'}">${shown}</td>\n`
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '<br />\n',
}

/** Escapes text for HTML as psql does: spaces stay where it starts with them (`html_escaped_print` of print.c). */
export function escapeHtml(text: string): string {
  const escaped = /[&<>"\n]/.test(text) ? text.replaceAll(/[&<>"\n]/g, (character) => entities[character]!) : text
  return escaped.startsWith(' ') ? escaped.replace(/^ +/, (leading) => '&nbsp;'.repeat(leading.length)) : escaped
}
