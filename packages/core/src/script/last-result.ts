import {
  type AnswerListener,
  type Decode,
  PassingAnswer,
  type ResultSet,
  type Sent,
  StatementAnswer,
} from './answers.ts'
import type { Answer, Column } from './session.ts'

/** `\set SHOW_ALL_RESULTS off`: of statements that `\;` joins, only the last one's result is shown. */
export class LastResultAnswer extends PassingAnswer {
  readonly #held: (() => void)[]
  readonly #copyOut: (chunk: Buffer) => void
  /** The result that comes now has columns. */
  #begun = false

  /** `held` gets what `answer` wants to show; COPY writes as it goes. */
  constructor(sent: Sent, answer: Answer, held: (() => void)[], copyOut: (chunk: Buffer) => void) {
    super(sent, answer)
    this.#held = held
    this.#copyOut = copyOut
  }

  override columns(columns: readonly Column[]): void {
    this.#held.length = 0
    this.#begun = true
    super.columns(columns)
  }

  override copyOut(chunk: Buffer): void {
    this.#copyOut(chunk)
  }

  override complete(tag: string): void {
    if (!this.#begun) this.#held.length = 0
    this.#begun = false
    super.complete(tag)
  }

  /** Shows it: no other comes behind it, and no error. */
  override released(): void {
    for (const show of this.#held.splice(0)) show()
  }
}

/** What one of the statements that `\;` joins has said. */
interface OneResult {
  readonly result: ResultSet | undefined
  readonly tag: string
}

/** Keeps the last result of statements that `\;` joins, for `\gset` and the like, and has those before it shown. */
export class CollectedLastAnswer extends StatementAnswer {
  /** Undefined where an error came. */
  last: OneResult | undefined
  readonly #decode: Decode
  readonly #show: () => Answer
  readonly #copyOut: (chunk: Buffer) => void
  #begun: { readonly columns: readonly Column[]; readonly rows: (readonly (Buffer | null)[])[] } | undefined
  #held: OneResult | undefined
  #copies = false

  /** `show` makes what shows one of them. */
  constructor(
    sent: Sent,
    listener: AnswerListener,
    ports: { decode: Decode; show: () => Answer; copyOut: (chunk: Buffer) => void },
  ) {
    super(sent, listener)
    this.#decode = ports.decode
    this.#show = ports.show
    this.#copyOut = ports.copyOut
  }

  columns(columns: readonly Column[]): void {
    this.showHeld()
    this.#begun = { columns, rows: [] }
  }

  row(values: readonly (Buffer | null)[]): void {
    this.#begun?.rows.push(this.#decode(values))
  }

  copyOut(chunk: Buffer): void {
    this.showHeld()
    this.#copies = true
    this.#copyOut(chunk)
  }

  override complete(tag: string): void {
    if (this.#begun === undefined) this.showHeld()
    // Among what COPY has written a tag would be taken for data.
    if (!this.#copies) this.#held = { result: this.#begun, tag }
    this.#begun = undefined
    this.#copies = false
    super.complete(tag)
  }

  override released(): void {
    this.last = this.#held
    this.#held = undefined
  }

  /** Shows the one that turned out not to be the last. */
  showHeld(): void {
    if (this.#held === undefined) return
    const { result, tag } = this.#held
    this.#held = undefined
    const shown = this.#show()
    if (result) shown.columns?.(result.columns)
    for (const row of result?.rows ?? []) shown.row?.(row)
    shown.complete(tag)
  }
}
