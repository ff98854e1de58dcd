import { dirname } from 'node:path'
import {
  checkPrograms,
  exitCodes,
  Failure,
  findPsql,
  freeBytes,
  inspectServer,
  isIgnoredByGit,
  listCopies,
  openTarget,
  withMaintenance,
  type OpenTarget,
} from '@pgrig/core'
import { defineCommand, type Tools } from '../command.ts'
import { bytesText } from '../layout.ts'
import { counted } from '../loaded-view.ts'

interface Finding {
  about: string
  verdict: 'ok' | 'warning' | 'problem'
  seen: string
  /** What to do. */
  hint?: string
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Find out what is wrong with this machine, this configuration, this server, and what to do',
  description:
    'Changes nothing, and starts nothing that does not run. Exits with 5 when there is a problem; warnings do not count.',
  target: 'project',
  exitCodes: ['found'],
  examples: ['doctor', 'doctor prod', 'doctor --json'],

  async run(_, tools) {
    const findings = [await checkPsql(tools), ...(await checkProject(tools))]
    return { healthy: findings.every(({ verdict }) => verdict !== 'problem'), findings }
  },

  show({ healthy, findings }, screen) {
    const marks = {
      ok: screen.style('green', 'ok     '),
      warning: screen.style('yellow', 'warning'),
      problem: screen.style('red', 'problem'),
    }
    for (const { about, verdict, seen, hint } of findings) {
      screen.line(`${marks[verdict]}  ${about}: ${seen}`)
      if (hint !== undefined) screen.line(`         ${hint}`)
    }
    screen.line()
    screen.line(healthy ? 'All is well.' : 'There is something to mend: see above.')
  },

  exit: ({ healthy }) => (healthy ? exitCodes.done : exitCodes.found),
})

async function checkPsql({ variables }: Tools): Promise<Finding> {
  const psql = await findPsql(variables)
  return psql
    ? { about: 'psql', verdict: 'ok', seen: psql }
    : { about: 'psql', verdict: 'warning', seen: 'not installed', hint: 'Only pgrig connect needs it.' }
}

function problem(about: string, error: unknown): Finding {
  if (!(error instanceof Failure)) throw error
  const { location, message, hint } = error
  const place = location ? `${location.file}:${location.line}:${location.column}: ` : ''
  return { about, verdict: 'problem', seen: `${place}${message}`, ...(hint !== undefined && { hint }) }
}

/** Turns a failure into a finding: the rest can still be looked at. */
async function attempt(about: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look()
  } catch (error) {
    return [problem(about, error)]
  }
}

function checkProject(tools: Tools): Promise<Finding[]> {
  return attempt('configuration', async () => {
    const { folder, settingsFile } = await tools.project()
    const target = await tools.resolvedTarget()
    const where = target.values.find(({ name }) => name === 'host' || name === 'server')
    return [
      { about: 'project', verdict: 'ok', seen: settingsFile ?? `${folder}, without a pgrig.json` },
      {
        about: `target ${target.name}`,
        verdict: 'ok',
        seen: `${where?.value ?? ''} (from: ${where?.origin ?? 'nowhere'})`,
      },
      ...target.warnings.map((seen): Finding => ({ about: `target ${target.name}`, verdict: 'warning', seen })),
      ...(await checkDotEnv(folder)),
      ...(target.kind === 'embedded' ? await checkEmbedded(folder, tools) : await checkServer(tools)),
    ]
  })
}

async function checkDotEnv(folder: string): Promise<Finding[]> {
  const ignored = await isIgnoredByGit(folder, '.env')
  if (ignored !== false) return []
  return [
    {
      about: '.env',
      verdict: 'warning',
      seen: 'it exists and git does not ignore it',
      hint: 'It may hold passwords: add .env to .gitignore.',
    },
  ]
}

const scarceBytes = 500 * 1024 * 1024

async function checkEmbedded(folder: string, tools: Tools): Promise<Finding[]> {
  return attempt('embedded server', async () => {
    const { postgres, version, user } = await checkPrograms(folder)
    const state = await inspectServer(folder)
    const free = await freeBytes(dirname(state.dataFolder))
    const findings: Finding[] = [
      { about: 'PostgreSQL programs', verdict: 'ok', seen: `${version}, ${postgres}, run as ${user}` },
      free < scarceBytes
        ? { about: 'disk', verdict: 'warning', seen: `only ${Math.round(free / 1024 / 1024)} MB are free for the data` }
        : { about: 'disk', verdict: 'ok', seen: `${Math.round(free / 1024 / 1024 / 1024)} GB free for the data` },
    ]
    if (state.dataMajor !== undefined && state.dataMajor !== state.major) {
      const seen = `${state.dataFolder} belongs to PostgreSQL ${state.dataMajor}, the programs are ${version}`
      return [
        ...findings,
        { about: 'data', verdict: 'problem', seen, hint: 'Move it away, or use the pgrig that made it.' },
      ]
    }
    if (!state.running) {
      return [
        ...findings,
        { about: 'embedded server', verdict: 'ok', seen: 'not running; every command starts it when it needs it' },
      ]
    }
    return [...findings, ...(await checkServer(tools))]
  })
}

function checkServer(tools: Tools): Promise<Finding[]> {
  return attempt('server', async () => {
    const warnings: string[] = []
    const target = await openTarget(await tools.resolvedTarget(), {
      application: 'pgrig doctor',
      signal: tools.signal,
      warn: (text) => warnings.push(text),
    })
    return [
      await checkVersion(target),
      await checkDatabase(target),
      ...warnings.map((seen): Finding => ({ about: 'database', verdict: 'problem', seen })),
      ...(await checkCopies(target)),
      ...(await checkProtection(target)),
    ]
  })
}

const oldestMajor = 14

function checkVersion(target: OpenTarget): Promise<Finding> {
  return withMaintenance(target, async ({ serverVersion }) => {
    const seen = `${target.description}, PostgreSQL ${serverVersion}`
    return Number.parseInt(serverVersion, 10) >= oldestMajor
      ? { about: 'server', verdict: 'ok', seen }
      : { about: 'server', verdict: 'warning', seen, hint: `pgrig is tested with PostgreSQL ${oldestMajor} and newer.` }
  })
}

async function checkDatabase(target: OpenTarget): Promise<Finding> {
  try {
    const connection = await target.connect()
    await connection.close()
    return { about: 'database', verdict: 'ok', seen: target.database }
  } catch (error) {
    return problem('database', error)
  }
}

/** What is kept for undo takes space that nobody sees. */
async function checkCopies(target: OpenTarget): Promise<Finding[]> {
  const copies = await withMaintenance(target, (connection) => listCopies(connection, { sizes: true }))
  if (copies.length === 0) return []
  const bytes = copies.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0)
  const seen = `${counted(copies.length, 'dropped database')} kept for undo, ${bytesText(bytes)} (pgrig undo list)`
  return [{ about: 'copies', verdict: 'ok', seen }]
}

async function checkProtection(target: OpenTarget): Promise<Finding[]> {
  const signs = await target.productionSigns()
  if (signs.length === 0) return []
  return [{ about: 'guard', verdict: 'ok', seen: `it counts as production: ${signs.join('; ')}` }]
}
