// SPDX-License-Identifier: GPL-3.0-or-later
// ui_gallery [--theme light|dark] [--language en|ru] [--save FOLDER]
#include "tests/support/fixture_port.h"
#include "ui/dialogs/approval_dialog.h"
#include "ui/dialogs/confirmation_dialog.h"
#include "ui/dialogs/pairing_dialog.h"
#include "ui/dialogs/pin_dialog.h"
#include "ui/dialogs/question_dialog.h"
#include "ui/main_window.h"
#include "ui/theme/theme.h"
#include "ui/translations.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QLineEdit>
#include <QTableView>
#include <QTimer>

#include <deque>

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

constexpr int kSettleMs = 450;

/// Scenes one after the other, each given time to settle before it is saved.
class Gallery final : public QObject
{
public:
    Gallery(const QString &folder, const QString &suffix)
        : m_folder(folder)
        , m_suffix(suffix)
    {
    }
    void add(const QString &name, std::function<QWidget *()> set)
    {
        m_scenes.push_back({ name, std::move(set) });
    }
    void play()
    {
        if (m_scenes.empty()) {
            QCoreApplication::quit();
            return;
        }
        const auto [name, set] = m_scenes.front();
        m_scenes.pop_front();
        QWidget *shown = set();
        QTimer::singleShot(kSettleMs, this, [this, name = name, shown = QPointer<QWidget>(shown)] {
            if (shown) {
                shown->grab().save(QStringLiteral("%1/%2%3.png").arg(m_folder, name, m_suffix));
                if (auto *question = qobject_cast<QuestionDialog *>(shown.data()))
                    question->end();
                else if (shown->isWindow() && qobject_cast<QDialog *>(shown))
                    shown->close();
            }
            play();
        });
    }

private:
    struct Scene
    {
        QString name;
        std::function<QWidget *()> set;
    };
    QString m_folder, m_suffix;
    std::deque<Scene> m_scenes;
};

QDialog *firstDialog(QWidget &window)
{
    for (QDialog *dialog : window.findChildren<QDialog *>()) {
        if (dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("Gatehouse gallery"));
    QCommandLineParser options;
    options.addOption({ QStringLiteral("theme"), {}, QStringLiteral("theme"), QStringLiteral("light") });
    options.addOption({ QStringLiteral("language"), {}, QStringLiteral("code"), QStringLiteral("en") });
    options.addOption({ QStringLiteral("save"), {}, QStringLiteral("folder") });
    options.process(app);
    installTranslations(app, options.value(QStringLiteral("language")));
    const bool dark = options.value(QStringLiteral("theme")) == u"dark";
    applyTheme(app, dark ? ThemeChoice::Dark : ThemeChoice::Light);

    test::FixturePort port;
    const QList<ApprovalSummary> asked = std::exchange(port.approvalList, {});
    MainWindow window(port);
    window.show();
    if (!options.isSet(QStringLiteral("save"))) {
        QTimer::singleShot(1500, &port, [&] { port.askApproval(asked[0]), port.askApproval(asked[1]); });
        return QApplication::exec();
    }

    test::FixturePort fresh(0);
    fresh.agentList.clear();
    fresh.grantList.clear();
    fresh.clientList.clear();
    fresh.approvalList.clear();
    fresh.state.connected = fresh.state.pinSet = false;
    test::FixturePort deep(3'000'000);
    deep.approvalList.clear();
    std::unique_ptr<MainWindow> searched;
    std::unique_ptr<MainWindow> empty;
    std::unique_ptr<MainWindow> broken;
    test::FixturePort busy(0);
    busy.approvalList.clear();
    busy.state.state = GatewayState::Broken;
    busy.state.problem = ErrorCode::PortBusy;
    busy.state.problemDetail = QStringLiteral("python3.11 (3391)");

    QDir().mkpath(options.value(QStringLiteral("save")));
    Gallery gallery(options.value(QStringLiteral("save")),
                    QStringLiteral("-%1-%2").arg(options.value(QStringLiteral("theme")),
                                                 options.value(QStringLiteral("language"))));
    const auto page = [&](const char *name, MainWindow::Page which) {
        gallery.add(QString::fromLatin1(name), [&window, which] { return window.show(which), &window; });
    };
    page("agents", MainWindow::Agents);
    gallery.add(QStringLiteral("agents-changed"), [&]() -> QWidget * {
        GrantMatrixModel &grants = window.models().grants;
        const int row = grants.addProject({ QStringLiteral("*"), {}, {}, {} });
        grants.applyPreset(row, GrantMatrixModel::Preset::Read);
        return &window;
    });
    gallery.add(QStringLiteral("search"), [&]() -> QWidget * {
        window.models().grants.discard();
        auto *search = window.findChild<QLineEdit *>(QStringLiteral("projectSearch"));
        search->setFocus();
        search->setText(QStringLiteral("s"));
        window.models().projects.setQuery(QStringLiteral("s"));
        return &window;
    });
    page("activity", MainWindow::Activity);
    gallery.add(QStringLiteral("activity-searching"), [&]() -> QWidget * {
        deep.rowsInRead = 2000;
        searched = std::make_unique<MainWindow>(deep);
        searched->show();
        searched->show(MainWindow::Activity);
        ActivityFilter mix;
        mix.outcome = QStringLiteral("partial");
        mix.tool = QStringLiteral("tasker_move_issue");
        mix.agentId = QStringLiteral("nightly");
        mix.decision = QStringLiteral("denied");
        searched->models().activity.setFilter(mix);
        return searched.get();
    });
    gallery.add(QStringLiteral("activity-stopped"), [&]() -> QWidget * {
        searched->models().activity.stopSearch();
        return searched.get();
    });
    gallery.add(QStringLiteral("activity-nothing"), [&]() -> QWidget * {
        deep.rowsInRead = deep.rows;
        ActivityFilter mix;
        mix.decision = QStringLiteral("asked");
        mix.outcome = QStringLiteral("issue_changed");
        searched->models().activity.setFilter(mix);
        return searched.get();
    });
    page("connection", MainWindow::Connection);
    gallery.add(QStringLiteral("confirmation"), [&]() -> QWidget * {
        emit port.confirmationAsked(port.confirmation());
        return firstDialog(window);
    });
    gallery.add(QStringLiteral("approval"), [&]() -> QWidget * {
        port.askApproval(asked[1]);
        return firstDialog(window);
    });
    gallery.add(QStringLiteral("approval-pin"), [&]() -> QWidget * {
        port.approvalList.clear();
        emit port.approvalClosed(asked[1].id);
        port.askApproval(asked[0]);
        return firstDialog(window);
    });
    gallery.add(QStringLiteral("approval-long"), [&]() -> QWidget * {
        ApprovalSummary again = asked[1];
        again.id = QStringLiteral("ask-3");
        again.agentName
            = QStringLiteral("Nightly triage of everything that nobody has looked at for a month");
        again.heldUntil = again.askedAt.addSecs(20); // it waits no more
        PreviewSummary preview = port.previews[asked[1].id];
        preview.changedMeanwhile = true;
        preview.changed
            = { { QStringLiteral("state"), QStringLiteral("Todo"), QStringLiteral("In review"), {} } };
        QStringList lines;
        for (int line = 1; line <= 60; ++line)
            lines
                += QStringLiteral("%1. A line of what the agent would write, with\u200ba hidden sign in it.")
                       .arg(line);
        preview.fields.append({ QStringLiteral("comment"), {}, lines.join(u'\n'), {} });
        port.previews[again.id] = preview;
        port.approvalList.clear();
        emit port.approvalClosed(asked[0].id);
        port.askApproval(again);
        return firstDialog(window);
    });
    gallery.add(QStringLiteral("unsaved"), [&]() -> QWidget * {
        port.approvalList.clear();
        emit port.approvalClosed(QStringLiteral("ask-3"));
        window.show(MainWindow::Agents);
        GrantMatrixModel &grants = window.models().grants;
        grants.applyPreset(0, GrantMatrixModel::Preset::Read);
        window.show(MainWindow::Activity);
        return firstDialog(window);
    });
    gallery.add(QStringLiteral("agents-dirty"), [&]() -> QWidget * { return &window; });
    gallery.add(QStringLiteral("pairing"), [&]() -> QWidget * {
        window.models().grants.discard();
        auto *dialog = new PairingDialog(window.models().pairing, QStringLiteral("scribe"),
                                         QStringLiteral("Scribe"), &window);
        return dialog->open(), dialog;
    });
    gallery.add(QStringLiteral("pin"), [&]() -> QWidget * {
        auto *dialog = new PinDialog(PinDialog::Kind::Enter, &window);
        dialog->open();
        dialog->refuse(QStringLiteral("That is not the PIN. 4 tries left."), 0);
        return dialog;
    });
    gallery.add(QStringLiteral("pin-set"), [&]() -> QWidget * {
        auto *dialog = new PinDialog(PinDialog::Kind::SetUp, &window);
        return dialog->open(), dialog;
    });
    gallery.add(QStringLiteral("stop"),
                [&]() -> QWidget * { return window.askToStopEverything(), firstDialog(window); });
    gallery.add(QStringLiteral("overview"), [&]() -> QWidget * {
        port.askApproval(asked[1]);
        emit port.confirmationAsked(port.confirmation());
        for (QDialog *dialog : window.findChildren<QDialog *>())
            dialog->hide();
        return window.show(MainWindow::Overview), &window;
    });
    gallery.add(QStringLiteral("first-start"), [&]() -> QWidget * {
        empty = std::make_unique<MainWindow>(fresh);
        empty->show();
        return empty.get();
    });
    gallery.add(QStringLiteral("first-agents"),
                [&]() -> QWidget * { return empty->show(MainWindow::Agents), empty.get(); });
    gallery.add(QStringLiteral("first-activity"),
                [&]() -> QWidget * { return empty->show(MainWindow::Activity), empty.get(); });
    gallery.add(QStringLiteral("port-busy"), [&]() -> QWidget * {
        broken = std::make_unique<MainWindow>(busy);
        broken->show();
        return broken.get();
    });
    QTimer::singleShot(kSettleMs, &gallery, [&gallery] { gallery.play(); });
    return QApplication::exec();
}
