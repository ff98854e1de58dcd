/** Finds the name that a mistyped word most likely means: at most a third of it is different, or one letter. */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const typed = word.toLowerCase()
  let nearest: string | undefined
  let least = Math.min(typed.length, Math.max(1, Math.floor(typed.length / 3)) + 1)
  for (const name of names) {
    const lowered = name.toLowerCase()
    if (Math.abs(lowered.length - typed.length) >= least) continue
    const distance = countEdits(typed, lowered)
    if (distance < least) {
      nearest = name
      least = distance
    }
  }
  return nearest
}

/** Damerau-Levenshtein distance (optimal string alignment): letters put in, left out, changed, or two neighbours swapped. */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      let edits = Math.min(at(last, column) + 1, at(current, column - 1) + 1, at(last, column - 1) + (same ? 0 : 1))
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        edits = Math.min(edits, at(beforeLast, column - 2) + 1)
      }
      current.push(edits)
    }
    beforeLast = last
    last = current
  }
  return at(last, to.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
