// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/owner_token.h"

#include "app/client/prompt.h"
#include "app/client/token_folder.h"
#include "app/places.h"
#include "gateway_core/secrets/keychain_store.h"

#include <cstdlib>

namespace gatehouse::ownerToken {

namespace {

constexpr auto kEntry = "gatehousectl/owner-token";

const char *namedFile()
{
    const char *file = std::getenv("GATEHOUSE_OWNER_TOKEN_FILE");
    return file && *file ? file : nullptr;
}

} // namespace

std::unique_ptr<SecretStore> makeStore(const Invocation &invocation, Clock &clock)
{
    if (invocation.plainFiles)
        return std::make_unique<TokenFolder>(
            invocation.tokenFolder.value_or(places::dataFolder() / "tokens"));
    return std::make_unique<KeychainStore>(clock);
}

void read(SecretStore &secrets, SecretStore::Read done)
{
    if (const char *file = namedFile())
        return done(readTokenFile(file));
    secrets.read(kEntry, std::move(done));
}

void keep(SecretStore &secrets, Secret token, SecretStore::Done done)
{
    if (const char *file = namedFile())
        return done(writeTokenFile(file, token));
    secrets.write(kEntry, std::move(token), std::move(done));
}

void forget(SecretStore &secrets, SecretStore::Done done)
{
    secrets.remove(kEntry, std::move(done));
}

std::string sentenceFor(const Error &error)
{
    const std::string otherwise = "use --secrets file or GATEHOUSE_OWNER_TOKEN_FILE (see --help)";
    switch (error.code) {
    case ErrorCode::SecretNotFound: return "you are not signed in: run gatehousectl login";
    case ErrorCode::SecretsLocked: return "the keychain is locked: unlock it, or " + otherwise;
    case ErrorCode::SecretsRefused:
        return error.detail.empty() ? "the keychain refused: allow gatehousectl in it, or " + otherwise
                                    : "the owner token's file cannot be used: " + error.detail;
    default: return "there is no keychain: " + otherwise;
    }
}

std::optional<Secret> askForPin(const Invocation &invocation)
{
    return invocation.pinDescriptor >= 0 ? prompt::readLine(invocation.pinDescriptor)
                                         : prompt::askHidden("PIN: ");
}

} // namespace gatehouse::ownerToken
