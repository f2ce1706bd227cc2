/** The hidden command that the scripts ask; its arguments are the words up to the cursor. */
export const COMPLETE_COMMAND = '__complete';

/** What the hidden command answers: a line for each candidate, its meaning after a tab; and `:files` or `:folders`. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type ShellName = (typeof SHELLS)[number];

/**
 * Also for the bash 3.2 of macOS, which has neither `mapfile` nor `compopt`. Where paths stand beside other candidates,
 * they are quoted here: told that all are file names, readline would quote the colon of `web:`, too.
 */
const BASH = `# Completion of berth for bash. In ~/.bashrc: eval "$(berth completion bash)"
_berth() {
  local current=\${COMP_WORDS[COMP_CWORD]} line value paths=
  [[ $current == "=" ]] && current=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files) paths=-f ;;
      :folders) paths=-d ;;
      *)
        value=\${line%%$'\\t'*}
        [[ $value == *[=:] ]] && compopt -o nospace 2>/dev/null
        COMPREPLY+=("$value")
        ;;
    esac
  done < <(command berth ${COMPLETE_COMMAND} "\${COMP_WORDS[@]:1:COMP_CWORD-1}" "$current" 2>/dev/null)
  [[ $paths ]] || return 0
  local quoted=\${#COMPREPLY[@]}
  (( quoted )) || compopt -o filenames 2>/dev/null
  while IFS= read -r value; do
    (( quoted )) && printf -v value %q "$value"
    COMPREPLY+=("$value")
  done < <(compgen $paths -- "$current")
}
complete -F _berth berth
`;

const ZSH = `#compdef berth
# Completion of berth for zsh. In ~/.zshrc, after compinit: eval "$(berth completion zsh)"
_berth() {
  local line value
  local -a plain open
  local files
  while IFS= read -r line; do
    case $line in
      (:files|:folders) files=$line ;;
      (*)
        value=\${line%%$'\\t'*}
        value=\${value//:/\\\\:}
        [[ $line == *$'\\t'* ]] && value+=":\${line#*$'\\t'}"
        if [[ \${line%%$'\\t'*} == *[=:] ]]; then open+=("$value"); else plain+=("$value"); fi ;;
    esac
  done < <(command berth ${COMPLETE_COMMAND} "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( $#plain )) && _describe -V berth plain
  (( $#open )) && _describe -V berth open -S ''
  [[ $files == :files ]] && _files
  [[ $files == :folders ]] && _files -/
  return 0
}
# Loaded from a folder of $fpath, it is called at once; else it is only made known.
if [[ $funcstack[1] == _berth ]]; then _berth "$@"; else compdef _berth berth; fi
`;

const FISH = `# Completion of berth for fish: berth completion fish > ~/.config/fish/completions/berth.fish
function __berth_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l current (commandline --current-token --cut-at-cursor)
    for line in (command berth ${COMPLETE_COMMAND} $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$current"
            case :folders
                __fish_complete_directories "$current" ''
            case '*'
                echo $line
        end
    end
end
complete --command berth --no-files --keep-order --arguments '(__berth_complete)'
`;

/** The script that teaches a shell to complete. */
export function completionScript(shell: ShellName): string {
  return { bash: BASH, zsh: ZSH, fish: FISH }[shell];
}
