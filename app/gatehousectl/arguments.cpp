// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse {

namespace {

constexpr std::array kEveryOption{
    CommandOption{ "json", "", "print the gateway's JSON" },
    CommandOption{ "socket", "FILE", "the gateway's socket" },
    CommandOption{ "secrets", "keychain|file", "where this program's owner token lives (keychain)" },
    CommandOption{ "token-folder", "FOLDER", "with --secrets file: the folder" },
    CommandOption{ "pin-fd", "N", "read the PIN from this descriptor when it is needed" },
    CommandOption{ "secret-fd", "N", "read the token or credential from this descriptor (0)" },
    CommandOption{ "help", "", "this text" },
    CommandOption{ "version", "", "the version" },
};

std::vector<std::string_view> wordsOf(std::string_view text)
{
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto space = text.find(' ');
        words.push_back(text.substr(0, space));
        text = space == std::string_view::npos ? std::string_view() : text.substr(space + 1);
    }
    return words;
}

const CommandOption *find(std::span<const CommandOption> options, std::string_view name)
{
    const auto found = std::ranges::find(options, name, &CommandOption::name);
    return found == options.end() ? nullptr : &*found;
}

/// By name, in whatever command has it: two commands never disagree about whether it takes a value.
const CommandOption *optionNamed(std::string_view name)
{
    const CommandOption *option = find(kEveryOption, name);
    for (const Command &command : commands()) {
        if (!option)
            option = find(command.options, name);
    }
    return option;
}

const Command *commandOf(const std::vector<std::string> &words, std::size_t &used)
{
    const Command *best = nullptr;
    for (const Command &command : commands()) {
        const auto names = wordsOf(command.words);
        if (names.size() <= words.size() && std::equal(names.begin(), names.end(), words.begin())
            && (!best || names.size() > used)) {
            best = &command;
            used = names.size();
        }
    }
    return best;
}

tl::unexpected<Error> wrong(std::string sentence)
{
    return failure(ErrorCode::InvalidRequest, std::move(sentence));
}

bool readDescriptor(const std::string &text, int &descriptor)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), descriptor);
    return error == std::errc() && end == text.data() + text.size() && descriptor >= 0;
}

Result<> readEvery(Invocation &invocation)
{
    auto &options = invocation.arguments.options;
    const auto take = [&](const char *name) -> std::optional<std::string> {
        const auto found = options.find(name);
        if (found == options.end())
            return std::nullopt;
        return options.extract(found).mapped();
    };
    invocation.json = take("json").has_value();
    invocation.version = take("version").has_value();
    if (const auto socket = take("socket"))
        invocation.socket = std::filesystem::absolute(*socket);
    if (const auto folder = take("token-folder"))
        invocation.tokenFolder = std::filesystem::absolute(*folder);
    const auto secrets = take("secrets");
    invocation.plainFiles = secrets == "file";
    if (secrets && secrets != "file" && secrets != "keychain")
        return wrong("--secrets takes keychain or file");
    if (const auto pin = take("pin-fd"); pin && !readDescriptor(*pin, invocation.pinDescriptor))
        return wrong("--pin-fd takes a number");
    if (const auto secret = take("secret-fd");
        secret && !readDescriptor(*secret, invocation.secretDescriptor))
        return wrong("--secret-fd takes a number");
    return {};
}

Result<> checkCount(const Command &command, std::size_t given)
{
    const auto names = wordsOf(command.arguments);
    const auto needed = static_cast<std::size_t>(
        std::ranges::count_if(names, [](std::string_view name) { return !name.starts_with('['); }));
    if (given < needed || given > names.size())
        return wrong("usage: gatehousectl " + std::string(command.words) + ' '
                     + std::string(command.arguments));
    return {};
}

Result<> scan(const QStringList &given, std::vector<std::string> &words,
              std::map<std::string, std::string, std::less<>> &options)
{
    bool onlyWords = false;
    for (qsizetype i = 0; i < given.size(); ++i) {
        const std::string word = given[i].toStdString();
        if (onlyWords || !word.starts_with("--")) {
            words.push_back(word);
            continue;
        }
        if (word == "--") {
            onlyWords = true;
            continue;
        }
        const auto equals = word.find('=');
        const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
        const CommandOption *option = optionNamed(name);
        if (!option)
            return wrong("unknown option --" + name);
        std::string value;
        if (equals != std::string::npos)
            value = word.substr(equals + 1);
        else if (!option->value.empty() && i + 1 < given.size())
            value = given[++i].toStdString();
        else if (!option->value.empty())
            return wrong("--" + name + " takes " + std::string(option->value));
        options.insert_or_assign(name, value);
    }
    return {};
}

std::string line(std::string left, std::string_view right)
{
    left.resize(std::max<std::size_t>(left.size() + 2, 48), ' ');
    return left + std::string(right) + '\n';
}

std::string lines(std::span<const CommandOption> options, const std::string &indent)
{
    std::string text;
    for (const CommandOption &option : options)
        text += line(indent + "--" + std::string(option.name) + (option.value.empty() ? "" : " ")
                         + std::string(option.value),
                     option.summary);
    return text;
}

std::string nameAndArguments(const Command &command)
{
    return std::string(command.words) + (command.arguments.empty() ? "" : " ")
        + std::string(command.arguments);
}

} // namespace

Result<Invocation> readInvocation(const QStringList &given)
{
    Invocation invocation;
    auto &options = invocation.arguments.options;
    std::vector<std::string> words;
    if (auto scanned = scan(given, words, options); !scanned)
        return tl::unexpected<Error>(scanned.error());
    if (options.contains("help") || options.contains("version") || words.empty()) {
        invocation.version = options.contains("version");
        invocation.helpWords = std::move(words);
        return invocation;
    }

    std::size_t used = 0;
    invocation.command = commandOf(words, used);
    if (!invocation.command)
        return wrong("unknown command: " + words.front() + " (see --help)");
    const Command &command = *invocation.command;
    invocation.arguments.words.assign(words.begin() + static_cast<std::ptrdiff_t>(used), words.end());
    if (auto counted = checkCount(command, invocation.arguments.words.size()); !counted)
        return tl::unexpected<Error>(counted.error());
    if (auto read = readEvery(invocation); !read)
        return tl::unexpected<Error>(read.error());
    for (const auto &[name, value] : options) {
        if (!find(command.options, name))
            return wrong("gatehousectl " + std::string(command.words) + " takes no --" + name);
    }
    return invocation;
}

std::string usage(const std::vector<std::string> &words)
{
    std::string text;
    for (const Command &command : commands()) {
        const auto names = wordsOf(command.words);
        if (!words.empty() && words.size() <= names.size()
            && std::equal(words.begin(), words.end(), names.begin()))
            text += "Usage: gatehousectl " + nameAndArguments(command) + " [OPTIONS]\n\n"
                + std::string(command.summary)
                + (command.secret.empty()
                       ? ""
                       : "; the " + std::string(command.secret) + " is read from standard input")
                + ".\n\n" + lines(command.options, "  ") + (command.options.empty() ? "" : "\n");
    }
    if (!text.empty())
        return text + "Options of every command:\n" + lines(kEveryOption, "  ");

    text = "gatehousectl: the owner's command line over Gatehouse's owner routes.\n\n"
           "Usage: gatehousectl COMMAND [OPTIONS]; gatehousectl COMMAND --help tells of one "
           "alone.\n\nCommands:\n";
    for (const Command &command : commands())
        text += line("  " + nameAndArguments(command), command.summary) + lines(command.options, "      ");
    text += "\nOptions:\n" + lines(kEveryOption, "  ");
    text += "\nThe owner token comes from the file named by GATEHOUSE_OWNER_TOKEN_FILE (mode 0600), or from "
            "the\n"
            "secret store. `gatehousectl login` asks for your PIN and puts one there.\n\n"
            "Exit codes: 0 done, 1 refused, 2 usage, 3 Gatehouse not reachable, 4 the PIN is needed and "
            "could\n"
            "not be asked for, 5 no valid owner token; doctor: 6 a warning was the worst, 7 a problem;\n"
            "130 interrupted.\n";
    return text;
}

} // namespace gatehouse
