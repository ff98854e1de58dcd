import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, symlink } from 'node:fs/promises'
import { onTestFinished } from 'vitest'
import { makeProject, root, type TestProject } from './program.ts'

/** Cruddur, built, in a folder of its own: the tests must not touch the data of whoever runs them. */
export async function makeCruddur(): Promise<TestProject> {
  const project = await makeProject()
  await cp(`${root}cruddur`, project.folder, {
    recursive: true,
    filter: (source) => !/cruddur\/\.(pgrig|cruddur|env)/.test(source),
  })
  await symlink(`${root}node_modules`, project.path('node_modules'))
  return project
}

export interface StartedCruddur {
  child: ChildProcess
  address: string
  /** What it has said so far, on both streams. */
  said(): string
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts it, and waits until it says where it is. Fails with what it said where it ends before. */
export async function startCruddur(project: TestProject, env: Record<string, string> = {}): Promise<StartedCruddur> {
  const child = spawn(process.execPath, [project.path('dist/start.js')], {
    cwd: '/',
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const found = /Cruddur is at (https?:\S+)/.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${said}`)))
  })
  return {
    child,
    address,
    said: () => said,
    async stop(signal = 'SIGINT') {
      child.kill(signal)
      const [code] = (await once(child, 'exit')) as [number | null]
      return code
    },
  }
}
