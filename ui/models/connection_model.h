// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/pin_flow.h"

#include <QMap>

namespace gatehouse::ui {

/// The way to Tasker: what is stored, what is wrong with what was entered, a test that stores nothing, and
/// saving. The credential only ever goes in. Thread: ui.
class ConnectionModel final : public QObject
{
    Q_OBJECT

public:
    enum class Field { Url, UserId, Email, Credential, CaFile };

    ConnectionModel(GatewayPort &gateway, PinFlow &pins, QObject *parent = nullptr);

    /// What is stored; the credential is never part of it.
    [[nodiscard]] TaskerSettings stored() const;
    [[nodiscard]] bool hasStoredCredential() const { return m_gateway.status().connected; }
    /// Empty: can be tested and saved.
    [[nodiscard]] QMap<Field, QString> problems(const TaskerSettings &settings) const;
    [[nodiscard]] bool isBusy() const { return m_busy; }

    void test(const TaskerSettings &settings);
    void save(const TaskerSettings &settings);

signals:
    void storedChanged();
    void busyChanged();
    /// `found`: the adapter's address, empty where it is the one that was entered.
    void tested(const QList<gatehouse::ProjectSummary> &projects, const QString &found);
    /// The sentence says where the adapter was found, and whether Tasker answered (`heard`).
    void saved(const QString &sentence, bool heard);
    void failed(const QString &sentence);

private:
    void setBusy(bool busy);

    GatewayPort &m_gateway;
    PinFlow &m_pins;
    bool m_busy = false;
};

} // namespace gatehouse::ui
