// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehouse/terminal.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include <termios.h>
#include <unistd.h>

namespace gatehouse::terminal {

namespace {

constexpr std::size_t kSecretMost = 1024;

termios g_before{}; // for the handler alone, which can be given nothing

/// A signal at a question ends the program as it would have, with the echo back on. Only calls that
/// signal-safety(7) allows.
void endWithEcho(int signal)
{
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &g_before);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

/// Keeps the echo off while it lives. The event loop does not turn while somebody is asked, so that signals
/// have to be heard here.
class Quiet final
{
public:
    Quiet()
        : m_changed(tcgetattr(STDIN_FILENO, &g_before) == 0)
    {
        if (!m_changed)
            return;
        struct sigaction ending
        {
        };
        ending.sa_handler = &endWithEcho;
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            sigaction(kSignals[i], &ending, &m_former[i]);
        termios quiet = g_before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Quiet()
    {
        if (!m_changed)
            return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &g_before);
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            sigaction(kSignals[i], &m_former[i], nullptr);
    }
    Quiet(const Quiet &) = delete;
    Quiet &operator=(const Quiet &) = delete;

private:
    static constexpr std::array kSignals{ SIGINT, SIGTERM, SIGHUP };

    bool m_changed;
    std::array<struct sigaction, kSignals.size()> m_former{};
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
    const Quiet quiet;
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
