import type { StatementState } from './statement.ts'

/** What an unfinished statement was when a branch started, to be put back when the branch is not taken. */
export interface Saved {
  readonly state: StatementState
  readonly runs: number
  readonly empty: boolean
}

interface Branch {
  /** `taken`: this branch runs; `waiting`: a later one may; `over`: none of the rest runs. */
  state: 'taken' | 'waiting' | 'over'
  afterElse: boolean
  saved: Saved
}

export type BranchName = 'if' | 'elif' | 'else' | 'endif'

/** The `\if` blocks that are open, as psql's conditional stack. */
export class Conditionals {
  readonly #stack: Branch[] = []

  get depth(): number {
    return this.#stack.length
  }

  get active(): boolean {
    return this.#stack.at(-1)?.state !== 'waiting' && this.#stack.at(-1)?.state !== 'over'
  }

  /**
   * Goes into, on in, or out of a block. `condition` is only asked where psql evaluates it. Returns what is to be put back of the
   * unfinished statement, if a branch that was not taken ends; or a sentence when the command stands in the wrong place.
   */
  branch(name: BranchName, condition: () => boolean, save: () => Saved): Saved | undefined | string {
    if (name === 'if') {
      const state = !this.active ? 'over' : condition() ? 'taken' : 'waiting'
      this.#stack.push({ state, afterElse: false, saved: save() })
      return undefined
    }
    const branch = this.#stack.at(-1)
    if (branch === undefined) return `\\${name}: no matching \\if`
    if (name !== 'endif' && branch.afterElse) {
      return name === 'elif' ? '\\elif: cannot occur after \\else' : '\\else: cannot occur after \\else'
    }
    const restored = branch.state === 'taken' ? undefined : branch.saved
    if (name === 'endif') this.#stack.pop()
    else {
      if (branch.state === 'taken') {
        branch.saved = save()
        branch.state = 'over'
      } else if (branch.state === 'waiting') branch.state = name === 'else' || condition() ? 'taken' : 'waiting'
      branch.afterElse = name === 'else'
    }
    return restored
  }
}
