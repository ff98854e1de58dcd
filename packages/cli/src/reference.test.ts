import { catalogue } from '@pgrig/core'
import { expect, test } from 'vitest'
import { completion } from './commands/completion.ts'
import { help } from './commands/help.ts'
import { commandsOf } from './discover.ts'
import { referencePages } from './reference.ts'

test('there is a page for each command, and one each on exit codes and errors', async () => {
  const pages = await referencePages(commandsOf([help, completion]))
  expect(pages.map(({ path }) => path)).toEqual([
    'commands.md',
    'commands/completion.md',
    'commands/help.md',
    'exit-codes.md',
    'errors.md',
  ])
  expect(pages[1]?.text).toMatchInlineSnapshot(`
    "<!-- Written by \`npm run docs\` from the program. -->

    # pgrig completion

    Print the script that completes pgrig commands in your shell.

    bash: add \`source <(pgrig completion bash)\` to ~/.bashrc.

    zsh: add \`source <(pgrig completion zsh)\` to ~/.zshrc, after compinit.

    fish: \`pgrig completion fish > ~/.config/fish/completions/pgrig.fish\`.

    \`\`\`
    pgrig completion bash|zsh|fish [flags]
    \`\`\`

    ## Arguments

    | Word | What it is |
    | --- | --- |
    | \`SHELL\` | Your shell |

    The [flags of every command](../commands.md#flags-of-every-command) are understood too.

    ## Examples

    \`\`\`
    pgrig completion bash
    pgrig completion zsh
    pgrig completion fish
    \`\`\`

    ## Exit codes

    | Code | Meaning |
    | --- | --- |
    | 0 | Done. |
    | 1 | Failed, for a reason that has no code of its own here; the message says which. |
    | 64 | The command line was not understood. Nothing was done. |
    | 130 | You stopped it. The message says what state things are in. |
    "
  `)
  expect(pages[0]?.text).toContain(
    '| [`help`](commands/help.md) | Say what the commands do, or what one of them does |',
  )
  for (const code of Object.keys(catalogue)) expect(pages.at(-1)?.text).toContain(`| \`${code}\` |`)
})
