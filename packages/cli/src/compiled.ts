import { readFileSync, writeFileSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'

/** What is compiled is of use to this Node.js alone. V8 looks itself whether it is of its version and made with its flags. */
const ending = `.${process.version}-${process.platform}-${process.arch}`

/**
 * Keeps what a file of the bundle is compiled to beside it: all of its functions, called or not. `place` is where it will be run,
 * as stacks show it. It may not import anything: Node.js 20 forgets who asks.
 */
export async function keepCompiled(file: string, place: string = file): Promise<void> {
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--no-lazy')
  const script = compile(file, place)
  // Where the program runs they are as they were.
  setFlagsFromString('--lazy')
  writeFileSync(`${file}${ending}`, script.createCachedData())
}

/** Has `require` take what was kept in the place of compiling, which is most of what a command takes to begin. */
export function useCompiled(): void {
  const extensions = createRequire(import.meta.url).extensions
  const compileAnew = extensions['.js']
  extensions['.js'] = (module, file) => {
    const kept = readKept(file)
    if (kept === undefined) return compileAnew?.(module, file)
    const run = compile(file, file, kept).runInThisContext() as (...names: unknown[]) => void
    const require = (id: string): unknown => module.require(id)
    run.call(module.exports, module.exports, require, module, file, dirname(file))
  }
}

function readKept(file: string): Buffer | undefined {
  try {
    return readFileSync(`${file}${ending}`)
  } catch {
    return undefined
  }
}

function compile(file: string, filename: string, cachedData?: Buffer): Script {
  // On a line of its own: then places in stacks are those in the file.
  return new Script(Module.wrap(`\n${readFileSync(file, 'utf8')}`), {
    filename,
    lineOffset: -1,
    ...(cachedData && { cachedData }),
  })
}
