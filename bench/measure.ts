import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

/** One way to do the job. */
export interface Contender {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  cwd?: string
}

interface Result {
  name: string
  medianMilliseconds: number
  fastest: number
  slowest: number
}

/**
 * Runs whole commands in turn, one of each a round, so that a machine that changes its speed changes it for all; the first
 * round is not counted. A pause before each lets the server end what a contender has left to it. Prints medians, and the ratio of the first to each of the others, round by round.
 */
export function compare(
  title: string,
  contenders: [Contender, ...Contender[]],
  rounds: number,
  pauseMilliseconds = 0,
): Result[] {
  const times = contenders.map((): number[] => [])
  for (let round = -1; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      if (pauseMilliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMilliseconds)
      const milliseconds = runOnce(contender)
      if (round >= 0) times[index]?.push(milliseconds)
    }
  }
  printHeading(title, rounds)
  const [first = []] = times
  for (const [index, { name }] of contenders.entries()) {
    const own = times[index] ?? []
    printRow(name, own, index === 0 ? '' : `ratio ${medianRatio(first, own).toFixed(2)}`)
  }
  if (contenders.length > 1) console.log(`\nratio: ${contenders[0].name} to that row; below 1 we are faster.`)
  return contenders.map(({ name }, index) => {
    const own = times[index] ?? []
    return { name, medianMilliseconds: median(own), fastest: Math.min(...own), slowest: Math.max(...own) }
  })
}

/** Says what is measured, and on what machine. */
export function printHeading(title: string, rounds: number): void {
  if (process.env.NODE_EXTRA_CA_CERTS)
    console.log('\nNODE_EXTRA_CA_CERTS is set here, and was left out for all of them.')
  console.log(
    `\n${title}\n${rounds} rounds in turn, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}\n`,
  )
}

/** One contender's median, fastest and slowest time in milliseconds. */
export function printRow(name: string, times: number[], note: string): void {
  const spread = times.length > 1 ? `(${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)})` : ''
  console.log(`${name.padEnd(44)} ${median(times).toFixed(1).padStart(8)} ms  ${spread.padEnd(12)}   ${note}`.trimEnd())
}

/** Median of the ratios of one to the other, round by round. */
export function medianRatio(ones: number[], others: number[]): number {
  return median(others.map((other, round) => (ones[round] ?? 0) / other))
}

function runOnce({ name, command, args, env = {}, cwd }: Contender): number {
  const started = performance.now()
  const { status, stderr, error } = spawnSync(command, args, {
    ...(cwd !== undefined && { cwd }),
    // Node reads the file that this variable names at every start, 50 ms of a start that otherwise takes 25.
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const milliseconds = performance.now() - started
  if (error) throw error
  if (status !== 0) throw new Error(`${name} failed with ${status}:\n${stderr.toString()}`)
  return milliseconds
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
