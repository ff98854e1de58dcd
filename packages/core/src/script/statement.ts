import type { MetaCommand } from './metacommand.ts'
import { type Position, type Run, runBytes } from './position.ts'
import { matchesWord, readWord } from './word.ts'

/** One of the statements that `\;` joins. Most statements have one part. */
export interface StatementPart {
  /** Its first unquoted words outside parentheses, in capitals, at most 16. */
  readonly words: readonly string[]
  /** Whether it is COPY … FROM STDIN, by the rule of psql. */
  readonly copyFromStdin: boolean
}

/** What psql would send in one query. */
export class Statement {
  readonly kind = 'statement'
  readonly file: string
  /** Where what is sent comes from, in order. */
  readonly runs: readonly Run[]
  readonly start: Position
  /** Behind its last character. */
  readonly end: Position
  readonly parts: readonly StatementPart[]
  /** What ended it: a semicolon, a meta-command such as `\gset`, the end of the line (SINGLELINE), or of the script. */
  readonly terminator: ';' | 'meta' | 'line' | 'end'
  /** The meta-command that sends it. */
  readonly command: MetaCommand | undefined
  /** Nothing but comments and semicolons: the server answers EmptyQueryResponse. */
  readonly empty: boolean
  #bytes: Buffer | undefined

  constructor(fields: Omit<Statement, 'kind' | 'bytes' | 'text' | 'words' | 'copyFromStdin'>) {
    this.file = fields.file
    this.runs = fields.runs
    this.start = fields.start
    this.end = fields.end
    this.parts = fields.parts
    this.terminator = fields.terminator
    this.command = fields.command
    this.empty = fields.empty
  }

  /** What is sent, in the script's encoding. */
  get bytes(): Buffer {
    const [run] = this.runs
    this.#bytes ??= run !== undefined && this.runs.length === 1 ? runBytes(run) : Buffer.concat(this.runs.map(runBytes))
    return this.#bytes
  }

  /** What is sent, read as UTF-8. */
  get text(): string {
    return this.bytes.toString('utf8')
  }

  /** The words of the first part. */
  get words(): readonly string[] {
    return this.parts[0]?.words ?? []
  }

  /** Whether COPY data follows, a block for each part that is COPY … FROM STDIN. */
  get copyFromStdin(): boolean {
    return this.parts.some((part) => part.copyFromStdin)
  }
}

/** As many as it takes to see CONCURRENTLY in the longest ALTER TABLE … DETACH PARTITION. */
const wordLimit = 16
/** psql looks this far for FROM STDIN. */
const copyWordLimit = 8

/** How deep the lexer is in a statement, and what the statement has been so far. `\if` saves it and puts it back. */
export class StatementState {
  parenthesisDepth = 0
  /** BEGIN … END pairs in the body of a function. */
  beginDepth = 0
  words: string[] = []
  parts: StatementPart[] = []
  #routine = false

  copy(): StatementState {
    const copy = new StatementState()
    copy.parenthesisDepth = this.parenthesisDepth
    copy.beginDepth = this.beginDepth
    copy.words = [...this.words]
    copy.parts = [...this.parts]
    copy.#routine = this.#routine
    return copy
  }

  get atOuterLevel(): boolean {
    return this.parenthesisDepth === 0 && this.beginDepth === 0
  }

  /** Notes an unquoted identifier, as psqlscan_track_identifier does. */
  track(bytes: Buffer, from: number, to: number): void {
    if (this.parenthesisDepth !== 0) return
    const { words } = this
    if (words.length < wordLimit) {
      words.push(readWord(bytes, from, to))
      if (words.length <= 4) this.#routine = isRoutine(words)
    }
    if (!this.#routine) return
    if (matchesWord(bytes, from, to, 'BEGIN')) this.beginDepth++
    else if (this.beginDepth > 0) {
      if (matchesWord(bytes, from, to, 'CASE')) this.beginDepth++
      else if (matchesWord(bytes, from, to, 'END')) this.beginDepth--
    }
  }

  /** Forgets a part that is not run. */
  forget(): void {
    this.words = []
    this.#routine = false
  }

  /** Ends a part, at a semicolon or at the end of the statement. */
  endPart(): void {
    this.parts.push({ words: this.words, copyFromStdin: isCopyFromStdin(this.words) })
    this.forget()
  }
}

function isRoutine(words: readonly string[]): boolean {
  if (words[0] !== 'CREATE') return false
  const kind = words[1] === 'OR' && words[2] === 'REPLACE' ? words[3] : words[1]
  return kind === 'FUNCTION' || kind === 'PROCEDURE'
}

/** COPY, then FROM within reach, then STDIN; the grammar takes STDOUT for the same. */
function isCopyFromStdin(words: readonly string[]): boolean {
  if (words[0] !== 'COPY') return false
  const from = words.indexOf('FROM', 1)
  if (from < 0 || from >= copyWordLimit - 1) return false
  return words[from + 1] === 'STDIN' || words[from + 1] === 'STDOUT'
}
