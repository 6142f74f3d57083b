// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway_core/port/gateway_port.h"

#include <QObject>

namespace gatehouse::ui {

/// Reads *Activity* from the newest line back until as many lines are found as are wanted. What almost
/// nothing passes takes many reads (port/gateway_port.h); meanwhile it says how far it is, and can be
/// stopped. begin -> Running -> Rested (enough for now) | Stopped (by the owner) -> goOn -> Running ... ->
/// Done (no older line). Thread: ui.
class ActivitySearch final : public QObject
{
    Q_OBJECT

public:
    enum class State { Rested, Running, Stopped, Done };

    explicit ActivitySearch(GatewayPort &gateway, QObject *parent = nullptr);

    /// A new search; the answer to an older one is dropped.
    void begin(const ActivityFilter &filter);
    /// For `ActivityFilter::limit` lines more. Not while Running, and not when Done.
    void goOn();
    /// The read under way is the last one; what it finds is taken.
    void stop();

    [[nodiscard]] State state() const { return m_state; }
    /// It takes longer than a person waits without a word.
    [[nodiscard]] bool isLong() const { return m_reads > kQuietReads; }
    /// Lines with a smaller seq have not been looked at; 0: every line was.
    [[nodiscard]] qint64 reached() const { return m_state == State::Done ? 0 : m_filter.before; }
    [[nodiscard]] const ActivityFilter &filter() const { return m_filter; }
    /// How far it is, as a sentence; empty before the first answer.
    [[nodiscard]] QString progress() const;

signals:
    /// `before` is where that read began: 0 from the newest line.
    void found(const QList<gatehouse::ActivityRow> &lines, qint64 before);
    void failed(const gatehouse::Error &error);
    void changed();

private:
    static constexpr int kQuietReads = 2; // about a tenth of a second at a million calls

    void read();
    void take(const ActivityFound &found);

    GatewayPort &m_gateway;
    ActivityFilter m_filter; ///< `before`: where the next read begins
    State m_state = State::Rested;
    qsizetype m_wanted = 0;
    int m_reads = 0;
    int m_turn = 0; ///< answers to an older search are dropped
    bool m_asking = false;
    std::optional<QDateTime> m_backTo;
    int m_percent = 0;
};

} // namespace gatehouse::ui
