// Cruddur beside pgbench with its own statements, a service of the original's design, and an instant API, in turn on one server.
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { removeServer, startServer } from '@pgrig/core'
import { fillDatabase } from './cruddur/database.ts'
import { runPgbench, runWrk, type Figure, type Load } from './cruddur/generators.ts'
import { signPeopleIn } from './cruddur/people.ts'
import { judge, names, printTables, printVerdicts, type Row } from './cruddur/report.ts'
import {
  findGenerators,
  installPeers,
  root,
  startCruddur,
  startOriginal,
  startPostgraphile,
  type Service,
} from './cruddur/services.ts'
import { operations } from './cruddur/statements.ts'
import { printHeading } from './measure.ts'

const usage = `npm run bench -- cruddur [--quick] [--rounds N] [--seconds N] [--json]

  1,000,000 activities of 10,000 people; with --quick a tenth, in one short round. Half an hour of it is normal.
`
const levels = [1, 8, 16, 32]

const { quick, rounds, seconds, json } = readWords(process.argv.slice(3))
const size = quick ? { people: 1_000, activities: 100_000 } : { people: 10_000, activities: 1_000_000 }
const say = (line: string) => console.error(line)

interface Contender {
  name: string
  run(load: Load): Promise<Figure>
}

findGenerators()
installPeers()
const project = mkdtempSync(join(tmpdir(), 'pgrig-bench-'))
chmodSync(project, 0o755)
writeFileSync(join(project, 'pgrig.json'), JSON.stringify({ database: 'cruddur' }))
const [loadBefore = 0] = loadavg()
const services: Service[] = []
const interrupted = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort())
try {
  const server = await startServer(project)
  say(`Making ${size.activities} activities …`)
  const url = await fillDatabase(server, size, `${root}bench/cruddur/peer.sql`)
  const secret = randomBytes(32).toString('base64url')
  const { cookies, uuids } = await signPeopleIn(url, project, secret)
  const cruddur = await startCruddur({ url, folder: project, peopleFile: cookies, secret })
  services.push(cruddur)
  const original = await startOriginal({ url, folder: project, peopleFile: cookies })
  services.push(original)
  const postgraphile = await startPostgraphile({ url, folder: project, peopleFile: uuids })
  services.push(postgraphile)
  const asked = (name: string, service: Service): Contender => ({ name, run: (load) => runWrk(service, size, load) })
  const contenders: Contender[] = [
    { name: names.pgbench, run: (load) => runPgbench(url, project, size, load) },
    asked(names.cruddur, cruddur),
    asked(names.anonymous, { ...cruddur, kind: 'anonymous' }),
    asked(names.original, original),
    asked(names.postgraphile, postgraphile),
  ]
  const rows = await measure(contenders)
  const verdicts = judge(rows)
  if (json) {
    console.log(JSON.stringify({ size, rounds, seconds, loadBefore, rows, verdicts }))
  } else {
    printHeading(`${size.activities} activities, ${size.people} people, on the embedded server`, rounds)
    // A scheduler is fair to processes, and pgbench has more of them: what others do here takes most from a service.
    console.log(`The machine’s load was ${loadBefore.toFixed(1)} before; shares mean little where it was not near 0.`)
    printTables(rows, levels)
    printVerdicts(verdicts)
  }
} catch (error) {
  if (!interrupted.signal.aborted) throw error
  process.exitCode = 130
} finally {
  for (const service of services) await service.stop()
  await removeServer(project)
  rmSync(project, { recursive: true, force: true })
}

/** Everything once without counting it, so that all is warm, and then round by round, beside each other. */
async function measure(contenders: Contender[]): Promise<Row[]> {
  const rows: Row[] = []
  for (let round = -1; round < rounds; round++) {
    say(round < 0 ? 'Warming up …' : `Round ${round + 1} of ${rounds} …`)
    for (const operation of operations) {
      for (const clients of round < 0 ? [8] : levels) {
        for (const { name, run } of contenders) {
          interrupted.signal.throwIfAborted()
          // Only the home feed is the same for all who are not signed in.
          if (name === names.anonymous && operation !== 'home') continue
          const figure = await run({ operation, clients, seconds: round < 0 ? Math.max(3, seconds) : seconds })
          if (round >= 0) keep(rows, { contender: name, operation, clients, figures: [figure] })
        }
      }
    }
  }
  return rows
}

function keep(rows: Row[], row: Row): void {
  const same = rows.find(
    ({ contender, operation, clients }) =>
      contender === row.contender && operation === row.operation && clients === row.clients,
  )
  if (same) same.figures.push(...row.figures)
  else rows.push(row)
}

function readWords(words: string[]): { quick: boolean; rounds: number; seconds: number; json: boolean } {
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    const { quick, json, rounds = quick ? '1' : '3', seconds = quick ? '2' : '5' } = values
    return { quick, json, rounds: readNumber('--rounds', rounds), seconds: readNumber('--seconds', seconds) }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    process.exit(64)
  }
}

function readNumber(flag: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text)
  throw new Error(`${flag} wants a whole number above zero, not "${text}".`)
}
