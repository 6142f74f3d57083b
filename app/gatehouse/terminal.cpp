// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/terminal.h"

#include <array>
#include <cerrno>
#include <cstdio>

#include <termios.h>
#include <unistd.h>

namespace gatehouse::terminal {

namespace {

constexpr std::size_t kSecretMost = 1024;

/// Keeps the echo off while it lives.
class Quiet final
{
public:
    explicit Quiet(int descriptor)
        : m_descriptor(descriptor)
        , m_changed(tcgetattr(descriptor, &m_before) == 0)
    {
        if (!m_changed)
            return;
        termios quiet = m_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(descriptor, TCSAFLUSH, &quiet);
    }
    ~Quiet()
    {
        if (m_changed)
            tcsetattr(m_descriptor, TCSAFLUSH, &m_before);
    }
    Quiet(const Quiet &) = delete;
    Quiet &operator=(const Quiet &) = delete;

private:
    int m_descriptor;
    termios m_before{};
    bool m_changed;
};

/// Reads up to a line end or the end of input. One byte a time: what follows belongs to the next question.
Result<Secret> readLine(int descriptor, bool wholeInput)
{
    std::array<char, kSecretMost> line{};
    std::size_t size = 0;
    bool ended = false;
    while (size < line.size()) {
        const auto got = ::read(descriptor, line.data() + size, 1);
        if (got < 0 && errno == EINTR)
            continue;
        ended = got <= 0;
        if (ended || (line[size] == '\n' && !wholeInput))
            break;
        ++size;
    }
    if (size > 0 && line[size - 1] == '\n')
        --size;
    Secret secret(std::string_view(line.data(), size));
    wipe(line.data(), line.size());
    if (secret.isEmpty() && ended)
        return failure(ErrorCode::Cancelled, "nothing was typed");
    return secret;
}

} // namespace

Result<Secret> askSecret(const std::string &question)
{
    std::fputs(question.c_str(), stderr);
    const Quiet quiet(STDIN_FILENO);
    auto answer = readLine(STDIN_FILENO, false);
    std::fputs("\n", stderr);
    return answer;
}

Result<Secret> readSecret(int descriptor)
{
    auto secret = readLine(descriptor, true);
    ::close(descriptor);
    if (!secret || secret->isEmpty())
        return failure(ErrorCode::InvalidRequest, "no passphrase on that file descriptor");
    return secret;
}

void say(const std::string &sentence)
{
    std::fprintf(stdout, "%s\n", sentence.c_str());
    std::fflush(stdout);
}

void warn(const std::string &sentence)
{
    std::fprintf(stderr, "gatehouse: %s\n", sentence.c_str());
}

} // namespace gatehouse::terminal
