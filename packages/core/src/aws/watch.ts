import { Failure } from '../errors.ts'
import { findRdsInstance, marked, readAll, type RdsInstance } from './instances.ts'
import type { Aws, Clock } from './port.ts'

export interface WatchOptions {
  clock: Clock
  signal?: AbortSignal
  /** Told each state that is new, and what RDS says of it. */
  progress?: (line: string) => void
  /** How long it may take. Default: an hour. */
  timeoutSeconds?: number
  /** Pauses between two looks. Default: 10. */
  everySeconds?: number
}

/** From these an instance does not come back by itself (RDS user guide, "DB instance status"). */
const fatal =
  /^(failed|restore-error|incompatible-.*|inaccessible-encryption-credentials.*|insufficient-capacity|storage-full)$/

/**
 * Watches an instance until `done` holds; an instance that is gone is undefined to it. Tells RDS's own events meanwhile.
 *
 * Right after a call the status is still the old one: `done` has to ask for something that only the change brings about, or the
 * caller passes `settled`, which waits until the status has been another one, or did not change for a minute.
 *
 * @throws `aws_state` where it ends in a state that it does not leave by itself, or the time is over.
 */
export async function watchInstance(
  aws: Aws,
  name: string,
  done: (instance: RdsInstance | undefined) => boolean,
  { clock, signal, progress, timeoutSeconds = 3600, everySeconds = 10 }: WatchOptions,
): Promise<RdsInstance | undefined> {
  const started = clock.now()
  // A clock that is a little ahead must not hide the first events.
  let since = started - 60_000
  let shown: string | undefined
  const told = new Set<string>()
  const tellEvents = async () => {
    // They are an extra: who may not read them still sees the status.
    const events = await readEvents(aws, name, since).catch(() => [])
    for (const { at, message } of events) {
      const key = `${at} ${message}`
      if (!told.has(key)) progress?.(message)
      told.add(key)
      since = Math.max(since, at)
    }
  }
  let among: 'all' | 'instances' | 'clusters' = 'all'
  for (;;) {
    signal?.throwIfAborted()
    const instance = await findRdsInstance(aws, name, among)
    if (instance) among = instance.kind === 'cluster' ? 'clusters' : 'instances'
    const status = instance?.status ?? 'gone'
    if (status !== shown) progress?.(`${name} is ${status}`)
    shown = status
    if (progress) await tellEvents()
    if (done(instance)) return instance
    if (fatal.test(status)) {
      throw new Failure('aws_state', `${name} is ${status}, which it does not leave by itself.`, {
        hint: `See what RDS says of it: pgrig rds status ${name}.`,
      })
    }
    if (clock.now() - started > timeoutSeconds * 1000) {
      throw new Failure('aws_state', `${name} is still ${status} after ${Math.round(timeoutSeconds / 60)} minutes.`, {
        hint: `It goes on by itself. Look again with: pgrig rds status ${name}.`,
      })
    }
    await clock.sleep(everySeconds * 1000, signal)
  }
}

/** Holds when a change that was just asked for is over: the status was another one and is `status` again, or a minute has passed. */
export function settled(
  status: string,
  clock: Clock,
  graceSeconds = 60,
): (instance: RdsInstance | undefined) => boolean {
  const started = clock.now()
  let left = false
  return (instance) => {
    if (instance?.status !== status) left = true
    return instance?.status === status && (left || clock.now() - started >= graceSeconds * 1000)
  }
}

/** Lists what RDS tells of an instance since a moment, oldest first. Times are milliseconds since 1970. */
export async function readEvents(aws: Aws, name: string, since: number): Promise<{ at: number; message: string }[]> {
  const events = await readAll(
    (marker) =>
      aws.call('rds', 'DescribeEvents', {
        SourceIdentifier: name,
        SourceType: 'db-instance',
        StartTime: new Date(since),
        ...marked(marker),
      }),
    (answer) => answer.Events,
  )
  return events
    .map(({ Date: at, Message }) => ({ at: at?.getTime() ?? 0, message: Message ?? '' }))
    .sort((one, other) => one.at - other.at)
}
