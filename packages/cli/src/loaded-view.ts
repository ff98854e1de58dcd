import type { LoadedScript } from '@pgrig/core'
import { numberText } from './layout.ts'
import type { Screen } from './screen.ts'

/** Shows what scripts did, a line each. */
export function showLoaded(scripts: readonly LoadedScript[], screen: Screen): void {
  for (const { file, statements, rowsChanged, objects, seconds } of scripts) {
    const counts = [
      counted(statements, 'statement'),
      ...(rowsChanged > 0 ? [counted(rowsChanged, 'row')] : []),
      ...(objects > 0 ? [`${counted(objects, 'object')} made`] : []),
      screen.duration(seconds),
    ]
    screen.line(`Ran ${file}: ${counts.join(', ')}.`)
  }
}

/** `1 row`, `2,000 rows`. */
export function counted(count: number, word: string): string {
  return `${numberText(count)} ${count === 1 ? word : `${word}s`}`
}
