import type { Shell } from './shells.js';

/**
 * The scripts ask `marie complete` for what may follow: a candidate a line, with what it is behind a tab; `:file` and
 * `:directory` leave it to the shell. So they never grow old, and ids come from the fabric as it is now.
 */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  // Bash cuts words at : and =, which ids may hold: the words are taken from the line, and what bash takes for an
  // earlier word is taken off the candidates.
  bash: `_marie() {
  local line word cut
  local -a words
  COMPREPLY=()
  read -ra words <<< "\${COMP_LINE:0:COMP_POINT}"
  [[ "\${COMP_LINE:0:COMP_POINT}" == *[[:space:]] ]] && words+=('')
  word="\${words[-1]}"
  cut="\${word%"\${word##*[:=]}"}"
  while IFS= read -r line; do
    case "$line" in
      :file) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -f -- "\${word#"$cut"}") ;;
      :directory) compopt -o filenames 2> /dev/null; mapfile -t COMPREPLY < <(compgen -d -- "\${word#"$cut"}") ;;
      *) line="\${line%%$'\\t'*}"; COMPREPLY+=("$(printf '%q' "\${line#"$cut"}")") ;;
    esac
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2> /dev/null)
}
complete -F _marie marie`,
  zsh: `#compdef marie
_marie() {
  local line
  local -a described
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
    case "$line" in
      '') ;;
      :file) compset -P '*='; _files ;;
      :directory) _files -/ ;;
      *) described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}") ;;
    esac
  done
  (( \${#described} )) && _describe -V marie described
}
compdef _marie marie`,
  fish: `function __marie_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] 2> /dev/null)
        switch $line
            case :file
                set -l name (string match -r '^[^=]*=' -- $words[-1])
                string join \\n -- "$name"(__fish_complete_path (string replace -- "$name" '' $words[-1]))
            case :directory
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c marie -f -k -a '(__marie_complete)'`,
};
