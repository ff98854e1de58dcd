import { Failure } from '../errors.ts'
import { isVariableName, readBoolean, type Variables } from './variables.ts'

/** Names whose values psql knows to be true or false. */
const booleans = new Set(['ON_ERROR_STOP', 'AUTOCOMMIT', 'QUIET', 'SINGLELINE', 'SINGLESTEP', 'HIDE_TABLEAM'])

/** What the answer to the last statement sets. */
const results = new Set(['ERROR', 'SQLSTATE', 'ROW_COUNT', 'LAST_ERROR_MESSAGE', 'LAST_ERROR_SQLSTATE'])

const echoes = ['none', 'errors', 'queries', 'all']

/** The variables of a running script. */
export class VariableStore implements Variables {
  readonly #values: Map<string, string>
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

  constructor(values: Iterable<readonly [string, string]> = []) {
    this.#values = new Map()
    for (const [name, value] of values) this.set(name, value)
  }

  get(name: string): string | undefined {
    this.used = true
    if (results.has(name)) this.resultsUsed = true
    return this.#values.get(name)
  }

  /** Sets a variable, or unsets it. Throws `script_failed` for a name or a value that cannot be. */
  set(name: string, value: string | undefined): void {
    if (!isVariableName(name)) throw new Failure('script_failed', `"${name}" is not the name of a variable.`)
    if (name === 'ECHO') this.#setEcho(value ?? 'none')
    if (!booleans.has(name)) {
      if (value === undefined) this.#values.delete(name)
      else this.#values.set(name, value)
      return
    }
    // As psql: no value is off, an empty one is on.
    const text = value === undefined ? 'off' : value === '' ? 'on' : value
    if (readBoolean(text) === undefined) {
      throw new Failure('script_failed', `The value "${text}" for the variable "${name}" is neither on nor off.`)
    }
    if (name === 'SINGLESTEP' && readBoolean(text)) {
      throw new Failure(
        'script_unsupported',
        'SINGLESTEP asks a person before each statement, and nobody is asked here.',
      )
    }
    this.#values.set(name, text)
    if (name === 'SINGLELINE') this.singleLine = this.isOn(name)
  }

  #setEcho(value: string): void {
    const echo = value.toLowerCase()
    if (!echoes.includes(echo)) {
      throw new Failure(
        'script_failed',
        `The value "${value}" for the variable "ECHO" is none of ${echoes.join(', ')}.`,
      )
    }
    this.echo = echo
    this.echoesLines = echo === 'all'
    this.everEchoed ||= this.echoesLines
  }

  /** What a variable of the kind on or off says. */
  isOn(name: string): boolean {
    return readBoolean(this.#values.get(name) ?? 'off') ?? false
  }

  names(): string[] {
    return [...this.#values.keys()]
  }
}
