// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/desk.h"

#include "gateway_core/owner/owner_log.h"
#include "gateway_core/owner/owner_words.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

using Door = OwnerCaller::Door;

struct Row
{
    Act act;
    bool window; ///< needs the PIN there
    bool token;
};

// What each act takes. A token is a file that any program of the owner's can read: whatever allows, widens,
// mints, resumes, connects or exports needs the PIN there. In the window a press is the owner's presence
// for what was asked just now; what lasts needs the PIN there too.
constexpr std::array kTable{
    Row{ Act::CreateAgent, false, false },
    Row{ Act::RenameAgent, false, false },
    Row{ Act::PauseAgent, false, false },
    Row{ Act::ResumeAgent, true, true },
    Row{ Act::RetireAgent, false, false },
    Row{ Act::NarrowGrant, false, false },
    Row{ Act::WidenGrant, true, true },
    Row{ Act::WildcardGrant, true, true },
    Row{ Act::LiftOff, true, true },
    Row{ Act::MintAgentToken, true, true },
    Row{ Act::RotateAgentToken, true, true },
    Row{ Act::RevokeClient, false, false },
    Row{ Act::MintOwnerToken, true, true },
    Row{ Act::RevokeOwnerToken, false, false },
    Row{ Act::OpenPairing, false, true }, // the code alone is nothing: its confirmation is asked for apart
    Row{ Act::ClosePairing, false, false },
    Row{ Act::ConfirmPairing, false, true },
    Row{ Act::DenyPairing, false, false },
    Row{ Act::AllowCall, false, true },
    Row{ Act::AllowCallWithPin, true, true },
    Row{ Act::DenyCall, false, false },
    Row{ Act::EndYes, false, false },
    Row{ Act::PauseGateway, false, false },
    Row{ Act::ResumeGateway, true, true },
    Row{ Act::StopEverything, false, false },
    Row{ Act::FirstConnection, false, true }, // before there is a PIN, and nothing to lose
    Row{ Act::ChangeConnection, true, true },
    Row{ Act::ExportJournal, true, true },
    Row{ Act::MoveExports, true, true },
    Row{ Act::AcceptRestore, true, true }, // who put it back may be whom it hides
    Row{ Act::SettleClock, true, true }, // things end by it, and rows of the journal leave
    Row{ Act::LoosenProtection, true, true },
    Row{ Act::ReadAnything, false, false },
};

consteval bool everyActHasItsRow()
{
    for (int i = 0; i < kActs; ++i) {
        if (static_cast<int>(kTable.at(static_cast<std::size_t>(i)).act) != i)
            return false;
    }
    return kTable.size() == kActs;
}
static_assert(everyActHasItsRow(), "the table is in the order of Act and knows every act");

} // namespace

bool needsStepUp(Act act, OwnerCaller::Door door)
{
    const Row &row = kTable.at(static_cast<std::size_t>(act));
    return door == Door::Window ? row.window : row.token;
}

Desk::Desk(const Rooms &rooms, QObject *parent)
    : QObject(parent)
    , m_rooms(rooms)
{
}

Result<> Desk::gate(Act act, const OwnerCaller &caller) const
{
    if (!needsStepUp(act, caller.door))
        return {};
    // Inside the process the window's name is proof enough; a token's holder is never the window.
    if (caller.door == Door::Token && caller.name == kWindowCaller)
        return failure(ErrorCode::StepUpRequired, "a token that calls itself the window",
                       { { "reason", "pin" } });
    return m_rooms.stepUp.check(caller.name, caller.stepUpToken);
}

Event Desk::eventOf(EventKind kind, const OwnerCaller &caller) const
{
    qCDebug(lcOwner, "%s, %s", nameOf(kind).data(), caller.via.c_str());
    Event event;
    event.kind = kind;
    event.via = caller.via;
    event.more = Json::object();
    if (caller.door == Door::Token)
        event.more["owner_token"] = caller.name;
    return event;
}

void Desk::allowCall(const OwnerCaller &caller, const ApprovalId &id, const Yes &yes, Storage::Done done)
{
    const auto approval = m_rooms.approvals.find(id);
    if (!approval)
        return done(failure(ErrorCode::NotFound, "no such question"));
    if (const auto may = gate(approval->asked.withPin ? Act::AllowCallWithPin : Act::AllowCall, caller); !may)
        return done(may);
    m_rooms.approvals.allow(id, yes, caller.via, std::move(done));
}

void Desk::denyCall(const OwnerCaller &caller, const ApprovalId &id, const std::string &reason,
                    bool pauseAgent, Storage::Done done)
{
    if (const auto may = gate(Act::DenyCall, caller); !may)
        return done(may);
    m_rooms.approvals.deny(id, words::cut(reason, words::kReasonMost), pauseAgent, caller.via,
                           std::move(done));
}

void Desk::endYes(const OwnerCaller &caller, const ApprovalId &id, Storage::Done done)
{
    if (const auto may = gate(Act::EndYes, caller); !may)
        return done(may);
    m_rooms.approvals.end(id, caller.via, std::move(done));
}

void Desk::openPairing(const OwnerCaller &caller, const AgentId &agent, std::chrono::seconds lifetime,
                       Answered<PairingCode> done)
{
    if (const auto may = gate(Act::OpenPairing, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    m_rooms.pairing.open(agent, lifetime, caller.via, std::move(done));
}

void Desk::closePairing(const OwnerCaller &caller, Storage::Done done)
{
    if (const auto may = gate(Act::ClosePairing, caller); !may)
        return done(may);
    m_rooms.pairing.close(caller.via);
    done({});
}

void Desk::confirmPairing(const OwnerCaller &caller, const ConfirmationId &id, Storage::Done done)
{
    if (const auto may = gate(Act::ConfirmPairing, caller); !may)
        return done(may);
    m_rooms.pairing.confirm(id, caller.via, std::move(done));
}

void Desk::confirmLogin(const OwnerCaller &caller, const ConfirmationId &id, const AgentId &agent,
                        Storage::Done done)
{
    if (const auto may = gate(Act::ConfirmPairing, caller); !may)
        return done(may);
    m_rooms.pairing.confirmAs(id, agent, caller.via, std::move(done));
}

void Desk::denyPairing(const OwnerCaller &caller, const ConfirmationId &id, Storage::Done done)
{
    if (const auto may = gate(Act::DenyPairing, caller); !may)
        return done(may);
    m_rooms.pairing.deny(id, caller.via, std::move(done));
}

} // namespace gatehouse
