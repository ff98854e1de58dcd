import { statSync } from 'node:fs'
import { hostname } from 'node:os'
import { relative, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import {
  connect,
  describeTarget,
  Failure,
  findLogin,
  findProject,
  inspectHoldings,
  isEmptyDatabase,
  listTargets,
  openAws,
  openTarget,
  readEnvironment,
  resolveTarget,
  type Clock,
  type Environment,
  type Holdings,
  type OpenAws,
  type OpenTarget,
  type RdsWish,
  type Target,
} from '@pgrig/core'
import { recordChanges } from './change-record.ts'
import type { CommonFlags, Tools } from './command.ts'
import type { CommandSource } from './discover.ts'
import { quoted } from './parse.ts'
import { failureValue, reportFailure } from './report.ts'
import { numberText } from './layout.ts'
import type { Screen } from './screen.ts'
import { showLosses } from './script-losses.ts'

/** What tests put in the place of the world outside. */
interface OutsideWorld {
  openAws?: typeof openAws
  clock?: Clock
  connect?: typeof connect
}

/** Makes what a command works with. Opens nothing by itself. */
export function createTools(
  common: CommonFlags,
  screen: Screen,
  signal: AbortSignal,
  commands: CommandSource,
  outside: OutsideWorld = {},
): Tools {
  const current = readEnvironment()
  const { folder, variables } = current
  const environment = once(() => environmentIn(current, common.folder))
  const project = once(() => findProject(environment()))
  const resolved = once(async () => {
    return resolveTarget(await project(), environment(), {
      findRds,
      ...(common.target !== undefined && { name: common.target }),
      ...(common.url !== undefined && { url: common.url }),
    })
  })
  const findRds = async ({ name, ...wish }: RdsWish) => findLogin(await regionOfAws(), name, wish)
  const plan = async (target: Target) => {
    for (const warning of target.warnings) screen.warn(warning)
    screen.target(await describeTarget(target))
    return target
  }
  const planned = once(async () => plan(await resolved()))
  const open = async (target: Target) => {
    const progress = screen.progress.line('Starting the database server')
    try {
      return await openTarget(target, {
        application: `pgrig ${common.command}`,
        signal,
        onNotice: ({ severity, message }) => screen.note(`${severity}: ${message}`),
        progress: (line) => progress.update(line),
        warn: (text) => screen.warn(text),
      })
    } finally {
      progress.end()
    }
  }
  const target = once(async () => open(await planned()))
  let aws: Promise<OpenAws> | undefined

  /** The same database may be named by another target, which is protected. */
  const otherNames = async (target: Target, database: string): Promise<string[]> => {
    if (target.kind === 'embedded') return []
    const signs = []
    for (const name of listTargets(await project(), environment())) {
      const other = await resolveTarget(await project(), environment(), { name }).catch(() => undefined)
      if (other?.kind !== 'server' || !other.protected || name === target.name) continue
      const { host, port } = other.address
      const same = host === target.address.host && port === target.address.port && other.database === database
      if (same) signs.push(`it is the database of the protected target ${name}`)
    }
    return signs
  }

  const productionSigns: Tools['productionSigns'] = async (open, { database = open.database, connection } = {}) => [
    ...(await open.productionSigns(connection, database)),
    ...(await otherNames(open.target, database)),
  ]

  const record = recordChanges({
    command: common.command,
    user: current.userName,
    projectFolder: async () => (await project()).folder,
    warn: (text) => screen.warn(text),
  })

  const confirmName = async (question: string, name: string) => {
    const command = common.commandWith(`--confirm ${quoted(name)}`)
    if (common.confirm === name) return
    if (common.confirm !== undefined) throw wrongName(common.confirm, name)
    if (await screen.askExact(question, name, command)) return
    throw new Failure('refused', `That is not the name "${name}".`, { state: 'Nothing was changed.' })
  }

  /** For what loses nothing: a question, which `--confirm` answers where nobody is asked. */
  const confirmChange = async (question: string, name: string) => {
    if (common.confirm === name || (await screen.ask(question, common.commandWith(`--confirm ${quoted(name)}`)))) return
    throw new Failure('refused', 'You answered no.', { state: 'Nothing was changed.' })
  }

  const regionOfAws = () => (aws ??= openRegion())
  const openRegion = async () => {
    const { aws: settings = {} } = (await project()).settings
    const region = common.region ?? variables['AWS_REGION'] ?? settings.region
    const profile = common.profile ?? variables['AWS_PROFILE'] ?? settings.profile
    const open = await (outside.openAws ?? openAws)({
      signal,
      ...(region !== undefined && { region }),
      ...(profile !== undefined && { profile }),
    })
    screen.target(`AWS ${open.region}${profile === undefined ? '' : ` as the profile ${profile}`}`)
    if (settings.regions && !settings.regions.includes(open.region)) {
      open.close()
      throw new Failure('aws_region', `pgrig.json allows ${settings.regions.join(', ')}, and not ${open.region}.`, {
        hint: 'Give one of these with --region; or add it to aws.regions, if the data may be there.',
        state: 'Nothing was asked of AWS.',
      })
    }
    return open
  }

  return {
    signal,
    common,
    commands,
    dryRun: common.dryRun,
    json: common.json,
    progress: screen.progress,
    output: screen.output,
    outputGone: screen.outputGone,
    errorOutput: screen.errorOutput,
    columns: screen.columns,
    color: screen.color,
    standardInput: () => screen.standardInput,
    report: (failure) => reportFailure(failure, screen),
    describe: (failure) => failureValue(failure, screen),
    folder,
    user: `${current.userName ?? 'somebody'}@${hostname()}`,
    variables,
    nameFile: (path) => nameFile(path, folder),
    project,
    resolvedTarget: resolved,
    plannedTarget: planned,
    target,
    otherTarget: async (which) =>
      open(
        await plan(
          'kind' in which ? which : await resolveTarget(await project(), environment(), { ...which, findRds }),
        ),
      ),
    note: (text) => screen.note(text),
    async confirm(question) {
      if (common.yes) return
      if (await screen.ask(question, common.commandWith('--yes'))) return
      throw new Failure('refused', 'You answered no.', { state: 'Nothing was changed.' })
    },
    canAsk: screen.canAsk && !common.yes,
    ask: (question) => screen.ask(question, common.commandWith('--yes')),
    confirmName,
    productionSigns,
    async permitLoss(open, deed, { ifNotEmpty = false, tables = true, connection, losses } = {}) {
      if (common.confirm !== undefined && common.confirm !== open.database)
        throw wrongName(common.confirm, open.database)
      const signs = await productionSigns(open, connection && { connection })
      if (signs.length === 0) return signs
      const found = await losses?.()
      const looks = tables && found === undefined
      const holdings = !looks ? undefined : connection ? await inspectHoldings(connection) : await findHoldings(open)
      const empty = found && connection ? await isEmptyDatabase(connection) : (holdings?.empty ?? true)
      // Beside an empty database there may be others.
      if (!ifNotEmpty || !empty || (found && found.losses.length > 0)) {
        screen.note(`This ${deed} on what looks like production: ${signs.join('; ')}.`)
        if (holdings) showHoldings(holdings, screen)
        if (found) showLosses(found, screen)
        try {
          if (found?.losses.length === 0 && found.unknown.length === 0)
            await confirmChange(`Run it (${open.description})?`, open.database)
          else await confirmName(`Type the name of the database to go on (${open.description}):`, open.database)
        } catch (error) {
          await record.refuse(open, deed, signs, error)
          throw error
        }
      }
      await record.begin(open, deed, signs)
      return signs
    },
    async scriptConsent(open, connection, ask) {
      // A name that was given is compared before anything is sent.
      const asksAnyway = common.confirm !== undefined || (await otherNames(open.target, open.database)).length > 0
      return { test: asksAnyway ? undefined : open.productionTest(connection), ask }
    },
    async noteChange(open, deed, options) {
      const signs = await productionSigns(open, options)
      if (signs.length > 0) await record.begin(open, deed, signs)
      return signs
    },
    noteRdsChange: async (name, deed) => record.beginAtAws(`${name} on RDS in ${(await regionOfAws()).region}`, deed),
    connect: outside.connect ?? connect,
    aws: regionOfAws,
    clock: outside.clock ?? {
      now: () => Date.now(),
      sleep: (milliseconds, stop = signal) => setTimeout(milliseconds, undefined, { signal: stop }),
    },
    async ended(thrown) {
      await record.end(thrown)
      // Where it could not be opened there is nothing to close.
      await aws?.then((open) => open.close()).catch(() => {})
    },
    isTarget: async (word) => listTargets(await project(), environment()).includes(word),
    targetNames: async () => listTargets(await project(), environment()),
    openFullScreen: () => screen.openFullScreen(),
    lendTerminal: (work) => screen.lend(work),
  }
}

function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | undefined
  return () => (made ??= { result: make() }).result
}

function environmentIn(current: Environment, folder: string | undefined): Environment {
  if (folder === undefined) return current
  const path = resolve(current.folder, folder)
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Failure('file_missing', `There is no folder ${path}.`, {
      hint: '--folder names the folder of the project.',
    })
  }
  return readEnvironment(path)
}

function wrongName(typed: string, name: string): Failure {
  return new Failure('refused', `--confirm says "${typed}", and the name is "${name}".`, {
    hint: 'Is it the right target? Nothing is done unless the two are the same.',
    state: 'Nothing was changed.',
  })
}

/** Editors and terminals open what stands in an error: a short way where there is one. */
function nameFile(path: string, folder: string): string {
  const way = relative(folder, path)
  return way === '' || way.startsWith('..') ? path : way
}

async function findHoldings(open: OpenTarget): Promise<Holdings | undefined> {
  try {
    const connection = await open.connect()
    try {
      return await inspectHoldings(connection)
    } finally {
      await connection.close()
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // What it holds cannot be found out. 55000: it lets nobody in.
    const shut = ['database_missing', 'database_invalid', 'database_unfinished'].includes(error.code)
    if (shut || error.sql?.sqlstate === '55000') return undefined
    throw error
  }
}

const shownTables = 10

function showHoldings({ database, sizeBytes, tables, sessions }: Holdings, screen: Screen): void {
  const others =
    sessions === 0
      ? 'nobody is connected'
      : sessions === 1
        ? 'one session is connected'
        : `${sessions} sessions are connected`
  screen.note(
    `${database} holds ${screen.bytes(sizeBytes)} in ${tables.length === 1 ? 'one table' : `${tables.length} tables`}; ${others}.`,
  )
  for (const { name, rows, estimated, sizeBytes: bytes } of tables.slice(0, shownTables)) {
    const count =
      rows === null ? 'rows unknown' : `${estimated ? 'about ' : ''}${numberText(rows)} ${rows === 1 ? 'row' : 'rows'}`
    screen.note(`  ${name}: ${count}, ${screen.bytes(bytes)}`)
  }
  if (tables.length > shownTables) screen.note(`  and ${tables.length - shownTables} more`)
}
