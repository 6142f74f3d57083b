// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/secrets/secret_store.h"

namespace gatehouse {

namespace {

std::string ofProfile(const std::string &profile, const char *what)
{
    return "profile/" + profile + "/" + what;
}

} // namespace

std::string databaseKeyEntry(const std::string &profile)
{
    return ofProfile(profile, "database-key");
}

std::string journalKeyEntry(const std::string &profile)
{
    return ofProfile(profile, "journal-key");
}

std::string checkpointEntry(const std::string &profile)
{
    return ofProfile(profile, "checkpoint");
}

std::string signingKeyEntry(const std::string &profile)
{
    return ofProfile(profile, "signing-key");
}

std::string pinEntry(const std::string &profile)
{
    return ofProfile(profile, "pin");
}

std::string taskerCredentialEntry(const std::string &profile)
{
    return ofProfile(profile, "tasker-credential");
}

std::string bridgeTokenEntry(const std::string &name)
{
    return "bridge/" + name + "/agent-token";
}

} // namespace gatehouse
