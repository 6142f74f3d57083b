// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/cures.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

struct Cure
{
    std::string_view code;
    std::string_view fix;
};

// Codes of docs/rest-api.md, in the order in which a person meets them.
constexpr std::array kCures{
    Cure{ "starting", "Wait some seconds and ask again." },
    Cure{ "gateway_locked", "Unlock the keychain, or answer its question; Gatehouse goes on by itself." },
    Cure{ "secrets_unavailable",
          "Start a keychain, or keep secrets in a sealed file: gatehouse --secrets file." },
    Cure{ "secrets_refused", "Allow Gatehouse in the keychain, or start it with the right passphrase." },
    Cure{
        "storage_key_missing",
        "Bring the keychain or sealed file back that belongs to this database; do not delete the database." },
    Cure{ "storage_wrong_key", "Bring the keychain or sealed file back that belongs to this database." },
    Cure{ "storage_damaged", "Restore the profile's folder from a backup; nothing was deleted." },
    Cure{ "storage_newer", "Install the version of Gatehouse that wrote this database, or a later one." },
    Cure{ "storage_full", "Make room on the disk of the profile's folder." },
    Cure{ "storage_read_only", "Make the profile's folder writable." },
    Cure{ "storage_failed", "Look at Gatehouse's output; another program may have the database open." },
    Cure{ "port_busy", "See the line on the port." },
    Cure{ "audit_unavailable",
          "Make room on the disk of the profile's folder; calls are refused until it records." },
    Cure{ "upstream_not_configured", "Connect it in the window, or with gatehousectl connection set." },
    Cure{ "upstream_auth_failed", "Give Gatehouse a new adapter credential: gatehousectl connection set." },
    Cure{ "upstream_unavailable", "Check Tasker's address, this machine's network and its proxy." },
    Cure{ "upstream_timeout", "Check this machine's network; Tasker may be slow or down." },
    Cure{ "upstream_error", "Tasker is in trouble; try again later, or ask those who run it." },
    Cure{ "upstream_invalid_response", "Compare it with the contract: gatehousectl tasker check." },
    Cure{ "not_found", "Look it up with the list command of its kind; an id that was there may have ended." },
    Cure{ "conflict", "Look at its present state first." },
    Cure{ "rate_limited", "Wait a minute and ask again." },
};

} // namespace

std::string_view cureFor(std::string_view code)
{
    const auto found = std::ranges::find(kCures, code, &Cure::code);
    return found == kCures.end() ? std::string_view() : found->fix;
}

} // namespace gatehouse
