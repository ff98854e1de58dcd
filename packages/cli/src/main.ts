import { readFileSync } from 'node:fs'

const argv = process.argv.slice(2)
const { version, bugs } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
  bugs?: { url?: string }
}

async function main(): Promise<void> {
  // Which versions of the SDK run on which Node.js is for whoever pins it, not for whoever lists instances.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const { useCompiled } = await import('./compiled.ts')
  useCompiled()
  const [{ runCli }, { processTerminal }] = await Promise.all([import('./run.ts'), import('./terminal.ts')])
  process.exitCode = await runCli(argv, {
    terminal: processTerminal(),
    version,
    node: process.versions.node,
    reportTo: bugs?.url,
  })
}

// Scripts ask for the version often; nothing else is loaded for it.
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) process.stdout.write(`${version}\n`)
else void main()
