import { Failure } from '@pgrig/core'
import { layCaret, withoutControls } from './layout.ts'
import type { Screen } from './screen.ts'

/** Prints a failure: the place and the message, the source line, what PostgreSQL adds, the state of things, what to try. */
export function reportFailure(failure: Failure, screen: Screen): void {
  if (screen.json) return screen.errorValue({ error: failureValue(failure, screen) })

  const { location, sql } = failure
  const severity = sql ? sql.severity : 'error'
  const place = location ? `${screen.styleErr('bold', `${location.file}:${location.line}:${location.column}:`)} ` : ''
  screen.error(`${place}${screen.styleErr('red', `${severity}:`)} ${withoutControls(failure.message)}`)

  if (location?.text !== undefined) {
    const [line, caret] = layCaret(location.text, location.column, screen.errorColumns)
    screen.error(line)
    screen.error(screen.styleErr('green', caret))
  }
  const say = (name: string, text: string | undefined) => {
    if (text) screen.error(`${screen.styleErr('bold', `${name}:`)} ${withoutControls(text)}`)
  }
  say('DETAIL', sql?.detail)
  say('HINT', sql?.hint)
  say('CONTEXT', sql?.where)
  say('SQLSTATE', sql?.sqlstate)
  if (failure.state) screen.error(withoutControls(failure.state))
  if (failure.hint) screen.error(`${screen.styleErr('cyan', 'try:')} ${withoutControls(failure.hint)}`)
}

/** A failure as --json prints it. */
export function failureValue(failure: Failure, screen: Screen): Record<string, unknown> {
  const { code, exitCode, message, hint, state, sql, location } = failure
  return {
    code,
    exitCode,
    message,
    hint,
    state,
    sqlstate: sql?.sqlstate,
    detail: sql?.detail,
    serverHint: sql?.hint,
    where: sql?.where,
    file: location?.file,
    line: location?.line,
    column: location?.column,
    warnings: screen.warnings.length > 0 ? screen.warnings : undefined,
  }
}

interface BugContext {
  version: string
  /** The version of Node.js. */
  node: string
  reportTo: string | undefined
}

/** Prints what is no Failure, and so a fault of ours, with all that a report of it needs. */
export function reportBug(error: unknown, screen: Screen, context: BugContext): void {
  const stack = error instanceof Error ? stackOf(error) : String(error)
  const hint = `Report it${context.reportTo ? ` at ${context.reportTo}` : ''}, with these lines and what you typed.`
  if (screen.json) {
    const message = error instanceof Error ? error.message : String(error)
    return screen.errorValue({ error: { code: 'bug', exitCode: 1, message, hint, stack } })
  }
  screen.error(withoutControls(stack))
  screen.error(`${screen.styleErr('red', 'This is a fault in pgrig, not in what you did.')} ${hint}`)
  screen.error(`pgrig ${context.version}, Node.js ${context.node}`)
}

function stackOf(error: Error): string {
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own
}

/** Whether an error says only that the signal was aborted. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'))
}

/** What an interrupted command is reported as, whatever it threw while it unwound. */
export function interruption(error: unknown, signal: string, changes: boolean): Failure {
  if (error instanceof Failure && error.code === 'interrupted') {
    return error.state ? error : new Failure('interrupted', error.message, { state: stateAfter(changes), cause: error })
  }
  const state = (error instanceof Failure && error.state) || stateAfter(changes)
  return new Failure('interrupted', signal === 'SIGINT' ? 'Interrupted.' : `Stopped by ${signal}.`, {
    state,
    cause: error,
  })
}

function stateAfter(changes: boolean): string {
  return changes
    ? 'The open transaction, if there was one, was rolled back; what had been committed before it stays.'
    : 'Nothing was changed.'
}
