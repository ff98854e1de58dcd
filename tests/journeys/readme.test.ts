import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeServer } from '../../packages/core/src/index.ts'
import { makeOtherServer, makeProject, root, run, type TestProject } from '../support/program.ts'

const guide = (await readdir(join(root, 'docs/guide'))).map((name) => `docs/guide/${name}`)
const pages = ['README.md', ...guide.filter((name) => name.endsWith('.md')).sort()]

/** Pages whose sessions have a production: a second server, with Cruddur's database. */
const pagesWithProduction = [
  'README.md',
  'docs/guide/production.md',
  'docs/guide/scripts.md',
  'docs/guide/migrations.md',
]

/** Blocks that are not sessions, each by its first line, and why they are not run here. */
const notRun: Record<string, Record<string, string>> = {
  'README.md': {
    'npm start': 'start.test.ts runs what it runs; npm test is what runs this test',
    'npm run build': 'npm test has built it, and each session has the PATH and the folder that this block makes',
  },
}

interface Step {
  /** As bash reads it. */
  command: string
  /** What the page says that it prints. */
  output: string
}

interface Block {
  language: string
  lines: string[]
}

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
    language,
    lines: text.split('\n').slice(0, -1),
  }))
}

const isSession = ({ lines }: Block) => lines.some((line) => line.startsWith('$ '))

/** `$ ` begins a command, `> ` goes on with it, as in a terminal; all else is output. */
function stepsOf({ lines }: Block): Step[] {
  const steps: Step[] = []
  for (const line of lines) {
    const step = steps.at(-1)
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: '' })
    else if (step === undefined) throw new Error(`A session begins with a command, not with: ${line}`)
    else if (line.startsWith('> ') && step.output === '') step.command += `\n${line.slice(2)}`
    else step.output += `${line}\n`
  }
  return steps
}

/** Runs the steps in one bash, so that cd and export last, and returns what each printed. */
async function perform(steps: Step[], project: TestProject, env: Record<string, string>): Promise<string[]> {
  const end = '\u001E'
  const parts = steps.map(({ command }) => `(exit $status)\n${command}\nstatus=$?; printf '${end}'\n`)
  const { stdout } = await run('bash', ['-c', `exec 2>&1; status=0\n${parts.join('')}`], {
    cwd: project.folder,
    env: {
      PATH: `${project.path('node_modules/.bin')}:${process.env.PATH}`,
      HOME: project.path('home'),
      ...env,
    },
  })
  return stdout.split(end).map((text) => text.replaceAll(project.folder, '/home/you/cruddur'))
}

async function makeCruddur(): Promise<TestProject> {
  const project = await makeProject()
  await cp(`${root}cruddur`, project.folder, {
    recursive: true,
    filter: (source) => !/cruddur\/(\.pgrig|\.env|dist|node_modules)/.test(source),
  })
  await symlink(`${root}node_modules`, project.path('node_modules'))
  await mkdir(project.path('home'))
  onTestFinished(async () => {
    // A session may make a project of its own below, and may have failed before it removed its server.
    for (const name of await readdir(project.folder))
      if (existsSync(project.path(`${name}/.pgrig`))) await removeServer(project.path(name))
  })
  return project
}

async function makeProduction(project: TestProject): Promise<Record<string, string>> {
  const env = { PROD_CONNECTION_URL: (await makeOtherServer()).url('cruddur') }
  expect(await project.pgrig(['prepare', 'prod'], { env })).toMatchObject({ code: 0 })
  // The guard shows the planner's estimates.
  const analyze = await project.pgrig(['connect', 'prod', '--write', '--', '-c', 'vacuum analyze'], { env })
  expect(analyze).toMatchObject({ code: 0 })
  return env
}

/** Leaves out what differs from run to run: numbers that are measured or handed out, and the padding of columns. */
function normalize(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/^ *(pid|\d+)(?= {2})/gm, (_, word: string) => (word === 'pid' ? word : 'N'))
    .replace(/ {2}\d+(?= {2})|\(\d+\)|-- \d+|\b\d+(?= · )|\bend \d+/g, (found) => found.replace(/\d+/, 'N'))
    .replace(/^\S.*$/gm, (line) => line.replace(/ {2,}/g, '  '))
    .replace(/\b\d+(\.\d+)? m?s\b/g, 'N ms')
    .replace(/\b\d+(\.\d+)? [kM]B\b/g, 'N MB')
    .replace(/\bpid +\d+/g, 'pid N')
    .replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:N')
    .replace(/\bPostgreSQL \d+\.\d+/g, 'PostgreSQL N')
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
}

/** What lasts over a second on a slow machine says so, where it is no terminal, on a line without a full stop. */
function withoutProgress(text: string): string {
  return text.replace(
    /^(Making the database server’s data folder \(once\)|(Setting up|Preparing|Comparing|Reading|Looking for|Stopping|Dropping|Creating|Created|Loading|Running|Waiting for) .*[^.\n])\n/gm,
    '',
  )
}

/** Compares; … in the page stands for anything, alone on its line for any number of lines. */
function expectOutput(actual: string, expected: string, command: string): void {
  const shown = normalize(expected)
  const printed = normalize(withoutProgress(actual))
  const pattern = shown
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/^…\n/gm, '(?:.*\\n)*')
    .replaceAll('…', '.*')
  if (!new RegExp(`^${pattern}$`).test(printed)) expect(printed, `$ ${command}`).toBe(shown)
}

test.each(pages)('the sessions of %s print what it shows', async (page) => {
  const blocks = blocksOf(await readFile(join(root, page), 'utf8'))
  const steps = blocks.filter(isSession).flatMap(stepsOf)
  if (steps.length === 0) throw new Error('There is no session in it.')
  const project = await makeCruddur()
  const env = pagesWithProduction.includes(page) ? await makeProduction(project) : {}
  const printed = await perform(steps, project, env)
  for (const [index, { command, output }] of steps.entries()) expectOutput(printed[index] ?? '', output, command)
})

test.each(pages)('every block of %s for a shell is run, or is known not to be', async (page) => {
  const blocks = blocksOf(await readFile(join(root, page), 'utf8'))
  const isShell = ({ language }: Block) => language === 'sh'
  expect(blocks.filter((block) => isSession(block) && !isShell(block))).toEqual([])
  const others = blocks.filter((block) => isShell(block) && !isSession(block)).map(({ lines }) => lines[0])
  expect(others).toEqual(Object.keys(notRun[page] ?? {}))
})

test('output that the program does not print is found', () => {
  const printed = 'error: no\npid 12 · 8 ms\n'
  expectOutput(printed, 'error: no\npid 4711 · 16 ms\n', 'it differs in numbers')
  expectOutput(printed, '…\npid 4711 · …\n', 'it leaves something out')
  for (const shown of ['error: yes\npid 12 · 8 ms\n', 'error: no\n', `${printed}more\n`, '', 'error: …\n'])
    expect(() => expectOutput(printed, shown, 'it is wrong'), shown).toThrow('it is wrong')
})

test('the example in docs/guide/scripts.md is the test that is run', async () => {
  const [guide, example] = await Promise.all(
    ['docs/guide/scripts.md', 'tests/journeys/fixtures.test.ts'].map((path) => readFile(join(root, path), 'utf8')),
  )
  expect(guide).toContain(`\`\`\`ts\n${example}\`\`\`\n`)
})

test('the picture shows what the program prints', async () => {
  expect(await run(process.execPath, [`${root}scripts/picture.mjs`, '--check'])).toMatchObject({ code: 0, stderr: '' })
})
