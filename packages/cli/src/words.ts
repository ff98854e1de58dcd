import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Failure } from '@pgrig/core'
import type { Command } from './command.ts'
import { type Argument, argumentName } from './flag.ts'
import { didYouMean, suggest } from './suggest.ts'

/** What must be known to tell a target from a file. */
export interface WordOracle {
  isTarget(word: string): Promise<boolean>
  targetNames(): Promise<readonly string[]>
  isFile(word: string): boolean
  /** The words that would have made another command: `cancel` after `sessions`. */
  verbs: readonly string[]
}

export interface BoundWords {
  target: string | undefined
  values: Record<string, unknown>
}

/**
 * Gives the words to the arguments, the last to the target when it is one:
 *
 * - The last word is the target when a target has that name.
 * - A word with a dot or a slash, or that a file is called, is a file.
 * - Both, where a file could stand: nobody can know, so it is an error that says how to write either.
 * - Neither, where a file could stand: an error too, since a mistyped target must not become the default one.
 * - Words after `--` are arguments whatever they look like.
 */
export async function bindWords(
  command: Command,
  words: readonly string[],
  literal: readonly string[],
  flagTarget: string | undefined,
  oracle: WordOracle,
): Promise<BoundWords> {
  const target = command.target === 'none' ? undefined : await findTargetWord(command, words, literal, oracle)
  if (target !== undefined && flagTarget !== undefined && target !== flagTarget) {
    throw new Failure('usage', `Two targets: "${target}" as the last word, "${flagTarget}" with --target.`, {
      hint: 'Name one of them. If the word is not meant as a target, put it after -- .',
    })
  }
  const own = target === undefined ? words : words.slice(0, -1)
  const taker = Object.entries(command.arguments ?? {}).find(([, { count }]) => count === 'literal')
  const known = target !== undefined || command.target === 'none'
  if (!taker)
    return { target, values: await readArguments(command, [...own, ...literal], literal.length, known, oracle) }
  const values = await readArguments(command, own, 0, known, oracle)
  return { target, values: { ...values, [taker[0]]: taker[1].read(literal, argumentName(taker[0])) } }
}

async function findTargetWord(
  command: Command,
  words: readonly string[],
  literal: readonly string[],
  oracle: WordOracle,
): Promise<string | undefined> {
  const last = words.at(-1)
  if (last === undefined) return undefined

  const places = placesOf(command).map(([, place]) => place)
  const place = placeAt(places, words.length - 1)
  const fileFits = place?.kind === 'file' && literal.length === 0
  const target = await oracle.isTarget(last)
  const file = /[./\\]/.test(last) || oracle.isFile(last)

  if (target && file && fileFits) {
    throw new Failure('usage', `"${last}" is a target and a file.`, {
      hint: `Write ./${last} for the file, or --target ${last} for the target.`,
    })
  }
  if (target) {
    const missing = places.filter(({ count }) => count === 'required').length > words.length - 1 + literal.length
    if (!missing) return last
    const [name = ''] = placesOf(command)
      .map(([key]) => key)
      .slice(words.length - 1)
    throw new Failure('usage', `"${last}" is a target, and ${argumentName(name)} is missing.`, {
      hint: `pgrig ${command.name} ${argumentName(name)} ${last}, or, if that is the ${argumentName(name)}: pgrig ${command.name} -- ${last}`,
    })
  }
  if (fileFits && !file) throw await neither(command, last, 'nor a file', oracle)
  if (place?.kind === 'number' && !/^-?\d+$/.test(last)) throw await neither(command, last, 'nor a number', oracle)
  return undefined
}

async function readArguments(
  command: Command,
  words: readonly string[],
  literalCount: number,
  targetKnown: boolean,
  oracle: WordOracle,
): Promise<Record<string, unknown>> {
  const entries = placesOf(command)
  const values: Record<string, unknown> = {}
  const literalFrom = words.length - literalCount
  let at = 0
  for (const [key, place] of entries) {
    const typed = place.count === 'rest' ? words.slice(at) : words.slice(at, at + 1)
    const start = at
    at += typed.length
    if (place.count === 'required' && typed.length === 0) {
      throw new Failure('usage', `${argumentName(key)} is missing: ${lowerFirst(place.text)}.`, {
        hint: `pgrig ${command.name} --help`,
      })
    }
    for (const word of place.kind === 'file' ? typed.slice(0, Math.max(0, literalFrom - start)) : []) {
      if (!oracle.isFile(word) && (await oracle.isTarget(word))) throw targetComesLast(word)
    }
    values[key] = place.read(typed, argumentName(key))
  }

  const excess = words[at]
  if (excess === undefined) return values
  if (!targetKnown) {
    const earlier = await Promise.all(words.slice(0, at).map((word) => oracle.isTarget(word)))
    if (earlier.some(Boolean)) throw targetComesLast(words[earlier.indexOf(true)] ?? '')
    if (at === words.length - 1 && literalCount === 0) {
      throw await neither(
        command,
        excess,
        entries.length === 0 ? '' : `and "${command.name}" takes ${counted(at)} before it`,
        oracle,
      )
    }
  }
  throw new Failure('usage', `"${command.name}" takes ${counted(at)}; "${excess}" is too many.`, {
    hint: `pgrig ${command.name} --help`,
  })
}

/** Where words can go that do not come after `--`. */
function placesOf(command: Command): [string, Argument<unknown>][] {
  return Object.entries(command.arguments ?? {}).filter(([, { count }]) => count !== 'literal')
}

function placeAt(places: readonly Argument<unknown>[], at: number): Argument<unknown> | undefined {
  const last = places.at(-1)
  return places[at] ?? (last?.count === 'rest' ? last : undefined)
}

async function neither(command: Command, word: string, besides: string, oracle: WordOracle): Promise<Failure> {
  const names = await oracle.targetNames()
  const verb = suggest(word, oracle.verbs)
  const near = verb ? `pgrig ${command.name} ${verb}` : suggest(word, names)
  const also = besides === '' ? '' : besides.startsWith('nor') ? ` ${besides}` : `, ${besides}`
  const nameable = /^[a-z][\w-]{0,40}$/i.test(word)
  const variable = `${word.toUpperCase().replaceAll('-', '_')}_DATABASE_URL`
  return new Failure(
    'target_unknown',
    `"${word}" is ${besides.startsWith('nor') ? 'neither' : 'not'} a target (${names.join(', ')})${also}.${didYouMean(near)}`,
    {
      hint: verb
        ? `pgrig ${command.name} --help`
        : near || !nameable
          ? 'pgrig help targets'
          : `For a target of that name set ${variable}, or add it to pgrig.json.`,
    },
  )
}

function targetComesLast(word: string): Failure {
  return new Failure('usage', `"${word}" is a target, and the target comes last.`, {
    hint: `Move ${word} to the end, or write --target ${word}.`,
  })
}

function counted(count: number): string {
  return count === 0 ? 'no words' : count === 1 ? 'one word' : `${count} words`
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

/** Whether a word is the path of something that can be read as a file. A folder called `prod` is no file; `-` is stdin. */
export function isFileIn(folder: string, word: string): boolean {
  if (word === '-') return true
  try {
    return !statSync(resolve(folder, word)).isDirectory()
  } catch {
    return false
  }
}
