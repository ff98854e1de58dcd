import type { Context } from 'aws-lambda'
import { createHandler, type LogEntry, type Query, type TriggerEvent } from './handler.ts'
import { openSession, type Session } from './session.ts'
import { readLogin } from './settings.ts'

// What is left of the function's time is for saying what went wrong.
const reserveMilliseconds = 500

let session: Session | undefined

/** What AWS Lambda calls for each trigger of the user pool. */
export async function handler(event: TriggerEvent, context: Context): Promise<TriggerEvent> {
  // The open connection must not keep the answer back.
  context.callbackWaitsForEmptyEventLoop = false
  const log = (entry: LogEntry) => print({ ...entry, requestId: context.awsRequestId })
  let query: Query | undefined
  return createHandler({
    log,
    // Opened by the first query: what is wrong with the settings is told as any other failure of the database is.
    async query(text, values) {
      session ??= openSession(readLogin(process.env))
      query ??= session.beginInvocation(context.getRemainingTimeInMillis() - reserveMilliseconds)
      return query(text, values)
    },
  })(event)
}

/** One line of JSON: CloudWatch finds its fields. */
function print(entry: LogEntry): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`)
}
