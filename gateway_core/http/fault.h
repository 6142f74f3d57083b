// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

namespace gatehouse {

/// Why http/ refused something by itself. The reason is one of a fixed few words, so that refusals can
/// be counted by it; docs/threats.md lists every one with what brings it about.
struct Fault
{
    int status = 400;
    std::string_view reason;

    bool operator==(const Fault &) const = default;
};

namespace fault {

// Bytes and framing
inline constexpr Fault kBareLineEnd{ 400, "bare_line_end" };
inline constexpr Fault kControlByte{ 400, "control_byte" };
inline constexpr Fault kNotAscii{ 400, "head_not_ascii" };
inline constexpr Fault kFoldedHeader{ 400, "folded_header" };
inline constexpr Fault kMalformed{ 400, "malformed_head" };
inline constexpr Fault kContentLength{ 400, "bad_content_length" };
inline constexpr Fault kTwoFramings{ 400, "length_and_chunked" };
inline constexpr Fault kTransferEncoding{ 501, "unknown_transfer_encoding" };
inline constexpr Fault kHeaderTwice{ 400, "header_twice" };
inline constexpr Fault kBadChunk{ 400, "bad_chunk" };
inline constexpr Fault kVersion{ 505, "version_not_supported" };
inline constexpr Fault kExpectation{ 417, "expectation_failed" };
inline constexpr Fault kContentEncoding{ 415, "content_encoding_not_supported" };
// Sizes and times
inline constexpr Fault kHeadTooLarge{ 431, "headers_too_large" };
inline constexpr Fault kTooManyHeaders{ 431, "too_many_headers" };
inline constexpr Fault kBodyTooLarge{ 413, "body_too_large" };
inline constexpr Fault kHeadTooSlow{ 408, "head_too_slow" };
inline constexpr Fault kBodyTooSlow{ 408, "body_too_slow" };
// Names
inline constexpr Fault kHostMissing{ 400, "host_missing" };
inline constexpr Fault kHostForeign{ 403, "host_denied" };
inline constexpr Fault kOriginForeign{ 403, "origin_denied" };
inline constexpr Fault kCrossSite{ 403, "cross_site_denied" };
// What is asked for
inline constexpr Fault kTarget{ 400, "bad_target" };
inline constexpr Fault kMethodNotAllowed{ 405, "method_not_allowed" };
inline constexpr Fault kMethodUnknown{ 501, "method_unknown" };
// Who asks
inline constexpr Fault kPeerUnknown{ 403, "peer_unknown" };
inline constexpr Fault kOtherUser{ 403, "other_user_denied" };
inline constexpr Fault kCrowded{ 429, "too_many_connections" };
// Ours
inline constexpr Fault kUnanswered{ 500, "internal" };

/// All of them.
inline constexpr std::array kAll{
    kBareLineEnd,     kControlByte,      kNotAscii,       kFoldedHeader, kMalformed,   kContentLength,
    kTwoFramings,     kTransferEncoding, kHeaderTwice,    kBadChunk,     kVersion,     kExpectation,
    kContentEncoding, kHeadTooLarge,     kTooManyHeaders, kBodyTooLarge, kHeadTooSlow, kBodyTooSlow,
    kHostMissing,     kHostForeign,      kOriginForeign,  kCrossSite,    kTarget,      kMethodNotAllowed,
    kMethodUnknown,   kPeerUnknown,      kOtherUser,      kCrowded,      kUnanswered,
};

} // namespace fault

} // namespace gatehouse
