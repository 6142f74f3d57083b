// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/gatehousectl/arguments.h"
#include "gateway_core/base/clock.h"
#include "gateway_core/secrets/secret_store.h"

#include <memory>
#include <optional>

/// Where this program's owner token lives: the file that GATEHOUSE_OWNER_TOKEN_FILE names, else the secret
/// store that the command line chose. Thread: main.
namespace gatehouse::ownerToken {

[[nodiscard]] std::unique_ptr<SecretStore> makeStore(const Invocation &invocation, Clock &clock);
void read(SecretStore &secrets, SecretStore::Read done);
void keep(SecretStore &secrets, Secret token, SecretStore::Done done);
/// Never the file that the environment names: it is not ours to remove.
void forget(SecretStore &secrets, SecretStore::Done done);
/// Why it could not be read, and what to do.
[[nodiscard]] std::string sentenceFor(const Error &error);

/// From --pin-fd, else from the terminal. nullopt: neither.
[[nodiscard]] std::optional<Secret> askForPin(const Invocation &invocation);

} // namespace gatehouse::ownerToken
