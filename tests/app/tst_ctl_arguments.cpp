// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/arguments.h"
#include "app/gatehousectl/completion.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <set>

using namespace gatehouse;

class CtlArgumentsTest final : public QObject
{
    Q_OBJECT

private:
    static QStringList split(const char *line) { return QString::fromUtf8(line).split(QLatin1Char(' ')); }

private slots:
    void command_withOptionsAnywhere_isRead()
    {
        const auto read = readInvocation(
            split("--json grants set Ann --until 2027-01-01T00:00:00Z ENG issues:create,issues:move ask"));

        QVERIFY(read);
        QVERIFY(read->json);
        const Ask ask = read->command->ask(read->arguments);
        QCOMPARE(ask.method, "PUT");
        QCOMPARE(ask.agent, "Ann");
        QCOMPARE(ask.project, "ENG");
        QCOMPARE(ask.body["scopes"].size(), 2u);
        QCOMPARE(ask.body["answer"].get<std::string>(), "ask");
        QCOMPARE(ask.body["until"].get<std::string>(), "2027-01-01T00:00:00Z");
    }

    void filter_text_isEncoded()
    {
        const auto read = readInvocation(
            { QStringLiteral("audit"), QStringLiteral("events"), QStringLiteral("--text=a&b c") });
        QCOMPARE(read->command->ask(read->arguments).target, "/api/v1/audit/events?text=a%26b%20c");
    }

    void id_withSlashes_staysOneSegment()
    {
        const auto read = readInvocation(split("approvals deny ../agents"));
        QCOMPARE(read->command->ask(read->arguments).target, "/api/v1/approvals/..%2Fagents/deny");
    }

    void table_words_areUniqueAndCallable()
    {
        std::set<std::string_view> words;
        for (const Command &command : commands()) {
            QVERIFY2(words.insert(command.words).second, std::string(command.words).c_str());
            QVERIFY(!command.summary.empty());
            QVERIFY(usage().find(command.words) != std::string::npos);
        }
    }

    void help_ofOneCommand_tellsOfItAlone()
    {
        const auto read = readInvocation(split("approvals allow --help"));
        QVERIFY(read && !read->command);
        const std::string text = usage(read->helpWords);
        QVERIFY(text.starts_with("Usage: gatehousectl approvals allow ID [OPTIONS]"));
        QVERIFY(text.find("--reach") != std::string::npos && text.find("agents") == std::string::npos);
        QVERIFY(usage({ "approvals" }).find("approvals deny ID") != std::string::npos);
        QVERIFY(usage({ "connection", "set" }).find("the credential is read from standard input")
                != std::string::npos);
        QCOMPARE(usage({ "dance" }), usage());
    }

    void document_holdsTheTable()
    {
        QFile file(QStringLiteral(GATEHOUSE_SOURCE "/docs/gatehousectl.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QStringList written;
        for (const QString &line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
            if (line.startsWith(QLatin1String("| `")))
                written << line;
        }
        QStringList table;
        const auto add = [&table](std::string words, std::string_view right) {
            std::ranges::replace(words, '|', '/'); // a bar would end the cell
            table << QString::fromStdString("| `" + words + "` | " + std::string(right) + " |");
        };
        for (const Command &command : commands()) {
            add(std::string(command.words) + (command.arguments.empty() ? "" : " ")
                    + std::string(command.arguments),
                command.summary);
            for (const CommandOption &option : command.options)
                add("  --" + std::string(option.name) + (option.value.empty() ? "" : " ")
                        + std::string(option.value),
                    option.summary);
        }
        if (written != table)
            std::fputs(qPrintable(table.join(QLatin1Char('\n')) + QLatin1Char('\n')), stderr);
        QVERIFY2(written == table, "docs/gatehousectl.md: its rows are not the table's, which is above");
    }

    void options_ofOneName_agreeAboutTheirValue()
    {
        std::map<std::string_view, bool> takesValue;
        for (const Command &command : commands()) {
            for (const CommandOption &option : command.options)
                QCOMPARE(takesValue.emplace(option.name, !option.value.empty()).first->second,
                         !option.value.empty());
        }
    }

    void completion_namesEveryFirstWord()
    {
        const std::string script = bashCompletion();
        for (const Command &command : commands())
            QVERIFY(script.find(command.words.substr(0, command.words.find(' '))) != std::string::npos);
    }

    // Tests of the error paths.

    void mistakes_areSaid_data()
    {
        QTest::addColumn<QString>("line");
        QTest::newRow("unknown command") << QStringLiteral("agents dance");
        QTest::newRow("unknown option") << QStringLiteral("status --fast");
        QTest::newRow("another command's option") << QStringLiteral("status --until x");
        QTest::newRow("too few") << QStringLiteral("agents create");
        QTest::newRow("too many") << QStringLiteral("agents create a b");
        QTest::newRow("no value") << QStringLiteral("approvals allow x --reach");
        QTest::newRow("no number") << QStringLiteral("status --pin-fd x");
        QTest::newRow("secrets") << QStringLiteral("status --secrets paper");
    }
    void mistakes_areSaid()
    {
        QFETCH(QString, line);
        const auto read = readInvocation(line.split(QLatin1Char(' ')));
        QVERIFY(!read);
        QVERIFY(!read.error().detail.empty());
    }
};

QTEST_GUILESS_MAIN(CtlArgumentsTest)
#include "tst_ctl_arguments.moc"
