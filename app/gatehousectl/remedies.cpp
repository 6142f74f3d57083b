// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/remedies.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

struct Cure
{
    std::string_view code;
    std::string_view fix;
};

// Codes and reasons of docs/rest-api.md, in the order in which a person meets them.
constexpr std::array kCures{
    Cure{ "starting", "Wait some seconds and ask again." },
    Cure{ "gateway_locked", "Unlock the keychain, or answer its question; Gatehouse goes on by itself." },
    Cure{ "secrets_unavailable",
          "Start a keychain, or keep secrets in a sealed file: gatehouse --secrets file." },
    Cure{ "secrets_refused", "Allow Gatehouse in the keychain, or start it with the right passphrase." },
    Cure{
        "storage_key_missing",
        "Bring the keychain or sealed file back that belongs to this database; do not delete the database." },
    Cure{ "storage_missing",
          "Put gatehouse.db back into the profile's folder. If it was removed while Gatehouse runs, stop "
          "Gatehouse: that "
          "puts it back. Where there is no copy, begin an empty one with gatehouse --start-anew." },
    Cure{ "rolled_back",
          "Put the newer database back; if you restored this older copy yourself, say so: gatehouse "
          "--accept-restore, or "
          "in the window." },
    Cure{ "key_lost",
          "Bring the old keychain back; if you replaced it yourself, say so: gatehousectl audit "
          "accept-restore." },
    Cure{ "storage_wrong_key", "Bring the keychain or sealed file back that belongs to this database." },
    Cure{ "storage_damaged", "Restore the profile's folder from a backup; nothing was deleted." },
    Cure{ "storage_newer", "Install the version of Gatehouse that wrote this database, or a later one." },
    Cure{ "storage_full", "Make room on the disk of the profile's folder." },
    Cure{ "storage_read_only", "Make the profile's folder writable." },
    Cure{ "storage_failed", "Look at Gatehouse's output; another program may have the database open." },
    Cure{ "port_busy", "See the line on the port." },
    Cure{ "audit_unavailable",
          "Look at the line on the gateway, and make room on the disk of the profile's folder; calls are "
          "refused until it "
          "records." },
    Cure{ "upstream_not_configured", "Connect it in the window, or with gatehousectl connection set." },
    Cure{ "upstream_auth_failed", "Give Gatehouse a new adapter credential: gatehousectl connection set." },
    Cure{ "upstream_unavailable", "Check Tasker's address, this machine's network and its proxy." },
    Cure{ "upstream_timeout", "Check this machine's network; Tasker may be slow or down." },
    Cure{ "upstream_error", "Tasker is in trouble; try again later, or ask those who run it." },
    Cure{ "upstream_invalid_response", "Compare it with the contract: gatehousectl tasker check." },
    Cure{ "connection_broke",
          "Look in Tasker whether a change arrived; a repeat under the same key is safe." },
    Cure{ "intercepted",
          "Ask those who run the network or the proxy in front of Tasker; nothing here is wrong." },
    Cure{ "host_not_found", "Check the host's name, and this machine's network." },
    Cure{ "not_reachable", "Check the address and its port, and whether Tasker runs." },
    Cure{ "proxy", "Check this machine's proxy settings." },
    Cure{ "certificate", "For an own authority, give its certificate with --ca-file; else do not go on." },
    Cure{ "tls", "Check the port: what listens there does not speak TLS." },
    Cure{ "plain_http_not_loopback", "Use https." },
    Cure{ "no_tasker", "Copy the address from the browser in which you use Tasker." },
    Cure{ "login_page", "Ask those who run Tasker for the address that programs use." },
    Cure{ "wrong_credential", "Give the adapter credential that Tasker made for you." },
    Cure{ "wrong_owner", "Give the user id that the credential was made for." },
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
