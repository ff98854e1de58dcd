import { defineCommand } from '../command.ts'
import { argument } from '../flag.ts'

const bash = `# pgrig completion for bash.
_pgrig() {
  local IFS=$'\\n'
  COMPREPLY=($(pgrig completion complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -o bashdefault -F _pgrig pgrig
`

const zsh = `#compdef pgrig
# pgrig completion for zsh.
_pgrig() {
  local -a found
  found=(\${(f)"$(pgrig completion complete -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)"})
  if (( \${#found} )); then compadd -a found; else _files; fi
}
# As a file in $fpath it is run as the function itself; sourced, it has to say so.
if [ "$funcstack[1]" = "_pgrig" ]; then _pgrig "$@"; else compdef _pgrig pgrig; fi
`

const fish = `# pgrig completion for fish.
function __pgrig_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (pgrig completion complete -- $words[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c pgrig -f -a '(__pgrig_complete)'
`

const scripts = { bash, zsh, fish }

export const completion = defineCommand({
  name: 'completion',
  summary: 'Print the script that completes pgrig commands in your shell',
  description: `bash: add \`source <(pgrig completion bash)\` to ~/.bashrc.

zsh: add \`source <(pgrig completion zsh)\` to ~/.zshrc, after compinit.

fish: \`pgrig completion fish > ~/.config/fish/completions/pgrig.fish\`.`,
  examples: ['completion bash', 'completion zsh', 'completion fish'],
  target: 'none',

  arguments: { shell: argument.oneOf('Your shell', ['bash', 'zsh', 'fish']) },

  run: ({ shell }) => ({ shell, script: scripts[shell] }),

  show: ({ script }, screen) => screen.raw(script),
})
