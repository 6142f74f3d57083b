// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/calls/tool_catalogue.h"
#include "gateway_core/tracker/tool_rows.h"

#include <QTest>

#include <functional>
#include <set>

using namespace gatehouse;

namespace {

const ToolCatalogue kCatalogue{ { trackerTools() } };

/// As the pipeline does: the schema first, then the rules between fields.
Result<> checked(const Tool &tool, const Json &arguments)
{
    auto fits = kCatalogue.check(tool, arguments);
    return fits ? checkBeyondSchema(tool, arguments) : fits;
}

} // namespace

class CatalogueTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void names_areUniqueAndPlain()
    {
        std::set<std::string_view> names;
        for (const Tool &tool : trackerTools()) {
            QVERIFY2(names.insert(tool.name).second, tool.name.data());
            QVERIFY(tool.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
            QVERIFY(!tool.description.empty());
        }
        QCOMPARE(names.size(), std::size_t(10));
    }

    void schemas_areObjectsWithoutTopLevelChoices()
    {
        for (const Tool &tool : trackerTools()) {
            QCOMPARE(tool.inputSchema.at("type"), Json("object"));
            QCOMPARE(tool.inputSchema.at("additionalProperties"), Json(false));
            for (const char *keyword : { "anyOf", "oneOf", "allOf", "not" })
                QVERIFY2(!tool.inputSchema.contains(keyword), tool.name.data());
            QCOMPARE(tool.outputSchema.at("type"), Json("object"));
            for (const auto &[name, property] : tool.inputSchema.at("properties").items())
                QVERIFY2(property.contains("description"), name.c_str());
        }
    }

    void shownSchemas_haveNoFormat_andOneTypeEach()
    {
        const std::function<void(const Json &)> check = [&check](const Json &schema) {
            if (schema.is_object()) {
                QVERIFY2(!schema.contains("format") || schema["format"].is_object(), schema.dump().c_str());
                QVERIFY2(!schema.contains("type") || !schema["type"].is_array(), schema.dump().c_str());
            }
            if (schema.is_structured()) {
                for (const Json &inner : schema)
                    check(inner);
            }
        };
        for (const Tool &tool : trackerTools()) {
            check(shownInput(tool));
            check(shownOutput(tool));
            for (const auto &[name, property] : shownInput(tool).at("properties").items())
                QVERIFY2(property.contains("type"), name.c_str());
        }
        const Json date
            = shownInput(*kCatalogue.find("tasker_update_issue")).at("properties").at("target_date");
        QCOMPARE(date.at("type"), Json("string"));
        QVERIFY(date.at("description").get<std::string>().find("2026-10-31; null") != std::string::npos);
    }
    void place_ofAWrite_isNeverWhateverWasGrantedSomewhere()
    {
        for (const Tool &tool : trackerTools()) {
            const Json &properties = tool.inputSchema.at("properties");
            QCOMPARE(tool.place == Place::Kind::Project,
                     properties.contains("project") || properties.contains("issue"));
            QVERIFY(!tool.writes || tool.place != Place::Kind::Granted);
        }
    }

    void annotations_letCodexRunEveryTool()
    {
        for (const Tool &tool : trackerTools()) {
            const Json hints = annotationsOf(tool);
            QCOMPARE(hints.at("readOnlyHint"), Json(!tool.writes));
            QCOMPARE(hints.at("destructiveHint"), Json(false));
            QCOMPARE(hints.at("openWorldHint"), Json(false));
        }
    }

    void arguments_thatFit_pass_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::newRow("least") << QByteArray("tasker_create_issue")
                               << QByteArray(R"({"project":"ENG","name":"a"})");
        QTest::newRow("whole")
            << QByteArray("tasker_create_issue")
            << QByteArray(R"({"project":"ENG","name":"a","description_markdown":"","priority":"high",
                                  "state":"Todo","labels":["bug"],"assignees":[],"parent":"ENG-1",
                                  "start_date":"2026-02-28","target_date":"2028-02-29"})");
        QTest::newRow("null date") << QByteArray("tasker_update_issue")
                                   << QByteArray(R"({"issue":"ENG-1","target_date":null})");
        QTest::newRow("no labels") << QByteArray("tasker_set_labels")
                                   << QByteArray(R"({"issue":"ENG-1","labels":[]})");
        QTest::newRow("add and remove") << QByteArray("tasker_set_assignees")
                                        << QByteArray(R"({"issue":"ENG-1","add":["a"],"remove":["b"]})");
        QTest::newRow("since") << QByteArray("tasker_list_issues")
                               << QByteArray(R"({"project":"ENG","updated_since":"2026-09-30T12:00:00Z"})");
    }
    void arguments_thatFit_pass()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);

        const auto fits = checked(*kCatalogue.find(tool.constData()), Json::parse(arguments.toStdString()));

        QVERIFY2(fits, fits ? "" : fits.error().details.dump().c_str());
    }

    void arguments_thatDoNotFit_nameTheField_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char *name, const char *tool, const char *arguments, const char *field) {
            QTest::newRow(name) << QByteArray(tool) << QByteArray(arguments) << QByteArray(field);
        };
        row("not an object", "tasker_create_issue", "[]", "");
        row("missing", "tasker_create_issue", R"({"project":"ENG"})", "");
        row("extra", "tasker_create_issue", R"({"project":"ENG","name":"a","project_id":"x"})", "");
        row("wrong type", "tasker_create_issue", R"({"project":"ENG","name":7})", "name");
        row("empty name", "tasker_create_issue", R"({"project":"ENG","name":""})", "name");
        row("leaves its path", "tasker_get_issue", R"({"issue":"../x"})", "issue");
        row("dots", "tasker_get_issue", R"({"issue":".."})", "issue");
        row("query", "tasker_get_issue", R"({"issue":"a?b"})", "issue");
        row("encoded", "tasker_get_issue", R"({"issue":"%2e%2e"})", "issue");
        row("line break", "tasker_get_issue", R"({"issue":"ENG-1\n"})", "issue");
        row("header", "tasker_get_project_context", R"({"project":"a\r\nX: y"})", "project");
        row("no such day", "tasker_create_issue", R"({"project":"E","name":"a","start_date":"2026-02-30"})",
            "start_date");
        row("date with time", "tasker_create_issue",
            R"({"project":"E","name":"a","start_date":"2026-02-3T"})", "start_date");
        row("local time", "tasker_list_issues", R"({"project":"E","updated_since":"2026-09-30T12:00:00"})",
            "updated_since");
        row("priority", "tasker_create_issue", R"({"project":"E","name":"a","priority":"asap"})", "priority");
        row("twice", "tasker_set_labels", R"({"issue":"E-1","labels":["a","a"]})", "labels");
        row("both ways", "tasker_set_labels", R"({"issue":"E-1","labels":["a"],"add":["b"]})", "labels");
        row("neither way", "tasker_set_assignees", R"({"issue":"E-1"})", "assignees");
        row("nothing to change", "tasker_update_issue", R"({"issue":"E-1"})", "name");
        row("null name", "tasker_update_issue", R"({"issue":"E-1","name":null})", "name");
        row("limit", "tasker_list_issues", R"({"project":"E","limit":101})", "limit");
        row("half a limit", "tasker_list_issues", R"({"project":"E","limit":1.5})", "limit");
    }
    void arguments_thatDoNotFit_nameTheField()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, field);

        const auto fits = checked(*kCatalogue.find(tool.constData()), Json::parse(arguments.toStdString()));

        QVERIFY(!fits);
        QCOMPARE(fits.error().code, ErrorCode::ValidationFailed);
        const std::string told = fits.error().details.at("errors").at(0).at("field").get<std::string>();
        QCOMPARE(QByteArray::fromStdString(told), field);
    }

    // Tests of the error paths: input made to hurt the checker itself.
    void arguments_hostileSizes_areRefusedQuickly_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("long reference") << "reference";
        QTest::newRow("long list") << "list";
        QTest::newRow("many fields") << "fields";
    }
    void arguments_hostileSizes_areRefusedQuickly()
    {
        QFETCH(QString, what);
        Json arguments{ { "issue", "ENG-1" } };
        if (what == QLatin1String("reference"))
            arguments["issue"] = std::string(1 << 20, 'a');
        else if (what == QLatin1String("list"))
            arguments["add"] = std::vector<std::string>(200'000, "x");
        else
            for (int i = 0; i < 100'000; ++i)
                arguments["f" + std::to_string(i)] = i;

        QElapsedTimer timer;
        timer.start();
        const auto fits = checked(*kCatalogue.find("tasker_set_labels"), arguments);

        QVERIFY(!fits);
        QVERIFY(timer.elapsed() < 1000);
        QVERIFY(fits.error().details.at("errors").size() <= 8);
    }

    void scopes_areTheUnionOfWhatCreateDoes()
    {
        const Tool &create = *kCatalogue.find("tasker_create_issue");

        QCOMPARE(scopesOf(create, { { "name", "a" } }), (std::vector{ Scope::IssuesCreate }));
        QCOMPARE(scopesOf(create, { { "state", "x" } }),
                 (std::vector{ Scope::IssuesCreate, Scope::IssuesMove }));
        QCOMPARE(scopesOf(create, { { "labels", Json::array() } }),
                 (std::vector{ Scope::IssuesCreate, Scope::LabelsWrite }));
        QCOMPARE(scopesOf(create, { { "assignees", { "a" } } }),
                 (std::vector{ Scope::IssuesCreate, Scope::AssigneesWrite }));
    }
};

QTEST_APPLESS_MAIN(CatalogueTest)
#include "tst_catalogue.moc"
