import type { MetaCommand } from './metacommand.ts'
import type { Statement } from './statement.ts'

/** A piece of the data of COPY … FROM STDIN, cut anywhere, never collected. */
export interface CopyData {
  readonly kind: 'copy-data'
  /** A view on what was pushed. */
  readonly chunk: Buffer
  /** The line of the script that its first byte stands on. */
  readonly firstLine: number
  /** How many lines end in it: rows, as a rule. */
  readonly lineEnds: number
}

export interface CopyEnd {
  readonly kind: 'copy-end'
  /** False when the script ended before a `\.` line. */
  readonly terminated: boolean
}

/** What a script consists of. */
export type ScriptItem = Statement | MetaCommand | CopyData | CopyEnd
