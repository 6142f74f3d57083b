// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/owner_service.h"

#include <QPointer>

namespace gatehouse {

void OwnerService::activity(const CallFilter &filter, Answered<CallPage> done)
{
    m_services.storage.read<CallPage>([filter](Stores &stores) { return stores.calls.page(filter); },
                                      std::move(done));
}

void OwnerService::countCalls(std::int64_t from, std::int64_t to, Answered<CallCounts> done)
{
    m_services.storage.read<CallCounts>([from, to](Stores &stores) { return stores.calls.counts(from, to); },
                                        std::move(done));
}

void OwnerService::acceptRestore(const OwnerCaller &caller, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::AcceptRestore, caller); !may)
        return done(may);
    m_services.checkpoints.acceptRestore(eventOf(EventKind::StorageRestored, caller), std::move(done));
}

void OwnerService::moveExports(const OwnerCaller &caller, const std::filesystem::path &folder,
                               Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::MoveExports, caller); !may)
        return done(may);
    m_services.retention.moveTo(folder, eventOf(EventKind::RetentionChanged, caller), std::move(done));
}

void OwnerService::settleClock(const OwnerCaller &caller, ClockAnswer answer, Storage::Done done)
{
    if (const auto may = authorize(OwnerAction::SettleClock, caller); !may)
        return done(may);
    m_services.registry.settleClock(
        answer, eventOf(EventKind::ClockSetBack, caller),
        [self = QPointer(this), answer, done = std::move(done)](Result<> settled) {
            // What is old enough by the new time need not wait for tomorrow.
            if (self && settled && answer == ClockAnswer::IsRight)
                self->m_services.retention.run([](const Result<std::int64_t> &) {});
            done(std::move(settled));
        });
}

} // namespace gatehouse
