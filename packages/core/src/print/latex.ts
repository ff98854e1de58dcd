import { type Format, footersOf, ownFooters, type Table, titleOf } from './table.ts'

const hline = '\\hline\n'
const endRow = ' \\\\\n'

/** The format `latex`: a `tabular` (`print_latex_text` of print.c). */
export const latex: Format = (table) => {
  const { add, headers, rightAligned, settings } = table
  const { border, tuplesOnly } = settings
  startTabular(table, columnsOf(table, rightAligned.map(alignment)))
  if (!tuplesOnly) {
    const names = headers.map((header) => `\\textit{${escapeLatex(header)}}`)
    add(`${border >= 2 ? hline : ''}${names.join(' & ')}${endRow}${hline}`)
  }
  return {
    row(cells) {
      if (cells.length > 0) add(cells.map(escapeLatex).join(' & ') + endRow + (border >= 3 ? hline : ''))
    },
    end(rows) {
      endTabular(table, border === 2, footersOf(table, rows))
    },
  }
}

/** The formats `latex` and `latex-longtable`, expanded (`print_latex_vertical` of print.c). */
export const latexExpanded: Format = (table) => {
  const { add, headers, settings } = table
  const border = Math.min(settings.border, 2)
  startTabular(table, ['cl', 'c|l', '|c|l|'][border]!)
  const names = headers.map((header) => `${escapeLatex(header)} & `)
  const columns = border === 2 ? '|c|' : 'c'
  let record = 0
  return {
    row(cells) {
      if (cells.length === 0) return
      const head = `\\multicolumn{2}{${columns}}{\\textit{Record ${++record}}}${endRow}`
      let text = settings.tuplesOnly ? '' : (border === 2 ? hline : '') + head
      if (border > 0) text += hline
      for (let index = 0; index < cells.length; index++) text += names[index]! + escapeLatex(cells[index]!) + endRow
      add(text)
    },
    end() {
      endTabular(table, border === 2, ownFooters(table))
    },
  }
}

/** The format `latex-longtable`; it has no footer (`print_latex_longtable_text` of print.c). */
export const latexLongtable: Format = (table) => {
  const { add, headers, settings } = table
  const { border } = settings
  add(`\\begin{longtable}{${columnsOf(table, longtableAlignments(table))}}\n`)
  if (!settings.tuplesOnly) {
    const names = headers.map((header) => `\\small\\textbf{\\textit{${escapeLatex(header)}}}`).join(' & ')
    const head = `${border >= 2 ? '\\toprule\n' : ''}${names}${endRow}`
    add(`${head}\\midrule\n\\endfirsthead\n${head}${border >= 3 ? '' : '\\midrule\n'}\\endhead\n`)
    add(longtableFeet(titleOf(table), border))
  }
  return {
    row(cells) {
      if (cells.length === 0) return
      const fields = cells.map((cell) => `\\raggedright{${escapeLatex(cell)}}`)
      add(`${fields.join('\n&\n')} \\tabularnewline\n${border >= 3 ? ' \\hline\n' : ''}`)
    },
    end() {
      add('\\end{longtable}\n')
    },
  }
}

function longtableFeet(title: string | undefined, border: number): string {
  const rule = border === 2 || (border > 2 && title === undefined) ? '\\bottomrule\n' : ''
  if (title === undefined) return rule === '' ? '' : `${rule}\\endfoot\n${rule}\\endlastfoot\n`
  const caption = escapeLatex(title)
  return `${rule}\\caption[${caption} (Continued)]{${caption}}\n\\endfoot\n${rule}\\caption[${caption}]{${caption}}\n\\endlastfoot\n`
}

/** The table attributes are widths for the columns that are not numbers, the last for all that follow. */
function longtableAlignments({ rightAligned, settings }: Table): string[] {
  const widths = (settings.tableAttributes ?? '').split(/[ \t\n]+/).filter((width) => width !== '')
  let used = 0
  return rightAligned.map((right) => {
    if (right || widths.length === 0) return alignment(right)
    return `p{${widths[Math.min(used++, widths.length - 1)]!}\\textwidth}`
  })
}

function startTabular(table: Table, columns: string): void {
  const title = titleOf(table)
  if (title !== undefined) table.add(`\\begin{center}\n${escapeLatex(title)}\n\\end{center}\n\n`)
  table.add(`\\begin{tabular}{${columns}}\n`)
}

function endTabular({ add }: Table, ruled: boolean, footers: readonly string[]): void {
  const lines = footers.map((footer) => escapeLatex(footer) + endRow)
  add(`${ruled ? hline : ''}\\end{tabular}\n\n\\noindent ${lines.join('')}\n`)
}

function columnsOf({ settings: { border } }: Table, alignments: readonly string[]): string {
  const columns = alignments.join(border === 0 ? '' : ' | ')
  return border >= 2 ? `| ${columns} |` : columns
}

function alignment(rightAligned: boolean): string {
  return rightAligned ? 'r' : 'l'
}

const escapes: Record<string, string> = {
  '#': '\\#',
  $: '\\$',
  '%': '\\%',
  '&': '\\&',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '\\': '\\textbackslash{}',
  '^': '\\^{}',
  _: '\\_',
  '{': '\\{',
  '|': '\\textbar{}',
  '}': '\\}',
  '~': '\\~{}',
  '\n': '\\\\',
}

function escapeLatex(text: string): string {
  return text.replaceAll(/[#$%&<>\\^_{|}~\n]/g, (character) => escapes[character]!)
}
