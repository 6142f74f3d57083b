// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/completion.h"

#include "app/gatehousectl/command.h"

#include <map>
#include <set>

namespace gatehouse {

namespace {

std::string joined(const std::set<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : " ") + word;
    return text;
}

} // namespace

std::string bashCompletion()
{
    std::set<std::string> first;
    std::map<std::string, std::set<std::string>> second;
    std::map<std::string, std::set<std::string>> options;
    for (const Command &command : commands()) {
        const auto space = command.words.find(' ');
        const std::string head(command.words.substr(0, space));
        first.insert(head);
        if (space != std::string_view::npos)
            second[head].insert(std::string(command.words.substr(space + 1)));
        for (const CommandOption &option : command.options)
            options[std::string(command.words)].insert("--" + std::string(option.name));
    }

    std::string script
        = "# bash completion for gatehousectl; made by `gatehousectl completion bash`\n"
          "_gatehousectl() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} choices=\n"
          "    if [[ $word == -* ]]; then\n"
          "        choices='--json --socket --secrets --token-folder --pin-fd --secret-fd --help'\n"
          "        case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n";
    for (const auto &[words, names] : options)
        script += "        '" + words + (words.find(' ') == std::string::npos ? " '*" : "'") + ") choices+=' "
            + joined(names) + "' ;;\n";
    script += "        esac\n"
              "    elif ((COMP_CWORD == 1)); then\n"
              "        choices='"
        + joined(first)
        + "'\n"
          "    elif ((COMP_CWORD == 2)); then\n"
          "        case ${COMP_WORDS[1]} in\n";
    for (const auto &[head, words] : second)
        script += "        " + head + ") choices='" + joined(words) + "' ;;\n";
    script += "        esac\n"
              "    fi\n"
              "    COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n"
              "}\n"
              "complete -F _gatehousectl gatehousectl\n";
    return script;
}

} // namespace gatehouse
