// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace gatehouse {

/// `text` without anything that has the form of a secret: our tokens, credentials behind Authorization or a
/// name such as password or code_verifier, user parts of addresses, e-mail addresses, pairing codes, PINs,
/// JWTs, private keys, and runs of 32 characters or more that are no UUID. The second net below every log
/// line and every support bundle: the first is that nobody writes a secret there.
/// Thread: any.
[[nodiscard]] std::string withoutSecrets(const std::string &text);

} // namespace gatehouse
