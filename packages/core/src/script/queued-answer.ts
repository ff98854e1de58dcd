import { type Sent, StatementAnswer } from './answers.ts'
import type { Answer, Column, ServerFields } from './session.ts'

/** Keeps what the server says of a statement in a pipeline until the script asks for it. */
export class QueuedAnswer extends StatementAnswer {
  state: 'sent' | 'aborted' = 'sent'
  error: ServerFields | undefined
  /** It is COPY … TO STDOUT. */
  copies = false
  readonly #make: () => Answer
  readonly #onFailure: () => void
  #columns: readonly Column[] | undefined
  #rows: (readonly (Buffer | null)[])[] = []
  #tag = ''

  /** `make` makes what takes the answer at last. */
  constructor(sent: Sent, make: () => Answer, onFailure: () => void) {
    super(sent, { completed() {} })
    this.#make = make
    this.#onFailure = onFailure
  }

  columns(columns: readonly Column[]): void {
    this.#columns = columns
  }

  row(values: readonly (Buffer | null)[]): void {
    this.#rows.push(values)
  }

  copyOut(): void {
    this.copies = true
  }

  override complete(tag: string): void {
    this.#tag = tag
  }

  failed(fields: ServerFields): void {
    this.error = fields
    this.#onFailure()
  }

  /** Says it again. */
  replay(): void {
    const answer = this.#make()
    if (this.#columns) answer.columns?.(this.#columns)
    for (const row of this.#rows) answer.row?.(row)
    answer.complete(this.#tag)
  }
}
