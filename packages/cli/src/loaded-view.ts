import type { LoadedScript } from '@pgrig/core'
import type { Screen } from './screen.ts'

/** Shows what scripts did, a line each. */
export function showLoaded(scripts: readonly LoadedScript[], screen: Screen): void {
  for (const { file, statements, rowsChanged, seconds } of scripts) {
    const rows = rowsChanged > 0 ? `, ${rowsChanged} ${rowsChanged === 1 ? 'row' : 'rows'}` : ''
    screen.line(
      `Ran ${file}: ${statements} ${statements === 1 ? 'statement' : 'statements'}${rows}, ${screen.duration(seconds)}.`,
    )
  }
}
