// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/activity_model.h"
#include "ui/models/agent_list_model.h"
#include "ui/models/client_list_model.h"
#include "ui/models/connection_model.h"
#include "ui/models/gateway_model.h"
#include "ui/models/getting_started_model.h"
#include "ui/models/grant_matrix_model.h"
#include "ui/models/journal_model.h"
#include "ui/models/pairing_model.h"
#include "ui/models/project_search_model.h"
#include "ui/models/protection_model.h"
#include "ui/models/question_list_model.h"
#include "ui/models/standing_yes_model.h"
#include "ui/models/today_model.h"

#include <QTimer>

namespace gatehouse::ui {

/// All models of one window, joined once. Thread: ui. Owns: the models. The port must outlive it.
class WindowModels final : public QObject
{
    Q_OBJECT

public:
    explicit WindowModels(GatewayPort &port, Now clock = systemNow(), QObject *parent = nullptr);

    /// Reads everything again; done by itself whenever the gateway becomes ready.
    void reload();

    Now now;
    PinFlow pins;
    GatewayModel gateway;
    AgentListModel agents;
    GettingStartedModel steps;
    GrantMatrixModel grants;
    ClientListModel clients;
    ProjectSearchModel projects;
    PairingModel pairing;
    QuestionListModel questions;
    StandingYesModel standing;
    ActivityModel activity;
    ClientListModel activityClients; ///< of the agent whose lines are shown, to choose among
    ActivityModel latest; ///< unfiltered, for Overview
    TodayModel today;
    ConnectionModel connection;
    ProtectionModel protection;
    JournalModel journal;

signals:
    /// A sentence for the bar over the pages: an act that failed, or the gateway's notice.
    void said(const QString &sentence, bool isError);

private:
    void joinErrors();

    QTimer m_ageing; ///< "5 min ago" grows older
    bool m_wasReady = false;
};

} // namespace gatehouse::ui
