// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/owner/audit_stream.h"
#include "gateway_core/api/route/route.h"
#include "gateway_core/api/owner/status_stream.h"
#include "gateway_core/identity/stream_tickets.h"

#include <QObject>

namespace gatehouse {

/// The live streams of the owner's tools, and the tickets to them (docs/rest-api.md, Streams).
/// Thread: core. The references must outlive it. Owns: every open stream.
class OwnerStreams final : public QObject
{
    Q_OBJECT

public:
    /// Its part of the route table, for ApiDispatcher.
    [[nodiscard]] static std::span<const Route> routes();

    struct Dependencies
    {
        Storage &storage;
        Registry &registry;
        Journal &journal;
        Pairing &pairing;
        Approvals &approvals;
        TaskerClient &tasker;
        StreamTickets &tickets;
        Clock &clock;
    };

    explicit OwnerStreams(const Dependencies &dependencies);

    /// {streams?} -> 201 {ticket, expires_at}. RateLimited: too many unspent ones.
    void mintTicket(RouteCall &call);
    /// 200 an event stream. ValidationFailed: a filter or a last id that is none. RateLimited: too many.
    void audit(RouteCall &call);
    void status(RouteCall &call);

    /// For *stop everything*. Returns how many it closed.
    int closeAll();

private:
    /// Null: answered already.
    [[nodiscard]] ReaderPtr open(const RouteCall &call);
    void beat();

    Dependencies m_services;
    StreamReaders m_readers;
    AuditStream m_audit;
    StatusStream m_status;
};

} // namespace gatehouse
