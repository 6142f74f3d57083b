// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/desk.h"

#include <QPointer>

namespace gatehouse {

void Desk::activity(const CallFilter &filter, Answered<CallPage> done)
{
    m_rooms.storage.read<CallPage>([filter](Stores &stores) { return stores.calls.page(filter); },
                                   std::move(done));
}

void Desk::countCalls(std::int64_t from, std::int64_t to, Answered<CallCounts> done)
{
    m_rooms.storage.read<CallCounts>([from, to](Stores &stores) { return stores.calls.counts(from, to); },
                                     std::move(done));
}

void Desk::acceptRestore(const OwnerCaller &caller, Storage::Done done)
{
    if (const auto may = gate(Act::AcceptRestore, caller); !may)
        return done(may);
    m_rooms.checkpoints.acceptRestore(eventOf(EventKind::StorageRestored, caller), std::move(done));
}

void Desk::moveExports(const OwnerCaller &caller, const std::filesystem::path &folder, Storage::Done done)
{
    if (const auto may = gate(Act::MoveExports, caller); !may)
        return done(may);
    m_rooms.retention.moveTo(folder, eventOf(EventKind::RetentionChanged, caller), std::move(done));
}

void Desk::settleClock(const OwnerCaller &caller, ClockAnswer answer, Storage::Done done)
{
    if (const auto may = gate(Act::SettleClock, caller); !may)
        return done(may);
    m_rooms.registry.settleClock(answer, eventOf(EventKind::ClockSetBack, caller),
                                 [self = QPointer(this), answer, done = std::move(done)](Result<> settled) {
                                     // What is old enough by the new time need not wait for tomorrow.
                                     if (self && settled && answer == ClockAnswer::IsRight)
                                         self->m_rooms.retention.run([](const Result<std::int64_t> &) {});
                                     done(std::move(settled));
                                 });
}

} // namespace gatehouse
