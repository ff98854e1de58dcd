import type { Connection } from './connection.ts'
import { queryFailure } from './failure.ts'
import { Pipeline } from './pipeline.ts'
import { ServerError } from './wire/replies.ts'

/** What is taken from the server before somebody has asked for it. */
const aheadBytes = 1024 * 1024

/** The bytes of `COPY … TO STDOUT`, as they come; the server waits for who reads them. Throws what the connection's own methods do. */
export async function* copyOut(connection: Connection, statement: string): AsyncGenerator<Buffer> {
  const { channel, signal, address } = connection
  signal?.throwIfAborted()
  const pipeline = new Pipeline(channel)
  let chunks: Buffer[] = []
  let bytes = 0
  let wake = () => {}
  let proceed: (() => void) | undefined
  const stop = () => void channel.cancel()
  signal?.addEventListener('abort', stop)
  pipeline.sendSimple(Buffer.from(statement), {
    copyOut(chunk) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > aheadBytes && proceed === undefined)
        pipeline.hold(new Promise<void>((resolve) => (proceed = resolve)))
      wake()
    },
    complete() {},
  })
  let ended = false
  let lost: unknown
  const finish = async () => {
    try {
      await pipeline.idle()
    } catch (error) {
      lost = error
    }
    ended = true
    wake()
  }
  const end = finish()
  try {
    while (!ended || chunks.length > 0) {
      if (chunks.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      const taken = Buffer.concat(chunks)
      chunks = []
      bytes = 0
      proceed?.()
      proceed = undefined
      yield taken
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    // Who reads no further lets go of the rest.
    if (!ended) {
      pipeline.dropRows()
      void channel.cancel()
      await end
    }
    pipeline.release()
  }
  signal?.throwIfAborted()
  if (lost !== undefined) throw queryFailure(lost, address)
  if (pipeline.error) throw queryFailure(new ServerError(pipeline.error.fields), address)
}
