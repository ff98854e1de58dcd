import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { activitiesPerThread, type Size } from './database.ts'
import { root, type Service } from './services.ts'
import { type Operation, pgbenchScript } from './statements.ts'

/** What one run of a load generator says. */
export interface Figure {
  perSecond: number
  /** Milliseconds; pgbench is not asked for it. */
  p99: number | undefined
}

export interface Load {
  operation: Operation
  clients: number
  seconds: number
}

/** Runs the statement itself from pgbench, prepared. */
export async function runPgbench(url: string, folder: string, size: Size, load: Load): Promise<Figure> {
  const file = join(folder, `${load.operation}.sql`)
  writeFileSync(file, pgbenchScript(load.operation, size))
  const given = ['-n', '-M', 'prepared', '-c', String(load.clients), '-T', String(load.seconds), '-f', file]
  const output = await collect('pgbench', [...given, url])
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(output)?.[1])
  if (!(perSecond > 0) || /number of failed transactions: [1-9]/.test(output)) throw new Error(`pgbench:\n${output}`)
  return { perSecond, p99: undefined }
}

/** Asks a service over HTTP with wrk: one thread, and as many connections as there are clients. */
export async function runWrk(service: Service, { people, activities }: Size, load: Load): Promise<Figure> {
  const threads = String(activities / activitiesPerThread)
  const seed = String(Math.floor(Math.random() * 1e9))
  const words = [service.kind, load.operation, String(people), threads, String(activitiesPerThread), service.peopleFile]
  const asked = ['-t', '1', '-c', String(load.clients), '-d', `${load.seconds}s`, '--timeout', '10s']
  const script = ['-s', `${root}bench/cruddur/requests.lua`, service.url, '--', ...words, service.url, seed]
  const output = await collect('wrk', [...asked, ...script])
  const line = output.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(`wrk:\n${output}`)
  const { requests, microseconds, p99, failed } = JSON.parse(line) as Record<string, number>
  if (failed !== 0) throw new Error(`${service.name}, ${load.operation}: ${failed} requests failed`)
  return { perSecond: ((requests ?? 0) * 1e6) / (microseconds ?? 1), p99: (p99 ?? 0) / 1000 }
}

/** What a program prints. Throws where it fails, or is not there. */
async function collect(command: string, args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr.on('data', (data: Buffer) => (output += data.toString()))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (status !== 0) throw new Error(`${command} failed with ${status}:\n${output}`)
  return output
}
