import { Failure } from '@pgrig/core'
import { defineCommand, globalFlags } from '../command.ts'
import { loadAll } from '../discover.ts'
import { argument } from '../flag.ts'
import {
  commandHelp,
  type Description,
  describe,
  describeFlags,
  exitCodesHelp,
  nounHelp,
  programHelp,
  targetsHelp,
} from '../help.ts'
import { unknownCommand, unknownVerb } from '../parse.ts'

const topics = ['exit-codes', 'targets'] as const

export const help = defineCommand({
  name: 'help',
  summary: 'Say what the commands do, or what one of them does',
  description: 'With --json it describes every command as data: name, words, flags, examples, exit codes.',
  examples: ['help', 'help schema load', 'help exit-codes'],
  target: 'none',

  arguments: { words: argument.rest('A command, or one of: exit-codes, targets') },

  async run({ words }, { commands }) {
    const topic = topics.find((name) => words.length === 1 && words[0] === name)
    if (topic) return { topic, lines: topic === 'targets' ? targetsHelp() : exitCodesHelp() }

    const name = words.join(' ')
    if (name === '') {
      const all = (await loadAll(commands)).filter(({ hidden }) => !hidden)
      return { commands: all.map(describe), flags: describeFlags(globalFlags) }
    }

    const under = commands.names.filter((other) => other.startsWith(`${name} `))
    const loaded = await Promise.all(under.map((other) => commands.load(other)))
    const verbs = loaded.filter(({ hidden }) => !hidden).map(describe)
    if (commands.names.includes(name)) return { command: describe(await commands.load(name)), commands: verbs }
    if (verbs.length > 0) return { noun: name, commands: verbs }

    const [first = '', second] = words
    const known = commands.names.some((other) => other.startsWith(`${first} `))
    if (known && second !== undefined) throw unknownVerb(first, second, commands.names)
    if (commands.names.includes(first))
      throw new Failure('usage', `There is no command "${name}".`, { hint: `pgrig help ${first}` })
    throw unknownCommand(first, [...commands.names, ...topics])
  },

  show(page, screen) {
    const paint = (heading: string) => screen.style('bold', heading)
    for (const line of linesOf(page, paint)) screen.line(line)
  },
})

interface Page {
  topic?: (typeof topics)[number]
  noun?: string
  command?: Description
  commands?: readonly Description[]
}

function linesOf({ topic, noun, command, commands = [] }: Page, paint: (heading: string) => string): string[] {
  if (topic) return topic === 'targets' ? targetsHelp(paint) : exitCodesHelp(paint)
  if (command) return commandHelp(command, commands, paint)
  return noun === undefined ? programHelp(commands, paint) : nounHelp(noun, commands, paint)
}
