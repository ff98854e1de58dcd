import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'inverse' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan'

// Whether to colour is decided elsewhere; styleText itself looks at stdout only, and on Node 20 at the environment only in part.
export function paint(style: Style, text: string): string {
  return styleText(style, text, { validateStream: false })
}
