import type { PrintSettings } from './settings.ts'

/** The pieces of a horizontal line; of `data` only its vertical ones. */
export interface Rule {
  readonly horizontal: string
  readonly left: string
  readonly middle: string
  readonly right: string
}

/** The marks that aligned output is drawn with (`printTextFormat` of print.h). */
export interface LineStyle {
  readonly name: PrintSettings['lineStyle']
  readonly top: Rule
  readonly middle: Rule
  readonly bottom: Rule
  readonly data: Rule
  /** Between columns, before a cell that continues after a newline, after a wrap, or is already at its end. */
  readonly dividerNewline: string
  readonly dividerWrap: string
  readonly dividerBlank: string
  /** Left and right of header lines, and of cell lines, that a newline or a wrap broke. */
  readonly headerLeft: string
  readonly headerRight: string
  readonly newlineLeft: string
  readonly newlineRight: string
  readonly wrapLeft: string
  readonly wrapRight: string
  /** Whether marks at the right take a column even without borders. */
  readonly marksRight: boolean
}

const asciiRule: Rule = { horizontal: '-', left: '+', middle: '+', right: '+' }
const asciiRules = {
  top: asciiRule,
  middle: asciiRule,
  bottom: asciiRule,
  data: { horizontal: '', left: '|', middle: '|', right: '|' },
}

const ascii: LineStyle = {
  name: 'ascii',
  ...asciiRules,
  dividerNewline: '|',
  dividerWrap: '|',
  dividerBlank: '|',
  headerLeft: ' ',
  headerRight: '+',
  newlineLeft: ' ',
  newlineRight: '+',
  wrapLeft: '.',
  wrapRight: '.',
  marksRight: true,
}

const oldAscii: LineStyle = {
  name: 'old-ascii',
  ...asciiRules,
  dividerNewline: ':',
  dividerWrap: ';',
  dividerBlank: ' ',
  headerLeft: '+',
  headerRight: ' ',
  newlineLeft: ' ',
  newlineRight: ' ',
  wrapLeft: ' ',
  wrapRight: ' ',
  marksRight: false,
}

type Strokes = PrintSettings['unicodeBorderStyle']

// Corners are drawn with the border; crossings are named by their vertical, then their horizontal stroke.
const corners = {
  single: { top: '┌┐', bottom: '└┘' },
  double: { top: '╔╗', bottom: '╚╝' },
}
const horizontal = { single: '─', double: '═' }
const vertical = { single: '│', double: '║' }
const sides = {
  single: { single: '├┤', double: '╞╡' },
  double: { single: '╟╢', double: '╠╣' },
}
const crossings = {
  single: { single: '┬┼┴', double: '╤╪╧' },
  double: { single: '╥╫╨', double: '╦╬╩' },
}

function drawUnicode(border: Strokes, column: Strokes, header: Strokes): LineStyle {
  const ends = corners[border]
  const [left, right] = sides[border][header]
  const atBorder = crossings[column][border]
  const divider = vertical[column]
  return {
    name: 'unicode',
    top: { horizontal: horizontal[border], left: ends.top[0]!, middle: atBorder[0]!, right: ends.top[1]! },
    middle: {
      horizontal: horizontal[header],
      left: left!,
      middle: crossings[column][header][1]!,
      right: right!,
    },
    bottom: { horizontal: horizontal[border], left: ends.bottom[0]!, middle: atBorder[2]!, right: ends.bottom[1]! },
    data: { horizontal: '', left: vertical[border], middle: divider, right: vertical[border] },
    dividerNewline: divider,
    dividerWrap: divider,
    dividerBlank: divider,
    headerLeft: ' ',
    headerRight: '↵',
    newlineLeft: ' ',
    newlineRight: '↵',
    wrapLeft: '…',
    wrapRight: '…',
    marksRight: true,
  }
}

/** The marks that the settings ask for. */
export function lineStyleOf(settings: PrintSettings): LineStyle {
  if (settings.lineStyle === 'ascii') return ascii
  if (settings.lineStyle === 'old-ascii') return oldAscii
  return drawUnicode(settings.unicodeBorderStyle, settings.unicodeColumnStyle, settings.unicodeHeaderStyle)
}
