// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/layering/layering_rules.h"

#include <QTest>

#include <filesystem>
#include <fstream>
#include <sstream>

using namespace gatehouse::layering;
namespace fs = std::filesystem;

namespace {

const fs::path kSources = GATEHOUSE_SOURCES;

std::string textOf(const fs::path &file)
{
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

} // namespace

class LayeringTest final : public QObject
{
    Q_OBJECT

private slots:
    void sources_keepTheDirections()
    {
        int files = 0;
        QStringList broken;
        for (const char *top : { "gateway_core", "ui", "app" }) {
            for (const auto &entry : fs::recursive_directory_iterator(kSources / top)) {
                if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp")
                    continue;
                ++files;
                const auto name = fs::relative(entry.path(), kSources).generic_string();
                for (const Violation &violation : violationsIn(name, textOf(entry.path())))
                    broken << QStringLiteral("%1:%2: %3")
                                  .arg(QString::fromStdString(violation.file))
                                  .arg(violation.line)
                                  .arg(QString::fromStdString(violation.message));
            }
        }
        QVERIFY(files > 30);
        QVERIFY2(broken.isEmpty(), qPrintable(QStringLiteral("\n  ") + broken.join(QStringLiteral("\n  "))));
    }

    void programs_linkNothingMadeForTests()
    {
        const std::string graph = textOf(GATEHOUSE_LINK_GRAPH);
        QVERIFY(graph.find("gatehouse-mcp:") != std::string::npos);
        QStringList broken;
        for (const auto &violation : linkViolations(graph))
            broken << QString::fromStdString(violation);
        QVERIFY2(broken.isEmpty(), qPrintable(broken.join(QLatin1Char('\n'))));
    }

    // The rules themselves: each breaks on what it is there for.

    void brokenDirection_isNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char *file, const char *line, bool allowed) {
            QTest::addRow("%s %s", file, line)
                << QString::fromUtf8(file) << QString::fromUtf8(line) << allowed;
        };
        row("gateway_core/calls/a.cpp", "#include \"gateway_core/identity/registry.h\"", true);
        row("gateway_core/identity/a.cpp", "#include \"gateway_core/calls/call_pipeline.h\"", false);
        row("gateway_core/http/a.cpp", "#include \"gateway_core/identity/token.h\"", false);
        row("gateway_core/base/a.h", "#include \"gateway_core/storage/storage.h\"", false);
        row("gateway_core/api/a.cpp", "#include \"ui/main_window.h\"", false);
        row("gateway_core/api/a.cpp", "#include \"tests/support/fake_clock.h\"", false);
        row("gateway_core/api/a.cpp", "#include <QtWidgets/QWidget>", false);
        row("gateway_core/api/a.cpp", "#include <QPushButton>", false);
        row("gateway_core/api/a.cpp", "#include <QTimer>", true);
        row("gateway_core/storage/a.cpp", "#include <QString>", false);
        row("gateway_core/owner/a.cpp", "return tr(\"Hello\");", false);
        row("gateway_core/owner/a.cpp", "// never tr(\"Hello\")", true);
        row("gateway_core/owner/a.cpp", "ptr(x);", true);
        row("gateway_core/tasker/a.cpp", "socket.waitForReadyRead(5);", false);
        row("gateway_core/tasker/a.cpp", "QMutex mutex;", false);
        row("ui/models/a.cpp", "#include \"gateway_core/port/gateway_port.h\"", true);
        row("ui/models/a.cpp", "#include \"gateway_core/owner/owner_service.h\"", false);
        row("ui/models/a.cpp", "#include \"ui/pages/a.h\"", false);
        row("ui/pages/a.cpp", "#include \"ui/models/a.h\"", true);
        row("ui/pages/a.cpp", "#include \"gateway_core/identity/registry.h\"", false);
        row("app/gatehouse-mcp/a.cpp", "#include \"app/places.h\"", true);
        row("app/gatehouse-mcp/a.cpp", "#include \"gateway_core/storage/storage.h\"", false);
        row("app/gatehouse/a.cpp", "#include \"gateway_core/storage/storage.h\"", true);
        row("app/gatehouse/a.cpp", "#include \"tests/support/contract_tasker.h\"", false);
        row("attic/a.cpp", "", false);
    }
    void brokenDirection_isNamed()
    {
        QFETCH(QString, file);
        QFETCH(QString, line);
        QFETCH(bool, allowed);
        const auto found = violationsIn(file.toStdString(), line.toStdString());
        QCOMPARE(found.empty(), allowed);
    }

    void brokenLink_isNamed()
    {
        QCOMPARE(linkViolations("gatehouse: gatehouse_api gatehouse_contract_tasker\n").size(), 1u);
        QCOMPARE(linkViolations("gatehouse-mcp: gatehouse_client Qt6::Gui\n").size(), 1u);
        QCOMPARE(linkViolations("gatehouse: Qt6::Widgets Qt6::Core\n").size(), 0u);
    }
};

QTEST_GUILESS_MAIN(LayeringTest)
#include "tst_layering.moc"
