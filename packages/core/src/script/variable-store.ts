import { Failure } from '../errors.ts'
import { initialValues, readInteger, specialVariables, valueOf } from './special-variables.ts'
import { isVariableName, readBoolean, type Variables } from './variables.ts'

/** What the answer to the last statement sets. */
const results = new Set(['ERROR', 'SQLSTATE', 'ROW_COUNT', 'LAST_ERROR_MESSAGE', 'LAST_ERROR_SQLSTATE', 'LASTOID'])

/** The variables of a running script. */
export class VariableStore implements Variables {
  readonly #values = new Map<string, string>(initialValues())
  /** Whether the script has asked for what only the answer to a statement tells. */
  resultsUsed = false
  /** Whether it has asked for any. */
  used = false
  /** `SINGLELINE`: a line ends a statement. */
  singleLine = false
  /** `ECHO`, in small letters. */
  echo = 'none'
  /** `ECHO all`: lines are printed as they are read. */
  echoesLines = false
  /** Whether that was so at any time. */
  everEchoed = false
  /** `FETCH_COUNT`: how many rows are printed at once; 0: all. */
  fetchCount = 0
  quiet = false
  showsAllResults = true
  /** `AUTOCOMMIT` */
  commits = true
  /** `ON_ERROR_ROLLBACK`, in a script. */
  rollsBackErrors = false

  constructor(values: Iterable<readonly [string, string]> = []) {
    for (const [name, value] of values) this.set(name, value)
  }

  get(name: string): string | undefined {
    this.used = true
    if (results.has(name)) this.resultsUsed = true
    return this.#values.get(name)
  }

  /** Sets a variable, or unsets it. Throws `script_failed` for a name or a value that cannot be. */
  set(name: string, value: string | undefined): void {
    if (!isVariableName(name)) {
      if (value === undefined) return
      throw new Failure('script_failed', `"${name}" is not the name of a variable.`)
    }
    const special = specialVariables.get(name)
    const kept = special === undefined ? value : valueOf(name, special, value)
    if (name === 'SINGLESTEP' && readBoolean(kept ?? '')) {
      throw new Failure(
        'script_unsupported',
        'SINGLESTEP asks a person before each statement, and nobody is asked here.',
      )
    }
    if (kept === undefined) this.#values.delete(name)
    else this.#values.set(name, kept)
    if (special !== undefined) this.#follow(name)
  }

  /** Keeps at hand what is asked often. */
  #follow(name: string): void {
    switch (name) {
      case 'SINGLELINE':
        this.singleLine = this.isOn(name)
        break
      case 'ECHO':
        this.echo = this.choice(name)
        this.echoesLines = this.echo === 'all'
        this.everEchoed ||= this.echoesLines
        break
      case 'QUIET':
        this.quiet = this.isOn(name)
        break
      case 'SHOW_ALL_RESULTS':
        this.showsAllResults = this.isOn(name)
        break
      case 'FETCH_COUNT':
        this.fetchCount = readInteger(this.choice(name)) ?? 0
        break
      case 'AUTOCOMMIT':
        this.commits = this.isOn(name)
        break
      case 'ON_ERROR_ROLLBACK':
        this.rollsBackErrors = this.isOn(name)
    }
  }

  /** What a variable of the kind on or off says. */
  isOn(name: string): boolean {
    return readBoolean(this.#values.get(name) ?? 'off') ?? false
  }

  /** What a variable says that takes one of some words: in small letters. */
  choice(name: string): string {
    return (this.#values.get(name) ?? '').toLowerCase()
  }

  names(): string[] {
    return [...this.#values.keys()]
  }
}
