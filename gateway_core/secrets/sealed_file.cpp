// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/sealed_file.h"

#include "gateway_core/base/digest.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace gatehouse::sealed {

namespace {

constexpr auto kLockPatience = std::chrono::seconds(3); // it is held for a read and a write, never for scrypt
constexpr int kLockRetryMs = 20;

class Descriptor final
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    Descriptor(Descriptor &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

tl::unexpected<Error> diskSays(const char *what)
{
    return failure(ErrorCode::SecretsUnavailable,
                   std::string(what) + ": " + std::generic_category().message(errno));
}

/// nullopt: there is no file.
Result<std::optional<Bytes>> contents(const std::filesystem::path &path)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.fd() < 0)
        return errno == ENOENT ? Result<std::optional<Bytes>>(std::nullopt) : diskSays("the sealed file");
    struct stat seen
    {
    };
    if (::fstat(file.fd(), &seen) != 0)
        return diskSays("the sealed file");
    if (!S_ISREG(seen.st_mode) || seen.st_size > static_cast<off_t>(kSizeMost))
        return failure(ErrorCode::SecretsUnavailable, "not a sealed file");
    Bytes bytes(static_cast<std::size_t>(seen.st_size));
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = ::read(file.fd(), bytes.data() + have, bytes.size() - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return diskSays("the sealed file");
        if (got == 0)
            break; // it shrank: the sum will tell
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return std::optional(std::move(bytes));
}

bool writeAll(int fd, const Bytes &bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t wrote = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return false;
        done += static_cast<std::size_t>(wrote);
    }
    return ::fsync(fd) == 0;
}

Result<> replace(const std::filesystem::path &path, const Bytes &bytes)
{
    // One name is enough: the lock is held. O_EXCL, so that nobody's link is followed.
    const std::filesystem::path fresh = path.string() + ".new";
    (void)::unlink(fresh.c_str()); // what a crash left
    {
        const Descriptor file(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
        if (file.fd() < 0)
            return diskSays("a new sealed file");
        if (!writeAll(file.fd(), bytes)) {
            auto problem = diskSays("a new sealed file");
            (void)::unlink(fresh.c_str());
            return problem;
        }
    }
    if (::rename(fresh.c_str(), path.c_str()) != 0) {
        auto problem = diskSays("the sealed file");
        (void)::unlink(fresh.c_str());
        return problem;
    }
    const Descriptor folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.fd() < 0 || ::fsync(folder.fd()) != 0)
        return diskSays("the folder of the sealed file");
    return {};
}

/// A file beside it: the sealed file itself is another one after each change.
Result<Descriptor> locked(const std::filesystem::path &path)
{
    const std::string name = path.string() + ".lock";
    Descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
    if (file.fd() < 0)
        return diskSays("the sealed file's lock");
    const auto end = std::chrono::steady_clock::now() + kLockPatience;
    while (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || std::chrono::steady_clock::now() >= end)
            return diskSays("the sealed file's lock");
        (void)::poll(nullptr, 0, kLockRetryMs);
    }
    return file;
}

} // namespace

File::File(std::filesystem::path path, Secret passphrase, Random &random, int cost)
    : m_path(std::filesystem::absolute(path))
    , m_passphrase(std::move(passphrase))
    , m_random(random)
    , m_cost(cost)
{
}

Result<Entries> File::entries()
{
    const auto file = contents(m_path);
    if (!file)
        return tl::unexpected<Error>(file.error());
    if (!*file)
        return Entries();
    const auto salt = saltOf(**file);
    if (!salt)
        return tl::unexpected<Error>(salt.error());
    if (auto ready = stretchFor(*salt); !ready)
        return tl::unexpected<Error>(ready.error());
    return unseal(**file, *m_key);
}

Result<> File::change(const std::function<void(Entries &)> &act)
{
    for (;;) {
        const auto before = saltNow();
        if (!before)
            return tl::unexpected<Error>(before.error());
        if (auto ready = *before ? stretchFor(**before) : stretchFresh(); !ready)
            return ready;
        const auto lock = locked(m_path);
        if (!lock)
            return tl::unexpected<Error>(lock.error());
        const auto now = saltNow();
        if (!now)
            return tl::unexpected<Error>(now.error());
        if (*now != *before)
            continue; // another program made the file meanwhile
        auto held = entries();
        if (!held)
            return tl::unexpected<Error>(held.error());
        act(*held);
        const auto bytes = seal(*held, *m_key, m_random);
        if (!bytes)
            return tl::unexpected<Error>(bytes.error());
        return replace(m_path, *bytes);
    }
}

Result<std::optional<Salt>> File::saltNow() const
{
    const auto file = contents(m_path);
    if (!file)
        return tl::unexpected<Error>(file.error());
    if (!*file)
        return std::optional<Salt>();
    auto salt = saltOf(**file);
    if (!salt)
        return tl::unexpected<Error>(salt.error());
    return std::optional(*salt);
}

Result<> File::stretchFor(const Salt &salt)
{
    if (m_key && m_key->salt == salt)
        return {};
    auto key = stretch(m_passphrase, salt, m_cost);
    if (!key)
        return tl::unexpected<Error>(key.error());
    m_key = std::move(*key);
    return {};
}

Result<> File::stretchFresh()
{
    if (m_passphrase.size() < kPassphraseLeast)
        return failure(ErrorCode::SecretsRefused, "the passphrase is too short");
    Salt salt{};
    m_random.fill(salt);
    return stretchFor(salt);
}

} // namespace gatehouse::sealed
