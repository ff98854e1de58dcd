// From the Unicode Character Database 16.0, which psql 18 was built with: for each range the distance from the end of
// the one before, and `+` the rest of it, in base 36. The tables of psql 18 hold the same ranges
// (src/include/common/unicode_nonspacing_table.h and unicode_east_asian_fw_table.h).

/** General categories Mn, Me and Cf, and what is not assigned between them: they take no column. */
const withoutWidth = `
4t gj+33 7o+6 7c+18 2 2+1 2+1 2 1l+5 b+a 2 1b+k h 2u+7 2+5 3+1 2+3 y 2 v+q 2k+a 1n+8 a p+3 2+8 2+2 2+4 18+2
1h+f 17+1k 1k 2 5+7 5 4+6 b+1 u 1n 5+3 9 l+1 r+4 1m 5+g v+1 4 c+1 1m 5+7 5 l+1 n+7 1n 3 2+3 9+9 c+1 v 1q d 1f
4 1k 2+2 6+g c+1 u 1n 3 7 6+1 l+1 t+1 1m+1 5+3 9 l+1 u 21 8+4 2j 3+6 d+7 2r 3+8 c+6 22+1 s 2 2 1k+d 2+4 2+1
6+1b a 2v+3 2+5 2+1 3+1 q+1 5+2 h+3 e 3+1 7 g jk+2 qb+2 u+1 v+1 v+1 1t+1 2+6 9 3+a a 1a+4 3a+1 z 3b+2 5+1 a
7+2 64+1 3 1n 2+8 2 3+7 7+c 1d+2b 1d 2+4 2 6 15+8 d+1 x+3 3+1 2+2 1l 2+1 4 2+2 1n+7 3+1 49+2 2+c 2+6 5 7 4+1
5j+1r ek+4 r+4 1e+f 2p+w 2db+2 3y 2p+v ff+3 30+1 n9x+3 2+9 x+1 29+1 7l 4 5 q+1 6 48+1 r+h e 13+7 q+a 1b+2 1d
3+3 3+1 14 1w+5 3+1 3+1 d 9 1c 1g 2+2 3+1 6+1 2 17+1 9 6n 3 5 fn5 ki+f h+f 5s 6y+2 ea 6b 46+4 1af+e 15+7 4m+1
fy+3 1u+4 8u+1 28+3 1z+a 1e+3 3g 1j+e 16 3+1 b+2 1e+3 3+1 3 5+b 1f+2 11+4 2+7 1r d+1 1h+8 b+3 3 2o+2 3 2+1 7 3
4e 4+7 m+1 1m+1 4 12+e 1z+5 e 2 2 f+1 2e+7 3+2 2 o 2d+5 2 5+1 2+1 6n+3 7+1 2+1 s+1 2e+7 3 2+1 2z 2 3+5 2 2u 2
3+3 2+4 78+8 2+1 75+1 2 5 41+7 5 x+9 15+5 3+3 9 a+5 3+2 1b+c 2+1 bb+d 2 2b+l 3+6 2+1 2+1 3f+k 2 21+1 4 2 9o+1
c+1 1h+4 6 2 o 446+g 7+e 8uh+b 4+2 1xd+4 1o+6 t5 1s+3 2a f5l+1 2+3 3ml+1y f5+2 a+f 3+6 v+3 45+2 1j0+1i 5+1d 9
f n+k 11t+16 2t 4h+6 ag 1q+3 e5+3 73+1 kh+6 32+6 gzav+dq`

/** East Asian Width W and F: they take two columns. */
const wide = `
3cw+2n 3i3+1 e+1 5b+3 4 3 ei+1 m+1 r+7 h+b 18 b+5 4 e 9+1 i+1 6+1 9 6 m 8+1 2 5 3 8 5+1 t 10 2 5+2 2 1q+2 p f
nw+1 1g 5 mj+p 2+2g d+5x r+26 3+2d 3+2u 6+16 2+2l 2+2d a+1b 2+13 9+mkc 4+1i wq+s hw+8mb 6l9+e7 lt+9 n+y 2+i
2+3 46+2n 3k+6 m4a+4 c+1 f+4qf 9+yd 16+9 6w8+3 2+6 2+1 2+82 g u+2 3 f+3 9+az 6bp+2e a+m 5n2 5n 5b 3+9 2u+2
e+17 5+8 8+1 f+5 4b+w d+8 2+1x 2+l d+16 5+4 d+g 4 4+1y 2 2+56 3+1q e+3 2+n j r+1 e 2f+2c 1d+1x 7 4+2 3+2 5+3
c+1 8+8 6c+b 5 7w+1a 2+9 2+54 35+c 4+9 6+1j 8+e 3+a 7+8 zs+1ekd 3+1ekd`

/** Above this, only ideographs and the tags of the last plane matter. */
const tableEnd = 0x20000
let table: Int8Array | undefined

function buildTable(): Int8Array {
  const widths = new Int8Array(tableEnd).fill(1)
  fillRanges(widths, wide, 2)
  fillRanges(widths, withoutWidth, 0)
  widths.fill(-1, 0x00, 0x20)
  widths.fill(-1, 0x7f, 0xa0)
  widths[0] = 0
  return widths
}

function fillRanges(widths: Int8Array, ranges: string, width: number): void {
  let last = 0
  for (const range of ranges.trim().split(/\s+/)) {
    const [gap, rest] = range.split('+')
    const first = last + Number.parseInt(gap!, 36)
    last = first + Number.parseInt(rest ?? '0', 36)
    widths.fill(width, first, last + 1)
  }
}

/** The columns a character takes on a terminal: 0, 1 or 2; -1 for a control character (`ucs_wcwidth` of PostgreSQL). */
export function characterWidth(codePoint: number): number {
  if (codePoint < tableEnd) return (table ??= buildTable())[codePoint]!
  if (codePoint >= 0xe0001 && codePoint <= 0xe01ef) return 0
  if (codePoint < 0x40000) return (codePoint & 0xffff) <= 0xfffd ? 2 : 1
  return 1
}
