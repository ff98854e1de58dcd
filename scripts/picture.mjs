// node scripts/picture.mjs: runs the session below for real and draws docs/picture.svg. With --check: fails when it is stale.
import { spawn } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const check = process.argv.includes('--check')
// Not where a test calls: a build would take the program away from the tests that run beside it.
if (!check) await import('./ready.mjs')
const { removeServer, startServer } = await import('../packages/core/dist/index.js')

const root = fileURLToPath(new URL('..', import.meta.url))
const picture = `${root}docs/picture.svg`

const likes = `create table likes (
  user_uuid uid not null references users,
  primary key (user_uuid)
);
`

const folder = mkdtempSync(join(tmpdir(), 'pgrig-picture-'))
const project = join(folder, 'cruddur')
const elsewhere = join(folder, 'elsewhere')
try {
  const svg = draw(await record())
  if (!check) writeFileSync(picture, svg)
  else if (svg !== readFileSync(picture, 'utf8')) {
    console.error('docs/picture.svg does not show what pgrig prints. Run node scripts/picture.mjs.')
    process.exitCode = 1
  }
} finally {
  for (const place of [project, elsewhere]) await removeServer(place).catch(() => {})
  rmSync(folder, { recursive: true, force: true })
}

/** Runs the session in a throw-away copy of Cruddur. Production is a second server. */
async function record() {
  for (const name of ['pgrig.json', 'db'])
    cpSync(`${root}cruddur/${name}`, join(project, name), { recursive: true, filter: (path) => !path.endsWith('.ts') })
  cpSync(join(project, 'pgrig.json'), join(elsewhere, 'pgrig.json'))
  writeFileSync(join(project, 'db/likes.sql'), likes)
  // The server's user has to get in.
  for (const place of [folder, project, elsewhere]) chmodSync(place, 0o755)
  // What the first start says of itself is for the guide.
  await startServer(project)
  const production = await startServer(elsewhere)
  const password = encodeURIComponent(readFileSync(production.passwordFile, 'utf8').trim())
  const env = {
    PATH: `${root}node_modules/.bin:${process.env.PATH}`,
    HOME: folder,
    LANG: 'C.UTF-8',
    FORCE_COLOR: '1',
    PROD_CONNECTION_URL: `postgresql://postgres:${password}@127.0.0.1:${production.port}/cruddur`,
  }
  const run = (command) => outputOf(command, env)
  await run('pgrig prepare prod')

  const lines = []
  const type = async (comment, command) => {
    if (lines.length > 0) lines.push('')
    lines.push(`\u001B[90m# ${comment}\u001B[39m`, `\u001B[90m$\u001B[39m \u001B[1m${command}\u001B[22m`)
    lines.push(
      ...steady(await run(command))
        .trimEnd()
        .split('\n'),
    )
  }
  await type('A database from nothing, on a PostgreSQL that npm brought along', 'pgrig setup')
  await type('A mistake in a script is shown where it is, and leaves nothing behind', 'pgrig schema load db/likes.sql')
  const leave = await stayConnected(env)
  await type('Somebody is still connected', 'pgrig drop')
  await leave()
  await type('Production cannot be changed in passing', "pgrig connect prod -- -c 'delete from activities'")
  return lines
}

/** What a command prints, on both streams, in its order. */
async function outputOf(command, env) {
  const child = spawn('sh', ['-c', `exec 2>&1; ${command}`], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk
  return output
}

/** Somebody in another terminal who has psql open. */
async function stayConnected(env) {
  const psql = spawn('sh', ['-c', 'exec pgrig connect'], { cwd: project, env, stdio: ['pipe', 'ignore', 'ignore'] })
  const ended = new Promise((resolve) => void psql.once('close', resolve))
  for (let tries = 0; !(await outputOf('pgrig sessions --all', env)).includes('pgrig connect'); tries++) {
    if (tries === 100) throw new Error('psql did not connect: is it installed?')
    await sleep(100)
  }
  return () => {
    psql.stdin.end()
    return ended
  }
}

/** Without progress, which only a slow machine shows; the numbers that are others at each run as ones that they often are. */
function steady(text) {
  return text
    .replace(/^(Setting up|Dropping|Creating|Loading) .*[^.\n]\n/gm, '')
    .replace(/\b\d+ ms\b/g, '12 ms')
    .replace(/\bpid \d+/g, 'pid 4711')
    .replace(/\bprocess \d+/g, 'process 4710')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:5432')
}

/** Lines with ANSI colours as a terminal in an SVG, 800 pixels wide. */
function draw(lines) {
  const columns = 90
  const cell = { width: 8.4, height: 20 }
  const left = 22
  const top = 62
  const rows = lines.flatMap((line) => wrap(readColors(line), columns))
  const height = top + rows.length * cell.height + 12
  const texts = rows.flatMap((row, index) =>
    row.map(({ text, column, style }) => {
      const indent = text.length - text.trimStart().length
      const shown = text.trim()
      if (shown === '') return ''
      const x = round(left + (column + indent) * cell.width)
      // Whatever font there is, columns stay columns.
      const length = round(shown.length * cell.width)
      return `<text x="${x}" y="${top + index * cell.height}" textLength="${length}"${style}>${escape(shown)}</text>`
    }),
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 ${height}" width="800" height="${height}" role="img" aria-labelledby="title">
<title id="title">A terminal: pgrig sets a database up, finds a mistake in a script, will not drop a database that is in use, and keeps production read-only</title>
<style>
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: #d5dbe5; white-space: pre }
.bold { font-weight: 700; fill: #ffffff }
.red { fill: #ff7b72 } .green { fill: #7ee787 } .yellow { fill: #e3b341 } .cyan { fill: #76d9e6 } .grey { fill: #8b96a5 }
</style>
<rect x="0.5" y="0.5" width="799" height="${height - 1}" rx="9" fill="#14181f" stroke="#39424f"/>
<path d="M1 35.5h798" stroke="#2a323d"/>
<circle cx="22" cy="18" r="6" fill="#ff5f57"/><circle cx="42" cy="18" r="6" fill="#febc2e"/><circle cx="62" cy="18" r="6" fill="#28c840"/>
<text x="400" y="23" text-anchor="middle" class="grey">cruddur</text>
${texts.filter(Boolean).join('\n')}
</svg>
`
}

/** Splits a line into runs of one style each. The program uses one style at a time. */
function readColors(line) {
  const classes = { 1: 'bold', 31: 'red', 32: 'green', 33: 'yellow', 36: 'cyan', 90: 'grey' }
  const runs = []
  let style = ''
  let column = 0
  for (const [, code, text = ''] of line.matchAll(/\u001B\[(\d+)m|([^\u001B]+)/g)) {
    if (code !== undefined) style = code in classes ? ` class="${classes[code]}"` : ''
    else runs.push({ text, column, style })
    column += text.length
  }
  return runs
}

/** Breaks a line where a terminal would. */
function wrap(runs, columns) {
  const rows = [[]]
  for (const { text, column, style } of runs) {
    for (let from = 0; from < text.length;) {
      const place = column + from
      const part = text.slice(from, from + columns - (place % columns))
      const row = Math.floor(place / columns)
      rows[row] ??= []
      rows[row].push({ text: part, column: place % columns, style })
      from += part.length
    }
  }
  return rows
}

function escape(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function round(number) {
  return Number(number.toFixed(1))
}
