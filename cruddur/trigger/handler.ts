import { makeDisplayName } from './display-name.ts'
import { isHandle, proposeHandles, wishedHandle } from './handle.ts'

/** The part of `pg` that is needed. An error of the server must keep its `code` (SQLSTATE) and `constraint`. */
export type Query = (text: string, values: string[]) => Promise<{ rows: Record<string, unknown>[] }>

/** A line of the log. It never holds an e-mail address, a name, a handle or a user name of Cognito, which may be one of them. */
export interface LogEntry {
  level: 'info' | 'warn' | 'error'
  message: string
  triggerSource: string
  [field: string]: string | number | boolean
}

/** What is read of a trigger's event (Amazon Cognito Developer Guide, "Customizing user pool workflows with Lambda triggers"). */
export interface TriggerEvent {
  triggerSource: string
  userName: string
  request: { userAttributes: Record<string, string> }
}

/** The sign-up is not allowed. The message is for the person; Cognito shows it, and sets the full stop. */
export class SignUpRefused extends Error {
  override readonly name = 'SignUpRefused'
}

/** The database did not do its part. The message is for the person; what happened is in the log. */
export class SignUpFailed extends Error {
  override readonly name = 'SignUpFailed'
}

interface HandlerOptions {
  query: Query
  log?: (entry: LogEntry) => void
}

const takenText = 'select 1 from public.users where lower(handle) = lower($1 collate "C")'
const foundText = 'select 1 from public.users where cognito_user_id = $1'
const insertText = `insert into public.users (display_name, handle, cognito_user_id) values ($1, $2, $3)
  on conflict (cognito_user_id) do nothing returning 1`

/**
 * Makes the function that Cognito's triggers call; it returns the event as it came. Called again it changes nothing. Throws
 * `SignUpRefused` for a handle that is taken or cannot be one, before the account is made, and `SignUpFailed` where the
 * database fails while somebody signs up. Whoever signs in is let in even then, since most have their row already.
 */
export function createHandler({ query, log = () => {} }: HandlerOptions) {
  return async <Event extends TriggerEvent>(event: Event): Promise<Event> => {
    const { triggerSource } = event
    const note = (level: LogEntry['level'], message: string, fields: Record<string, string | number | boolean> = {}) =>
      log({ level, message, triggerSource, ...fields })
    switch (triggerSource) {
      case 'PreSignUp_SignUp':
        await checkHandle(event).catch(failing('Signing up does not work just now. Try again in a few minutes'))
        return event
      case 'PostConfirmation_ConfirmSignUp':
        await addUser(event).catch(
          failing('The account is confirmed, but could not be finished just now. Sign in, and that is done'),
        )
        return event
      case 'PostAuthentication_Authentication':
        await heal(event).catch((error: unknown) =>
          note('error', 'The row could not be looked up or made', told(error)),
        )
        return event
      case 'PostConfirmation_ConfirmForgotPassword':
      case 'PreSignUp_AdminCreateUser':
      case 'PreSignUp_ExternalProvider':
        return event
      default:
        note('warn', 'Nothing is done for this trigger')
        return event
    }

    function failing(sentence: string): (error: unknown) => never {
      return (error) => {
        if (error instanceof SignUpRefused) throw error
        note('error', 'The database failed', told(error))
        // Without the cause: Lambda logs what is thrown, and the server's errors quote what people typed.
        throw new SignUpFailed(sentence)
      }
    }

    async function checkHandle({ userName, request }: TriggerEvent): Promise<void> {
      const wished = wishedHandle(userName, request.userAttributes)
      if (wished === undefined) return
      if (!isHandle(wished)) {
        note('info', 'Refused: not a handle')
        throw new SignUpRefused('A handle has 1 to 32 characters: letters from A to Z, digits and underscores')
      }
      const { rows } = await query(takenText, [wished])
      if (rows.length === 0) return
      note('info', 'Refused: the handle is taken')
      throw new SignUpRefused('This handle is taken. Choose another one')
    }

    async function heal({ userName, request }: TriggerEvent): Promise<void> {
      const { rows } = await query(foundText, [subOf(request.userAttributes)])
      if (rows.length > 0) return
      note('warn', 'The row is missing, and is made now')
      await addUser({ userName, request })
    }

    async function addUser({ userName, request }: Pick<TriggerEvent, 'userName' | 'request'>): Promise<void> {
      const sub = subOf(request.userAttributes)
      const displayName = makeDisplayName(request.userAttributes)
      const handles = proposeHandles(wishedHandle(userName, request.userAttributes) ?? displayName ?? '', sub)
      for (const [tries, handle] of handles.entries()) {
        try {
          const { rows } = await query(insertText, [displayName ?? handle, handle, sub])
          note('info', rows.length > 0 ? 'The row is made' : 'The row is there already', { sub, tries })
          return
        } catch (error) {
          // It was free when it was asked for: somebody else was confirmed first.
          if (!isTaken(error)) throw error
        }
      }
      throw new Error('Every handle that was tried is taken')
    }
  }
}

/** Who somebody is, whatever the handle. */
function subOf({ sub }: Record<string, string>): string {
  if (!sub) throw new Error('The event has no sub')
  return sub
}

function isTaken(error: unknown): boolean {
  const { code, constraint } = fieldsOf(error)
  return code === '23505' && constraint === 'users_handle_key'
}

/** What may be logged of an error. */
function told(error: unknown): Record<string, string> {
  const { name, code, constraint, message } = fieldsOf(error)
  // Of data (22) and integrity (23) the server's text quotes the values.
  const quotes = /^2[23]/.test(code ?? '')
  return {
    error: name ?? typeof error,
    ...(code && { code }),
    ...(constraint && { constraint }),
    ...(message && !quotes && { reason: message }),
  }
}

function fieldsOf(error: unknown): { name?: string; code?: string; constraint?: string; message?: string } {
  return error instanceof Error ? error : {}
}
