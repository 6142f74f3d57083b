// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/token_folder.h"

#include <QTimer>

#include <array>
#include <cerrno>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse {

namespace {

constexpr std::size_t kTokenMost = 4096;

/// Closes a file descriptor when it goes.
class OpenFile final
{
public:
    explicit OpenFile(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    ~OpenFile()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
};

} // namespace

Result<Secret> readTokenFile(const std::filesystem::path &file)
{
    const OpenFile in(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (in.descriptor() < 0)
        return failure(errno == ENOENT ? ErrorCode::SecretNotFound : ErrorCode::SecretsRefused,
                       file.string());
    struct stat found
    {
    };
    if (::fstat(in.descriptor(), &found) != 0 || !S_ISREG(found.st_mode) || found.st_uid != ::getuid()
        || (found.st_mode & 077) != 0)
        return failure(ErrorCode::SecretsRefused, file.string() + " must be a file of yours with mode 0600");

    std::array<char, kTokenMost> bytes{};
    const auto got = ::read(in.descriptor(), bytes.data(), bytes.size());
    const std::string_view text(bytes.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    Secret token(text.substr(0, text.find_first_of("\r\n")));
    wipe(bytes.data(), bytes.size());
    if (token.isEmpty())
        return failure(ErrorCode::SecretNotFound, file.string() + " is empty");
    return token;
}

Result<> writeTokenFile(const std::filesystem::path &file, const Secret &value)
{
    const auto fresh = file.string() + ".new";
    ::unlink(fresh.c_str());
    const OpenFile out(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    const auto size = static_cast<ssize_t>(value.size());
    const bool whole = out.descriptor() >= 0
        && ::write(out.descriptor(), value.text().data(), value.size()) == size
        && ::fsync(out.descriptor()) == 0;
    if (!whole || ::rename(fresh.c_str(), file.c_str()) != 0)
        return failure(ErrorCode::SecretsRefused, "cannot write " + file.string());
    return {};
}

TokenFolder::TokenFolder(std::filesystem::path folder, QObject *parent)
    : SecretStore(parent)
    , m_folder(std::move(folder))
{
}

std::filesystem::path TokenFolder::fileOf(const std::string &name) const
{
    std::string file;
    for (const char letter : name) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
            || (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
        static constexpr char kDigits[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(letter);
        file += plain ? std::string(1, letter) : std::string{ '%', kDigits[byte >> 4], kDigits[byte & 15] };
    }
    return m_folder / file;
}

void TokenFolder::read(const std::string &name, Read done)
{
    QTimer::singleShot(0, this, [file = fileOf(name), done = std::move(done)] { done(readTokenFile(file)); });
}

void TokenFolder::write(const std::string &name, Secret value, Done done)
{
    const auto kept = std::make_shared<Secret>(std::move(value));
    QTimer::singleShot(0, this, [folder = m_folder, file = fileOf(name), kept, done = std::move(done)] {
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
        if (error)
            return done(failure(ErrorCode::SecretsRefused, "no folder " + folder.string()));
        done(writeTokenFile(file, *kept));
    });
}

void TokenFolder::remove(const std::string &name, Done done)
{
    QTimer::singleShot(0, this, [file = fileOf(name), done = std::move(done)] {
        if (::unlink(file.c_str()) == 0)
            return done({});
        done(failure(errno == ENOENT ? ErrorCode::SecretNotFound : ErrorCode::SecretsRefused, file.string()));
    });
}

} // namespace gatehouse
