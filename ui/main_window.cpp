// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main_window.h"

#include "ui/dialogs/dialog.h"
#include "ui/dialogs/questions.h"
#include "ui/pages/activity_page.h"
#include "ui/pages/agents_page.h"
#include "ui/pages/connection_page.h"
#include "ui/pages/overview_page.h"
#include "ui/theme/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/status_strip.h"
#include "ui/widgets/theme_button.h"

#include <QApplication>
#include <QButtonGroup>
#include <QCloseEvent>
#include <QFrame>
#include <QScreen>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

constexpr QSize kSize{ 1320, 820 };
constexpr QSize kFrame{ 16, 48 }; // what a window manager puts around it
constexpr int kSidebarWidth = 190;

} // namespace

MainWindow::MainWindow(GatewayPort &gateway, QWidget *parent)
    : MainWindow(gateway, systemNow(), parent)
{
}

MainWindow::MainWindow(GatewayPort &gateway, const Now &now, QWidget *parent)
    : QMainWindow(parent)
    , m_models(gateway, now)
    , m_navigation(new QButtonGroup(this))
    , m_pages(new QStackedWidget)
    , m_notice(new NoticeBar)
    , m_overview(new OverviewPage(m_models))
    , m_agents(new AgentsPage(m_models))
    , m_activity(new ActivityPage(m_models))
    , m_connection(new ConnectionPage(m_models))
    , m_questions(new Questions(m_models, this))
{
    setWindowTitle(tr("Gatehouse"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/gatehouse.svg")));
    auto *whole = new QWidget;
    auto *row = new QHBoxLayout(whole);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(makeSidebar());
    row->addWidget(makePages(), 1);
    setCentralWidget(whole);
    resize(kSize.boundedTo(screen()->availableSize() - kFrame));
    joinPages();
    qApp->installEventFilter(this);
    connect(&gateway, &GatewayPort::raiseRequested, this, &MainWindow::bringToFront);
    connect(&m_models, &WindowModels::said, m_notice, &NoticeBar::say);
    connect(m_questions, &Questions::attentionWanted, this, &MainWindow::attentionWanted);
    turnTo(Overview);
    m_overview->setFocus(); // not the first button: nothing is about to be pressed
}

QWidget *MainWindow::makeSidebar()
{
    auto *bar = new QFrame;
    bar->setProperty("role", QStringLiteral("sidebar"));
    bar->setFixedWidth(kSidebarWidth);
    auto *column = new QVBoxLayout(bar);
    column->setContentsMargins(12, 16, 12, 12);
    column->setSpacing(4);
    auto *brand = new QHBoxLayout;
    QLabel *sign = plainLabel({});
    sign->setPixmap(windowIcon().pixmap(26, 26));
    brand->addWidget(sign);
    brand->addWidget(plainLabel(tr("Gatehouse"), "heading"), 1);
    column->addLayout(brand);
    column->addSpacing(14);
    const std::initializer_list<std::pair<QString, QString>> entries{
        { tr("Overview"), QStringLiteral("overview") },
        { tr("Agents"), QStringLiteral("agents") },
        { tr("Activity"), QStringLiteral("activity") },
        { tr("Connection"), QStringLiteral("connection") }
    };
    int page = 0;
    for (const auto &[title, iconName] : entries) {
        QPushButton *entry = button(title, "nav", iconName);
        entry->setCheckable(true);
        const QKeySequence keys(QStringLiteral("Ctrl+%1").arg(page + 1));
        entry->setToolTip(QStringLiteral("%1 (%2)").arg(title, keys.toString(QKeySequence::NativeText)));
        connect(new QShortcut(keys, this), &QShortcut::activated, this,
                [this, page] { show(static_cast<Page>(page)); });
        m_navigation->addButton(entry, page++);
        column->addWidget(entry);
    }
    connect(m_navigation, &QButtonGroup::idClicked, this, [this](int id) { show(static_cast<Page>(id)); });
    column->addStretch();
    column->addWidget(new ThemeButton);
    QLabel *version = plainLabel({}, "muted");
    const auto refresh
        = [this, version] { version->setText(tr("Version %1").arg(m_models.gateway.status().version)); };
    connect(&m_models.gateway, &GatewayModel::changed, version, refresh); // known once the gateway has spoken
    refresh();
    column->addWidget(version);
    return bar;
}

QWidget *MainWindow::makePages()
{
    auto *right = new QWidget;
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *strip = new StatusStrip(m_models.gateway);
    connect(strip, &StatusStrip::stopAsked, this, &MainWindow::askToStopEverything);
    column->addWidget(strip);
    column->addWidget(m_notice);
    column->addWidget(m_pages, 1);
    for (QWidget *page : std::initializer_list<QWidget *>{ m_overview, m_agents, m_activity, m_connection })
        m_pages->addWidget(page);
    return right;
}

void MainWindow::joinPages()
{
    connect(m_overview, &OverviewPage::reviewAsked, m_questions, &Questions::review);
    connect(m_overview, &OverviewPage::stepAsked, this, &MainWindow::goToStep);
    connect(m_overview, &OverviewPage::connectionAsked, this, [this] { show(Connection); });
    connect(m_overview, &OverviewPage::activityAsked, this, [this] { show(Activity); });
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this, [this] {
        show(Activity);
        m_activity->focusSearch();
    });
    connect(new QShortcut(QKeySequence::Refresh, this), &QShortcut::activated, &m_models,
            &WindowModels::reload);
}

void MainWindow::goToStep(GettingStartedModel::Step step)
{
    const bool toConnection
        = step == GettingStartedModel::ConnectTasker || step == GettingStartedModel::SetPin;
    show(toConnection ? Connection : Agents);
    switch (step) {
    case GettingStartedModel::ConnectTasker: m_connection->focusForm(); break;
    case GettingStartedModel::SetPin: m_connection->setPin(); break;
    case GettingStartedModel::CreateAgent: m_agents->askForNewAgent(); break;
    case GettingStartedModel::GiveGrant: m_agents->focusGrants(); break;
    case GettingStartedModel::PairCodex: m_agents->pairCodex(); break;
    case GettingStartedModel::StepCount: break;
    }
}

void MainWindow::show(Page page)
{
    if (page == m_pages->currentIndex())
        return markPage();
    m_agents->leaveGrants([this, page] { turnTo(page); });
    markPage(); // where it stays, the button that was pressed goes back
}

void MainWindow::turnTo(Page page)
{
    m_pages->setCurrentIndex(page);
    markPage();
}

void MainWindow::markPage()
{
    m_navigation->button(m_pages->currentIndex())->setChecked(true);
}

void MainWindow::askToStopEverything()
{
    auto *dialog = new AskDialog(
        tr("Stop everything?"),
        tr("All agents are paused, open questions are withdrawn, and all connections are closed. "
           "Calls that have reached Tasker already cannot be taken back."),
        tr("Stop everything"), this);
    if (const auto revocable = m_models.agents.revocable(); !revocable.isEmpty())
        dialog->addOptions(tr("Also revoke the clients of (each must be paired again):"), revocable);
    connect(dialog, &AskDialog::agreed, &m_models.gateway, &GatewayModel::stopEverything);
    dialog->open();
}

void MainWindow::bringToFront()
{
    setWindowState((windowState() & ~Qt::WindowMinimized) | Qt::WindowActive);
    QMainWindow::show();
    raise();
    activateWindow();
}

void MainWindow::reviewFirst()
{
    m_questions->reviewFirst();
}

void MainWindow::askToQuit()
{
    if (!m_models.grants.isDirty())
        return QCoreApplication::quit();
    bringToFront();
    turnTo(Agents);
    m_agents->leaveGrants(&QCoreApplication::quit);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_ends || (!m_hidesToTray && !m_models.grants.isDirty())) {
        QMainWindow::closeEvent(event);
        return;
    }
    event->ignore();
    if (m_hidesToTray)
        hide();
    else
        askToQuit();
}

/// A signal that ends the program, or the owner's word that was asked for before.
bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Quit)
        m_ends = true;
    return QMainWindow::eventFilter(watched, event);
}

} // namespace gatehouse::ui
