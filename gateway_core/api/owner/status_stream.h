// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/api/owner/stream_readers.h"
#include "gateway_core/audit/journal.h"
#include "gateway_core/calls/approvals.h"
#include "gateway_core/identity/pairing.h"
#include "gateway_core/identity/registry.h"
#include "gateway_core/tasker/tasker_client.h"

#include <QObject>

namespace gatehouse {

/// What stands now, whole, to any number of readers, and again whenever it is another: mode, agents, open
/// questions and confirmations, Tasker's health. Changes of one turn of the event loop are one event
/// `status`. The id is a digest of the state, so that a reader who comes back to the same one is told
/// nothing. Thread: core. The references must outlive it.
class StatusStream final : public QObject
{
    Q_OBJECT

public:
    struct Dependencies
    {
        Registry &registry;
        Journal &journal;
        Pairing &pairing;
        Approvals &approvals;
        TaskerClient &tasker;
    };

    explicit StatusStream(const Dependencies &dependencies);

    /// `lastId`: what the reader had last, or empty.
    void add(ReaderPtr reader, const std::string &lastId);
    /// Some of it changes without a word: looked at with each heartbeat.
    void look();

private:
    void lookSoon();
    void take();
    [[nodiscard]] Json state() const;

    Dependencies m_services;
    std::vector<ReaderPtr> m_readers;
    std::string m_text; ///< the state as told last
    std::string m_id;
    bool m_looking = false;
};

} // namespace gatehouse
