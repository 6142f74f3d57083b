// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/base/secret.h"

#include <openssl/crypto.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>

namespace gatehouse {

namespace {

std::size_t pagesFor(std::size_t size)
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}

} // namespace

Secret::Secret(std::string_view text)
    : Secret(std::span(reinterpret_cast<const std::uint8_t *>(text.data()), text.size()))
{
}

Secret::Secret(std::span<const std::uint8_t> bytes)
{
    if (bytes.empty())
        return;
    void *pages
        = mmap(nullptr, pagesFor(bytes.size()), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        std::abort();
    // A low RLIMIT_MEMLOCK may refuse the lock: then the bytes can reach swap, but still no core file.
    (void)mlock(pages, pagesFor(bytes.size()));
#ifdef MADV_DONTDUMP
    (void)madvise(pages, pagesFor(bytes.size()), MADV_DONTDUMP);
#endif
    m_bytes = static_cast<std::uint8_t *>(pages);
    m_size = bytes.size();
    std::memcpy(m_bytes, bytes.data(), bytes.size());
}

Secret::Secret(Secret &&other) noexcept
    : m_bytes(std::exchange(other.m_bytes, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{
}

Secret &Secret::operator=(Secret &&other) noexcept
{
    if (this != &other) {
        release();
        m_bytes = std::exchange(other.m_bytes, nullptr);
        m_size = std::exchange(other.m_size, 0);
    }
    return *this;
}

Secret::~Secret()
{
    release();
}

Secret Secret::copy() const
{
    return Secret(bytes());
}

std::string_view Secret::text() const
{
    return { reinterpret_cast<const char *>(m_bytes), m_size };
}

bool Secret::equals(const Secret &other) const
{
    return m_size == other.m_size && (m_size == 0 || CRYPTO_memcmp(m_bytes, other.m_bytes, m_size) == 0);
}

void Secret::release()
{
    if (!m_bytes)
        return;
    wipe(m_bytes, m_size);
    munmap(m_bytes, pagesFor(m_size));
    m_bytes = nullptr;
    m_size = 0;
}

void wipe(void *bytes, std::size_t size)
{
    OPENSSL_cleanse(bytes, size);
}

void protectThisProcess()
{
    const rlimit none{ 0, 0 };
    (void)setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(GATEHOUSE_SANITIZED)
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

} // namespace gatehouse
