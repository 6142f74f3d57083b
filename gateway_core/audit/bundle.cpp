// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/audit/bundle.h"

#include "gateway_core/audit/bundle_text.h"
#include "gateway_core/base/json.h"
#include "gateway_core/storage/sqlite_error.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace gatehouse {

namespace fs = std::filesystem;

/// A file that counts and hashes what goes through it.
class BundleFile final
{
public:
    BundleFile() = default;
    BundleFile(const BundleFile &) = delete;
    BundleFile &operator=(const BundleFile &) = delete;
    ~BundleFile()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    [[nodiscard]] Result<> open(const BundleFolder &folder, const char *name)
    {
        m_descriptor
            = ::openat(folder.descriptor(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (m_descriptor < 0)
            return tl::unexpected(sql::errorFromErrno(errno, std::string("make ") + name));
        return {};
    }
    [[nodiscard]] Result<> write(std::string_view text)
    {
        m_digest.add(text);
        m_size += static_cast<std::int64_t>(text.size());
        m_buffer.append(text);
        return m_buffer.size() < kBufferBytes ? Result<>() : flush();
    }
    [[nodiscard]] Result<> finish()
    {
        if (auto flushed = flush(); !flushed)
            return flushed;
        if (::fsync(m_descriptor) != 0)
            return tl::unexpected(sql::errorFromErrno(errno, "sync the export"));
        return {};
    }
    /// For the manifest.
    [[nodiscard]] Json facts() { return { { "bytes", m_size }, { "sha256", hex(m_digest.finish()) } }; }

private:
    static constexpr std::size_t kBufferBytes = 256 * 1024;

    Result<> flush()
    {
        std::string_view left = m_buffer;
        while (!left.empty()) {
            const ssize_t written = ::write(m_descriptor, left.data(), left.size());
            if (written < 0 && errno == EINTR)
                continue;
            if (written < 0)
                return tl::unexpected(sql::errorFromErrno(errno, "write the export"));
            left.remove_prefix(static_cast<std::size_t>(written));
        }
        m_buffer.clear();
        // Bit by bit: one sync of a whole bundle would keep everybody waiting.
        if (::fdatasync(m_descriptor) != 0)
            return tl::unexpected(sql::errorFromErrno(errno, "sync the export"));
        return {};
    }

    int m_descriptor = -1;
    std::int64_t m_size = 0;
    std::string m_buffer;
    RunningDigest m_digest;
};

namespace {

Result<> writeWhole(const BundleFolder &folder, const char *name, std::string_view text)
{
    BundleFile file;
    if (auto opened = file.open(folder, name); !opened)
        return opened;
    if (auto written = file.write(text); !written)
        return written;
    return file.finish();
}

} // namespace

struct BundleWriter::Inside
{
    explicit Inside(BundleFolder &&begun)
        : folder(std::move(begun))
    {
    }

    BundleFolder folder;
    BundleFile rowsFile, checkpointsFile;
    std::int64_t count = 0, first = 0, last = 0;
    Digest before{}, head{};
};

BundleWriter::BundleWriter(std::unique_ptr<Inside> inside)
    : m_inside(std::move(inside))
{
}

BundleWriter::BundleWriter(BundleWriter &&) noexcept = default;
BundleWriter::~BundleWriter() = default;

Result<BundleWriter> BundleWriter::open(const fs::path &folder, BundleFolder::Parent parent)
{
    auto begun = BundleFolder::begin(folder, parent);
    if (!begun)
        return tl::unexpected(begun.error());
    auto inside = std::make_unique<Inside>(std::move(*begun));
    auto opened = inside->rowsFile.open(inside->folder, kBundleRows);
    if (opened)
        opened = inside->checkpointsFile.open(inside->folder, kBundleCheckpoints);
    if (!opened)
        return tl::unexpected(opened.error());
    return BundleWriter(std::move(inside));
}

Result<> BundleWriter::add(const JournalRow &row)
{
    if (m_inside->count++ == 0) {
        m_inside->first = row.seq;
        m_inside->before = row.prev;
    }
    m_inside->last = row.seq;
    m_inside->head = row.hash;
    return m_inside->rowsFile.write(lineOf(row));
}

Result<> BundleWriter::add(const Checkpoint &checkpoint)
{
    return m_inside->checkpointsFile.write(canonicalJson(toJson(checkpoint)) + '\n');
}

Result<> BundleWriter::close(ProfileId profile, const std::string &installId, std::int64_t at,
                             const SigningKey &key)
{
    auto done = m_inside->rowsFile.finish();
    if (done)
        done = m_inside->checkpointsFile.finish();
    if (!done)
        return done;
    const Json manifest{ { "format", kBundleFormat },
                         { "profile", static_cast<std::int64_t>(profile) },
                         { "install", installId },
                         { "at", at },
                         { "rows", m_inside->count },
                         { "first", m_inside->first },
                         { "last", m_inside->last },
                         { "before", hex(m_inside->before) },
                         { "head", hex(m_inside->head) },
                         { "public_key", hex(key.publicKey()) },
                         { "files",
                           { { kBundleRows, m_inside->rowsFile.facts() },
                             { kBundleCheckpoints, m_inside->checkpointsFile.facts() } } } };
    const std::string text = canonicalJson(manifest);
    const std::string signature = key.sign(manifestSignedText(text));
    done = writeWhole(m_inside->folder, kBundleManifest, text);
    if (done)
        done = writeWhole(
            m_inside->folder, kBundleSignature,
            hex(std::span(reinterpret_cast<const std::uint8_t *>(signature.data()), signature.size())));
    return done ? m_inside->folder.publish() : done;
}

void BundleWriter::discard()
{
    m_inside->folder.discard();
}

std::int64_t BundleWriter::rows() const
{
    return m_inside->count;
}

} // namespace gatehouse
