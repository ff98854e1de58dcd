import { runBytes } from './position.ts'
import type { Statement } from './statement.ts'

/** What pg_dump writes between BEGIN and COMMIT to fill large objects (dumpLOs, StartRestoreLO of PostgreSQL 18). */
const fills = /^SELECT pg_catalog\.(?:lo_open|lowrite|lo_close)\(/

/**
 * Finds the transactions that a plain dump has around the data of its large objects, because a large object stays open to the
 * end of a transaction. In a transaction around the whole dump they are not needed.
 */
export class LargeObjectBlocks {
  #begin: Statement | undefined
  #filled = false

  /** The BEGIN of the block that is open: it was passed over, and what follows must be what pg_dump writes. */
  get begin(): Statement | undefined {
    return this.#begin
  }

  /** Follows a statement, and says what it is: the `begin` or `commit` of a block, what stands `inside`, or none of it. */
  follow(statement: Statement): 'begin' | 'inside' | 'commit' | undefined {
    if (this.#begin === undefined && statement.words[0] !== 'BEGIN') return undefined
    const head = headOf(statement)
    if (this.#begin !== undefined) {
      if (fills.test(head)) {
        this.#filled = true
        return 'inside'
      }
      const closed = this.#filled && head === 'COMMIT;'
      this.#begin = undefined
      if (closed) return 'commit'
    }
    if (head !== 'BEGIN;') return undefined
    this.#begin = statement
    this.#filled = false
    return 'begin'
  }
}

/** Enough of a statement to tell: the data of a large object is long. */
function headOf({ runs, parts }: Statement): string {
  const [run] = runs
  return run === undefined || parts.length !== 1 ? '' : runBytes(run).toString('latin1', 0, 40)
}
