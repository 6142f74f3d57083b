// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

namespace gatehouse {

/// Why http/ refused something by itself. The reason is one of a fixed few words, so that refusals can
/// be counted by it; docs/threats.md lists every one with what brings it about.
struct HttpRejection
{
    int status = 400;
    std::string_view reason;

    bool operator==(const HttpRejection &) const = default;
};

namespace fault {

// Bytes and framing
inline constexpr HttpRejection kBareLineEnd{ 400, "bare_line_end" };
inline constexpr HttpRejection kControlByte{ 400, "control_byte" };
inline constexpr HttpRejection kNotAscii{ 400, "head_not_ascii" };
inline constexpr HttpRejection kFoldedHeader{ 400, "folded_header" };
inline constexpr HttpRejection kMalformed{ 400, "malformed_head" };
inline constexpr HttpRejection kContentLength{ 400, "bad_content_length" };
inline constexpr HttpRejection kTwoFramings{ 400, "length_and_chunked" };
inline constexpr HttpRejection kTransferEncoding{ 501, "unknown_transfer_encoding" };
inline constexpr HttpRejection kHeaderTwice{ 400, "header_twice" };
inline constexpr HttpRejection kBadChunk{ 400, "bad_chunk" };
inline constexpr HttpRejection kVersion{ 505, "version_not_supported" };
inline constexpr HttpRejection kExpectation{ 417, "expectation_failed" };
inline constexpr HttpRejection kContentEncoding{ 415, "content_encoding_not_supported" };
// Sizes and times
inline constexpr HttpRejection kHeadTooLarge{ 431, "headers_too_large" };
inline constexpr HttpRejection kTooManyHeaders{ 431, "too_many_headers" };
inline constexpr HttpRejection kBodyTooLarge{ 413, "body_too_large" };
inline constexpr HttpRejection kHeadTooSlow{ 408, "head_too_slow" };
inline constexpr HttpRejection kBodyTooSlow{ 408, "body_too_slow" };
// Names
inline constexpr HttpRejection kHostMissing{ 400, "host_missing" };
inline constexpr HttpRejection kHostForeign{ 403, "host_denied" };
inline constexpr HttpRejection kOriginForeign{ 403, "origin_denied" };
inline constexpr HttpRejection kCrossSite{ 403, "cross_site_denied" };
// What is asked for
inline constexpr HttpRejection kTarget{ 400, "bad_target" };
inline constexpr HttpRejection kMethodNotAllowed{ 405, "method_not_allowed" };
inline constexpr HttpRejection kMethodUnknown{ 501, "method_unknown" };
// Who asks
inline constexpr HttpRejection kPeerUnknown{ 403, "peer_unknown" };
inline constexpr HttpRejection kOtherUser{ 403, "other_user_denied" };
inline constexpr HttpRejection kCrowded{ 429, "too_many_connections" };
// Ours
inline constexpr HttpRejection kUnanswered{ 500, "internal" };

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
