import type { ScriptSource } from './files.ts'
import type { ScriptItem } from './items.ts'
import type { VariableStore } from './variable-store.ts'

/** More is read twice instead: memory is to stay what it is, whatever the size of a script. */
const mostBytes = 4 * 1024 * 1024

/** Whether a script may be taken down. */
export function isSmall({ sizeBytes }: ScriptSource): boolean {
  return sizeBytes !== undefined && sizeBytes <= mostBytes
}

/** What these do changes what is read behind them, or how: `\gset` may set ECHO. */
const steering = new Set(['if', 'elif', 'else', 'endif', 'i', 'ir', 'include', 'include_relative', 'q', 'quit', 'gset'])

/**
 * Scripts as they were read by the inspection, so that running them need not read them again: small ones, in which no variable
 * and no condition has a say.
 */
export class Recordings {
  readonly #variables: VariableStore
  readonly #items = new Map<ScriptSource, ScriptItem[] | undefined>()
  #bytes = 0

  constructor(variables: VariableStore) {
    this.#variables = variables
  }

  note(source: ScriptSource, item: ScriptItem): void {
    if (this.#bytes > mostBytes) return
    if (!this.#items.has(source)) {
      this.#bytes += source.sizeBytes ?? 0
      this.#items.set(source, isSmall(source) && this.#bytes <= mostBytes ? [] : undefined)
    }
    const items = this.#items.get(source)
    if (items === undefined) return
    const command = item.kind === 'meta' ? item : item.kind === 'statement' ? item.command : undefined
    // When one fails and the script goes on, what stands behind it on its line is not read.
    const goesOn = !this.#variables.isOn('ON_ERROR_STOP')
    if (command && (goesOn || steering.has(command.name))) this.#items.set(source, undefined)
    else items.push(item)
  }

  /** The whole of a script, or undefined when it has to be read. */
  get(source: ScriptSource): readonly ScriptItem[] | undefined {
    // They hold no lines to be printed.
    return this.#variables.used || this.#variables.everEchoed ? undefined : this.#items.get(source)
  }
}
