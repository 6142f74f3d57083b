// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/audit/signing_key.h"
#include "gateway_core/storage/records.h"

namespace gatehouse {

/// The text that a checkpoint's signature covers; docs/storage.md, "Checkpoints". Pure.
[[nodiscard]] std::string signedText(ProfileId profile, const Checkpoint &checkpoint);
[[nodiscard]] bool isGenuine(ProfileId profile, const Checkpoint &checkpoint, const PublicKey &key);

/// As it stands in the keychain, in a JournalCut row and in an export: one JSON object, bytes as hex.
[[nodiscard]] Json toJson(const Checkpoint &checkpoint);
/// InvalidRequest: not one of ours.
[[nodiscard]] Result<Checkpoint> checkpointFrom(const Json &json);

/// InvalidRequest: not `hex` of that many bytes.
[[nodiscard]] Result<std::string> unhex(std::string_view text, std::size_t bytes);
[[nodiscard]] Result<Digest> digestFrom(std::string_view hex);

} // namespace gatehouse
