// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/window_models.h"

#include "ui/models/sentences.h"

namespace gatehouse::ui {

namespace {

constexpr int kAgeingMs = 20'000;

} // namespace

WindowModels::WindowModels(GatewayPort &port, Now clock, QObject *parent)
    : QObject(parent)
    , now(std::move(clock))
    , pins(port)
    , gateway(port, pins)
    , agents(port, pins, now)
    , steps(port, agents)
    , grants(port, pins, now)
    , clients(port, pins, now)
    , projects(port)
    , pairing(port, pins, now)
    , questions(port, pins, now)
    , standing(port, now)
    , activity(port, now)
    , activityClients(port, pins, now)
    , latest(port, now)
    , today(port, now)
    , connection(port, pins)
    , protection(port, pins)
    , journal(port, pins)
{
    joinErrors();
    connect(&port, &GatewayPort::notice, this, [this](const QString &code) {
        if (const QString sentence = noticeSentence(code); !sentence.isEmpty())
            emit said(sentence, false);
    });
    connect(&port, &GatewayPort::statusChanged, this, [this] {
        const bool ready = gateway.canChangeMode();
        if (ready && !m_wasReady)
            reload();
        m_wasReady = ready;
    });
    connect(&m_ageing, &QTimer::timeout, this, [this] {
        agents.refreshTimes();
        activity.refreshTimes();
        latest.refreshTimes();
        questions.refreshTimes();
        standing.refreshTimes();
        today.refreshTimes();
    });
    m_ageing.start(kAgeingMs);
    m_wasReady = gateway.canChangeMode();
    if (m_wasReady)
        reload();
}

void WindowModels::joinErrors()
{
    const auto say = [this](const QString &sentence) {
        if (!sentence.isEmpty()) // the owner declined: nothing to say
            emit said(sentence, true);
    };
    connect(&gateway, &GatewayModel::failed, this, say);
    connect(&agents, &AgentListModel::failed, this, say);
    connect(&grants, &GrantMatrixModel::failed, this, say);
    connect(&clients, &ClientListModel::failed, this, say);
    connect(&activityClients, &ClientListModel::failed, this, say);
    connect(&projects, &ProjectSearchModel::failed, this, say);
    connect(&pairing, &PairingModel::failed, this, say);
    connect(&questions, &QuestionListModel::failed, this, say);
    connect(&standing, &StandingYesModel::failed, this, say);
    connect(&activity, &ActivityModel::failed, this, say);
    connect(&protection, &ProtectionModel::failed, this, say);
    connect(&journal, &JournalModel::failed, this, say);
    connect(&gateway, &GatewayModel::stopped, this,
            [this](const QString &sentence) { emit said(sentence, false); });
    connect(&journal, &JournalModel::restoreAccepted, this,
            [this] { emit said(tr("It stands in the journal, and signing goes on."), false); });
}

void WindowModels::reload()
{
    agents.reload();
    grants.reload();
    clients.reload();
    questions.reload();
    standing.reload();
    activity.reload();
    latest.reload();
    today.recount();
}

} // namespace gatehouse::ui
