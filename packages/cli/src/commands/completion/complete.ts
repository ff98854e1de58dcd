import { allFlags, defineCommand, globalFlags, type Tools } from '../../command.ts'
import type { CommandSource } from '../../discover.ts'
import { argument, type Argument, type Flag, type Flags, flagName } from '../../flag.ts'

export const complete = defineCommand({
  name: 'completion complete',
  summary: 'Answer the words that may come next: what the completion scripts call',
  examples: ['completion complete -- schema ""'],
  target: 'none',
  hidden: true,

  arguments: { words: argument.literal('The words after pgrig, the one being typed last') },

  run: ({ words }, tools) => candidates(words, tools),

  show(found, screen) {
    for (const word of found) screen.line(word)
  },
})

/** Names of files are left to the shell: it takes over where this answers nothing. */
async function candidates(split: readonly string[], tools: Tools): Promise<string[]> {
  const words = joined(split)
  const before = words.slice(0, -1)
  const typed = words.at(-1) ?? ''
  if (before.includes('--')) return []

  const { name, flags, places, takesTarget, positionals } = await understand(before, tools.commands)
  const [, inWord, value] = /^(--[\w-]+)=(.*)$/.exec(typed) ?? []
  const open = inWord ? findFlag(flags, inWord) : valueAwaited(before, flags)
  if (open) {
    const prefix = inWord ? `${inWord}=` : ''
    const values = open === flags['target'] ? await tools.targetNames() : (open.values ?? [])
    return matching(values, value ?? typed).map((word) => `${prefix}${word}`)
  }
  if (typed.startsWith('-')) return matching(Object.keys(flags).map(flagName), typed)

  const verbs = positionals === 0 ? nextWords(name, tools.commands) : []
  const place = places[positionals] ?? (places.at(-1)?.count === 'rest' ? places.at(-1) : undefined)
  const names = name === 'help' ? helpWords(before, tools.commands) : (place?.values ?? [])
  const targets = takesTarget && place?.count !== 'required' ? await tools.targetNames() : []
  return matching([...verbs, ...names, ...targets], typed)
}

/**
 * Words as they were typed. bash takes `=` and `:` for words of their own, and replaces only what follows them: so the value
 * of `--format=` is a word here, and what is inside an address is one.
 */
function joined(split: readonly string[]): string[] {
  const words: string[] = []
  let open = false
  for (const word of split) {
    const last = words.at(-1)
    const separates = word === '=' || word === ':' || word === '://'
    if (separates && last?.startsWith('--')) words.push('')
    else if ((separates || open) && last !== undefined) words.push(`${words.pop() ?? ''}${word}`)
    else words.push(word)
    open = separates
  }
  return words
}

interface Understood {
  name: string
  flags: Flags
  places: readonly Argument<unknown>[]
  takesTarget: boolean
  /** How many words after the command there are already. */
  positionals: number
}

async function understand(before: readonly string[], commands: CommandSource): Promise<Understood> {
  let name = ''
  let flags: Flags = globalFlags
  let places: readonly Argument<unknown>[] = []
  let takesTarget = false
  let positionals = 0
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? ''
    if (word.startsWith('-')) {
      const flag = findFlag(flags, word)
      if (flag && flag.kind !== 'boolean' && !word.includes('=')) at += 1
      continue
    }
    const longer = name === '' ? word : `${name} ${word}`
    if (positionals > 0 || !commands.names.some((other) => other === longer || other.startsWith(`${longer} `))) {
      positionals += 1
      continue
    }
    name = longer
    if (commands.names.includes(name)) {
      const command = await commands.load(name)
      flags = allFlags(command)
      places = Object.values(command.arguments ?? {})
      takesTarget = command.target !== 'none'
    }
  }
  return { name, flags, places, takesTarget, positionals }
}

function nextWords(name: string, commands: CommandSource): string[] {
  const start = name === '' ? '' : `${name} `
  const next = commands.names
    .filter((other) => other.startsWith(start) && other !== 'completion complete')
    .map((other) => other.slice(start.length).split(' ')[0] ?? '')
  return [...new Set(next)]
}

function helpWords(before: readonly string[], commands: CommandSource): string[] {
  const words = before.filter((word) => !word.startsWith('-')).slice(1)
  return [...nextWords(words.join(' '), commands), ...(words.length === 0 ? ['exit-codes', 'targets'] : [])]
}

function valueAwaited(before: readonly string[], flags: Flags): Flag<unknown> | undefined {
  const last = before.at(-1)
  const flag = last === undefined ? undefined : findFlag(flags, last)
  return flag?.kind === 'boolean' ? undefined : flag
}

function findFlag(flags: Flags, typed: string): Flag<unknown> | undefined {
  return Object.entries(flags).find(([key, { short }]) => typed === flagName(key) || typed === `-${short}`)?.[1]
}

function matching(words: readonly string[], typed: string): string[] {
  return words.filter((word) => word.startsWith(typed)).sort()
}
