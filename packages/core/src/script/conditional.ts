import { Failure } from '../errors.ts'
import type { Saved } from './builder.ts'
import type { MetaCommand } from './metacommand.ts'

interface Branch {
  /** `taken`: this branch runs; `waiting`: a later one may; `over`: none of the rest runs. */
  state: 'taken' | 'waiting' | 'over'
  afterElse: boolean
  saved: Saved
}

/** Whether a command is \if, \elif, \else or \endif: those count in a branch that is not taken, too. */
export function isBranch(command: MetaCommand): boolean {
  return ['if', 'elif', 'else', 'endif'].includes(command.name)
}

/** The `\if` blocks that are open, as psql's conditional stack. */
export class Conditionals {
  readonly #stack: Branch[] = []
  #active = true

  get depth(): number {
    return this.#stack.length
  }

  get active(): boolean {
    return this.#active
  }

  /**
   * Goes into, on in, or out of a block. Returns what is to be put back of the unfinished statement, if a branch that was not
   * taken ends. Throws `script_failed` when the command stands in the wrong place.
   */
  branch(command: MetaCommand, condition: () => boolean, save: () => Saved): Saved | undefined {
    const saved = command.name === 'if' ? this.#enter(condition, save) : this.#goOn(command, condition, save)
    const top = this.#stack.at(-1)
    this.#active = top === undefined || top.state === 'taken'
    return saved
  }

  #enter(condition: () => boolean, save: () => Saved): undefined {
    const state = !this.#active ? 'over' : condition() ? 'taken' : 'waiting'
    this.#stack.push({ state, afterElse: false, saved: save() })
  }

  #goOn(command: MetaCommand, condition: () => boolean, save: () => Saved): Saved | undefined {
    const { name } = command
    const branch = this.#stack.at(-1)
    if (branch === undefined) throw misplaced(command, 'no matching \\if')
    if (name !== 'endif' && branch.afterElse) throw misplaced(command, 'cannot occur after \\else')
    const restored = branch.state === 'taken' ? undefined : branch.saved
    if (name === 'endif') {
      this.#stack.pop()
      return restored
    }
    if (branch.state === 'taken') {
      branch.saved = save()
      branch.state = 'over'
    } else if (branch.state === 'waiting') branch.state = name === 'else' || condition() ? 'taken' : 'waiting'
    branch.afterElse = name === 'else'
    return restored
  }
}

function misplaced({ name, file, start }: MetaCommand, why: string): Failure {
  return new Failure('script_failed', `\\${name}: ${why}`, {
    location: { file, line: start.line, column: start.column },
  })
}
