// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/prompt.h"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace gatehouse::prompt {

std::optional<Secret> readLine(int descriptor)
{
    std::array<char, 4096> line{};
    std::size_t size = 0;
    while (size < line.size()) {
        const auto got = ::read(descriptor, line.data() + size, 1); // what follows the line is not ours
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || line[size] == '\n')
            break;
        ++size;
    }
    Secret secret(std::string_view(line.data(), size));
    wipe(line.data(), line.size());
    return secret.isEmpty() ? std::nullopt : std::optional(std::move(secret));
}

std::optional<Secret> askHidden(const std::string &question)
{
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0)
        return std::nullopt;
    termios before{};
    ::tcgetattr(terminal, &before);
    termios quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(terminal, TCSAFLUSH, &quiet);
    (void)!::write(terminal, question.data(), question.size());
    auto answer = readLine(terminal);
    ::tcsetattr(terminal, TCSAFLUSH, &before);
    (void)!::write(terminal, "\n", 1);
    ::close(terminal);
    return answer;
}

} // namespace gatehouse::prompt
