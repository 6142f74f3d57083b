// SPDX-License-Identifier: GPL-3.0-or-later
// The journal's door with the least behind it, while the audit room is not in the tree: rows hold the
// event's kind and a body with the fields that identity's tests look at.
#include "gateway_core/audit/journal.h"

namespace gatehouse {

std::string_view nameOf(EventKind kind)
{
    switch (kind) {
    case EventKind::CallRefused: return "call_refused";
    case EventKind::ClientPaired: return "client_paired";
    case EventKind::ClientRevoked: return "client_revoked";
    case EventKind::AgentCreated: return "agent_created";
    case EventKind::PairingOpened: return "pairing_opened";
    case EventKind::PairingRedeemed: return "pairing_redeemed";
    case EventKind::PairingConfirmed: return "pairing_confirmed";
    case EventKind::PairingDenied: return "pairing_denied";
    case EventKind::PairingExpired: return "pairing_expired";
    case EventKind::PairingVoided: return "pairing_voided";
    case EventKind::PinChanged: return "pin_changed";
    case EventKind::PinReset: return "pin_reset";
    case EventKind::StepUpPassed: return "step_up_passed";
    case EventKind::StepUpFailed: return "step_up_failed";
    case EventKind::LoginStarted: return "login_started";
    case EventKind::LoginGranted: return "login_granted";
    case EventKind::LoginDenied: return "login_denied";
    default: return "other";
    }
}

JournalRow toRow(const Event &event, std::int64_t at)
{
    JournalRow row;
    row.at = at;
    row.kind = std::string(nameOf(event.kind));
    row.body = Json{
        { "outcome", event.outcome }, { "more", event.more }, { "client_name", event.clientName }
    }.dump();
    return row;
}

Journal::Journal(Storage &storage, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_clock(clock)
{
}

void Journal::recordDurably(const Event &event, Storage::Done done)
{
    recordWith(
        event, [](Stores &) -> Result<> { return {}; }, std::move(done));
}

void Journal::recordWith(const Event &event, Storage::Work change, Storage::Done done)
{
    m_storage.write(
        [row = toRow(event, m_clock.now()), change = std::move(change)](Stores &stores) -> Result<> {
            if (auto changed = change(stores); !changed)
                return changed;
            auto kept = stores.journal.append(row);
            return kept ? Result<>() : tl::unexpected<Error>(kept.error());
        },
        std::move(done));
}

Result<> Journal::recordSoon(const Event &event)
{
    recordDurably(event, [](const Result<> &) {});
    return {};
}

void Journal::recordRefusal(const Event &event, ErrorCode)
{
    recordDurably(event, [](const Result<> &) {});
}

void Journal::finished(const Result<> &) { }

} // namespace gatehouse
