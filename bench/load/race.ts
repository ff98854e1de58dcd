import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { median, medianRatio, printHeading, printRow, type Contender } from '../measure.ts'

/** One way to load a file. */
export interface Loader extends Contender {
  /** It is slow: run it in the first round alone, and without a round to warm up. */
  once?: boolean
  /** It does only a part of the work: its time is multiplied by this. */
  scale?: number
}

/** What the second loader's row says of the first. */
export type Goal = { ratioAtMost: number } | { timesFasterAtLeast: number }

export interface Race {
  title: string
  /** Ours, the peer that the goal is about, and others. */
  loaders: [Loader, Loader, ...Loader[]]
  rounds: number
  goal: Goal
  /** Makes an empty database, before each run; not measured. */
  prepare: () => Promise<void>
  signal: AbortSignal
}

/**
 * Like `compare` of the other benchmarks, with work before each run that does not count, and in every second round the other
 * way round: whoever follows the longest load meets the server while it still writes that to the disk.
 */
export async function race({ title, loaders, rounds, goal, prepare, signal }: Race): Promise<void> {
  const times = loaders.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    const inTurn = [...loaders.entries()]
    if (round % 2 !== 0) inTurn.reverse()
    for (const [index, loader] of inTurn) {
      if (loader.once && round !== 0) continue
      await prepare()
      const { milliseconds } = await load(loader, signal)
      if (round >= 0) times[index]?.push(milliseconds * (loader.scale ?? 1))
    }
  }
  printHeading(title, rounds)
  const [ours = []] = times
  for (const [index, { name }] of loaders.entries()) {
    const own = times[index] ?? []
    const notes = [index > 0 && describeRatio(ours, own, goal), index === 1 && describeGoal(ours, own, goal)]
    printRow(name, own, notes.filter((note) => note !== false).join('   '))
  }
  if ('ratioAtMost' in goal) console.log(`\nratio: ${loaders[0].name} to that row; below 1 we are faster.`)
}

function describeRatio(ours: number[], theirs: number[], goal: Goal): string {
  if ('ratioAtMost' in goal) return `ratio ${ratioOf(ours, theirs).toFixed(2)}`
  return `${(1 / ratioOf(ours, theirs)).toFixed(1)} times as long`
}

function describeGoal(ours: number[], theirs: number[], goal: Goal): string {
  const ratio = ratioOf(ours, theirs)
  if ('ratioAtMost' in goal) return verdict(`at most ${goal.ratioAtMost.toFixed(2)}`, ratio <= goal.ratioAtMost)
  return verdict(`at least ${goal.timesFasterAtLeast}`, 1 / ratio >= goal.timesFasterAtLeast)
}

/** Round by round, unless the other one ran once. */
function ratioOf(ours: number[], theirs: number[]): number {
  return theirs.length === ours.length ? medianRatio(ours, theirs) : median(ours) / median(theirs)
}

/** The goal, and whether it is met. */
export function verdict(goal: string, met: boolean): string {
  return `goal: ${goal}, ${met ? 'met' : 'MISSED'}`
}

export interface Loaded {
  milliseconds: number
  /** The most memory that the process had at once. Undefined: this is not Linux. */
  peakBytes?: number
}

/** Runs one loader to its end, from the start of its process. Throws when it fails. */
export async function load({ name, command, args, env, cwd }: Loader, signal: AbortSignal): Promise<Loaded> {
  const started = performance.now()
  const child = spawn(command, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...withoutDatabase(process.env), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
  })
  const said: Buffer[] = []
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes))
  let peakBytes: number | undefined
  // Linux keeps the peak, so that looking seldom is enough: what it grows between the last look and the end is missed.
  const looking = setInterval(() => void readPeak(child.pid).then((bytes) => (peakBytes = bytes ?? peakBytes)), 50)
  try {
    const [status] = (await once(child, 'close')) as [number | null]
    const milliseconds = performance.now() - started
    if (status !== 0) throw new Error(`${name} failed with ${status}:\n${Buffer.concat(said).toString()}`)
    return { milliseconds, ...(peakBytes !== undefined && { peakBytes }) }
  } finally {
    clearInterval(looking)
  }
}

async function readPeak(pid: number | undefined): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** No variable may lead a loader to another database; and what Node would read at every start is left out, as elsewhere. */
function withoutDatabase(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(variables).filter(([name]) => !/^PG|^(DATABASE|CONNECTION)_URL$|^NODE_EXTRA/.test(name))
  return Object.fromEntries(kept)
}
