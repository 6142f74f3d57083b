// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/owner_service.h"

#include "gateway_core/owner/owner_log.h"
#include "gateway_core/owner/input_text.h"

#include <algorithm>
#include <array>

namespace gatehouse {

namespace {

using Channel = OwnerCaller::Channel;

struct Row
{
    OwnerAction act;
    bool window; ///< needs the PIN there
    bool token;
};

// What each act takes. A token is a file that any program of the owner's can read: whatever allows, widens,
// mints, resumes, connects or exports needs the PIN there. In the window a press is the owner's presence
// for what was asked just now; what lasts needs the PIN there too.
constexpr std::array kTable{
    Row{ OwnerAction::CreateAgent, false, false },
    Row{ OwnerAction::RenameAgent, false, false },
    Row{ OwnerAction::PauseAgent, false, false },
    Row{ OwnerAction::ResumeAgent, true, true },
    Row{ OwnerAction::RetireAgent, false, false },
    Row{ OwnerAction::NarrowGrant, false, false },
    Row{ OwnerAction::WidenGrant, true, true },
    Row{ OwnerAction::WildcardGrant, true, true },
    Row{ OwnerAction::LiftOff, true, true },
    Row{ OwnerAction::MintAgentToken, true, true },
    Row{ OwnerAction::RotateAgentToken, true, true },
    Row{ OwnerAction::RevokeClient, false, false },
    Row{ OwnerAction::MintOwnerToken, true, true },
    Row{ OwnerAction::RevokeOwnerToken, false, false },
    Row{ OwnerAction::OpenPairing, false,
         true }, // the code alone is nothing: its confirmation is asked for apart
    Row{ OwnerAction::ClosePairing, false, false },
    Row{ OwnerAction::ConfirmPairing, false, true },
    Row{ OwnerAction::DenyPairing, false, false },
    Row{ OwnerAction::AllowCall, false, true },
    Row{ OwnerAction::AllowCallWithPin, true, true },
    Row{ OwnerAction::DenyCall, false, false },
    Row{ OwnerAction::EndYes, false, false },
    Row{ OwnerAction::PauseGateway, false, false },
    Row{ OwnerAction::ResumeGateway, true, true },
    Row{ OwnerAction::StopEverything, false, false },
    Row{ OwnerAction::FirstConnection, false, true }, // before there is a PIN, and nothing to lose
    Row{ OwnerAction::ChangeConnection, true, true },
    Row{ OwnerAction::ExportJournal, true, true },
    Row{ OwnerAction::MoveExports, true, true },
    Row{ OwnerAction::AcceptRestore, true, true }, // who put it back may be whom it hides
    Row{ OwnerAction::SettleClock, true, true }, // things end by it, and rows of the journal leave
    Row{ OwnerAction::LoosenProtection, true, true },
    Row{ OwnerAction::ReadAnything, false, false },
};

consteval bool everyActHasItsRow()
{
    for (int i = 0; i < kOwnerActions; ++i) {
        if (static_cast<int>(kTable.at(static_cast<std::size_t>(i)).act) != i)
            return false;
    }
    return kTable.size() == kOwnerActions;
}
static_assert(everyActHasItsRow(), "the table is in the order of OwnerAction and knows every act");

} // namespace

bool needsStepUp(OwnerAction act, OwnerCaller::Channel channel)
{
    const Row &row = kTable.at(static_cast<std::size_t>(act));
    return channel == Channel::Window ? row.window : row.token;
}

OwnerService::OwnerService(const Dependencies &dependencies, QObject *parent)
    : QObject(parent)
    , m_services(dependencies)
{
}

Result<> OwnerService::authorize(OwnerAction act, const OwnerCaller &caller) const
{
    if (!needsStepUp(act, caller.channel))
        return {};
    // Inside the process the window's name is proof enough; a token's holder is never the window.
    if (caller.channel == Channel::Token && caller.name == kWindowCaller)
        return failure(ErrorCode::StepUpRequired, "a token that calls itself the window",
                       { { "reason", "pin" } });
    return m_services.stepUp.check(caller.name, caller.stepUpToken);
}

Event OwnerService::eventOf(EventKind kind, const OwnerCaller &caller) const
{
    qCDebug(lcOwner, "%s, %s", nameOf(kind).data(), caller.via.c_str());
    Event event;
    event.kind = kind;
    event.via = caller.via;
    event.more = Json::object();
    if (caller.channel == Channel::Token)
        event.more["owner_token"] = caller.name;
    return event;
}

void OwnerService::allowCall(const OwnerCaller &caller, const ApprovalId &id, const Yes &yes,
                             Storage::Done done)
{
    const auto approval = m_services.approvals.find(id);
    if (!approval)
        return done(failure(ErrorCode::NotFound, "no such question"));
    if (const auto may
        = authorize(approval->asked.withPin ? OwnerAction::AllowCallWithPin : OwnerAction::AllowCall, caller);
        !may)
        return done(may);
    m_services.approvals.allow(id, yes, caller.via, std::move(done));
}

void OwnerService::denyCall(const OwnerCaller &caller, const ApprovalId &id, const std::string &reason,
                            bool pauseAgent, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::DenyCall, caller); !may)
        return done(may);
    m_services.approvals.deny(id, words::cut(reason, words::kReasonMost), pauseAgent, caller.via,
                              std::move(done));
}

void OwnerService::endYes(const OwnerCaller &caller, const ApprovalId &id, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::EndYes, caller); !may)
        return done(may);
    m_services.approvals.end(id, caller.via, std::move(done));
}

void OwnerService::openPairing(const OwnerCaller &caller, const AgentId &agent, std::chrono::seconds lifetime,
                               Answered<PairingCode> done)
{
    if (const auto may = authorize(OwnerAction::OpenPairing, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    m_services.pairing.open(agent, lifetime, caller.via, std::move(done));
}

void OwnerService::closePairing(const OwnerCaller &caller, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::ClosePairing, caller); !may)
        return done(may);
    m_services.pairing.close(caller.via);
    done({});
}

void OwnerService::confirmPairing(const OwnerCaller &caller, const ConfirmationId &id, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::ConfirmPairing, caller); !may)
        return done(may);
    m_services.pairing.confirm(id, caller.via, std::move(done));
}

void OwnerService::confirmLogin(const OwnerCaller &caller, const ConfirmationId &id, const AgentId &agent,
                                Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::ConfirmPairing, caller); !may)
        return done(may);
    m_services.pairing.confirmAs(id, agent, caller.via, std::move(done));
}

void OwnerService::denyPairing(const OwnerCaller &caller, const ConfirmationId &id, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::DenyPairing, caller); !may)
        return done(may);
    m_services.pairing.deny(id, caller.via, std::move(done));
}

} // namespace gatehouse
