// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/http/socket_diag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace gatehouse {

namespace {

constexpr std::uint32_t kListening = 1U << 10; // TCP_LISTEN of linux/tcp_states.h
constexpr std::uint32_t kAnyState = ~0U;

struct Question
{
    nlmsghdr header{};
    inet_diag_req_v2 request{};
};

class DiagSocket final
{
public:
    DiagSocket()
        : m_fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_SOCK_DIAG))
    {
    }
    ~DiagSocket()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    DiagSocket(const DiagSocket &) = delete;
    DiagSocket &operator=(const DiagSocket &) = delete;

    [[nodiscard]] std::vector<SocketRow> ask(Question question)
    {
        question.header.nlmsg_len = sizeof(question);
        question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
        question.request.sdiag_protocol = IPPROTO_TCP;
        std::vector<SocketRow> rows;
        if (m_fd < 0 || ::send(m_fd, &question, sizeof(question), 0) != sizeof(question))
            return rows;
        alignas(nlmsghdr) std::array<char, 16384> buffer{};
        for (;;) {
            const ssize_t size = ::recv(m_fd, buffer.data(), buffer.size(), 0);
            if (size <= 0 || !read(buffer.data(), static_cast<std::size_t>(size), rows))
                return rows;
            if ((question.header.nlmsg_flags & NLM_F_DUMP) == 0)
                return rows;
        }
    }

private:
    /// False at the end of the answer or at an error.
    static bool read(const char *bytes, std::size_t size, std::vector<SocketRow> &rows)
    {
        std::size_t at = 0;
        while (at + sizeof(nlmsghdr) <= size) {
            nlmsghdr header{};
            std::memcpy(&header, bytes + at, sizeof(header));
            if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY || header.nlmsg_len > size - at)
                return false;
            if (header.nlmsg_len >= NLMSG_HDRLEN + sizeof(inet_diag_msg)) {
                inet_diag_msg row{};
                std::memcpy(&row, bytes + at + NLMSG_HDRLEN, sizeof(row));
                rows.push_back({ row.idiag_uid, row.idiag_inode });
            }
            at += NLMSG_ALIGN(header.nlmsg_len);
        }
        return true;
    }

    const int m_fd;
};

/// Puts an address where sock_diag wants it; false for a family it does not know.
bool place(const sockaddr_storage &address, __be32 *words, __be16 &port)
{
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof(v4));
        words[0] = v4.sin_addr.s_addr;
        port = v4.sin_port;
        return true;
    }
    if (address.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &address, sizeof(v6));
        std::memcpy(words, &v6.sin6_addr, sizeof(v6.sin6_addr));
        port = v6.sin6_port;
        return true;
    }
    return false;
}

} // namespace

std::vector<SocketRow> tcpSocket(const sockaddr_storage &local, const sockaddr_storage &remote)
{
    Question question;
    question.header.nlmsg_flags = NLM_F_REQUEST;
    question.request.sdiag_family = static_cast<__u8>(local.ss_family);
    question.request.idiag_states = kAnyState;
    inet_diag_sockid &id = question.request.id;
    id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
    id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (local.ss_family != remote.ss_family || !place(local, id.idiag_src, id.idiag_sport)
        || !place(remote, id.idiag_dst, id.idiag_dport))
        return {};
    return DiagSocket().ask(question);
}

std::vector<SocketRow> tcpListeners(std::uint16_t port)
{
    std::vector<SocketRow> rows;
    for (const int family : { AF_INET, AF_INET6 }) {
        Question question;
        question.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
        question.request.sdiag_family = static_cast<__u8>(family);
        question.request.idiag_states = kListening;
        question.request.id.idiag_sport = htons(port);
        const auto found = DiagSocket().ask(question);
        rows.insert(rows.end(), found.begin(), found.end());
    }
    return rows;
}

} // namespace gatehouse
