// pgrig --version against a Node.js that does nothing: the goal is 1.5 at most.
import { fileURLToPath } from 'node:url'
import { compare } from './measure.ts'

const pgrig = fileURLToPath(new URL('../../packages/cli/bin/pgrig.js', import.meta.url))

compare(
  'Start-up',
  [
    { name: 'pgrig --version', command: process.execPath, args: [pgrig, '--version'] },
    { name: 'node -e 0', command: process.execPath, args: ['-e', '0'] },
    { name: 'pgrig --help', command: process.execPath, args: [pgrig, '--help'] },
  ],
  30,
)
