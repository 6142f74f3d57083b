// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/client/token_folder.h"

#include <QTemporaryDir>
#include <QTest>

#include <optional>

#include <sys/stat.h>
#include <unistd.h>

using namespace gatehouse;

namespace {

struct Bench
{
    QTemporaryDir folder;
    std::filesystem::path tokens = std::filesystem::path(folder.path().toStdString()) / "tokens";
    TokenFolder store{ tokens };

    Result<Secret> read(const std::string &name)
    {
        std::optional<Result<Secret>> got;
        store.read(name, [&](Result<Secret> result) { got = std::move(result); });
        if (!QTest::qWaitFor([&] { return got.has_value(); }))
            return failure(ErrorCode::Internal);
        return std::move(*got);
    }
    Result<> write(const std::string &name, std::string_view value)
    {
        std::optional<Result<>> got;
        store.write(name, Secret(value), [&](Result<> result) { got = std::move(result); });
        if (!QTest::qWaitFor([&] { return got.has_value(); }))
            return failure(ErrorCode::Internal);
        return std::move(*got);
    }
    [[nodiscard]] std::filesystem::path onlyFile() const
    {
        return std::filesystem::directory_iterator(tokens)->path();
    }
};

} // namespace

class TokenFolderTest final : public QObject
{
    Q_OBJECT

private slots:
    void token_written_isReadAndHidden()
    {
        Bench bench;
        QVERIFY(bench.write("bridge/../a", "gh_a_x"));

        const auto token = bench.read("bridge/../a");

        QVERIFY(token);
        QVERIFY(token->text() == "gh_a_x");
        struct stat found
        {
        };
        QCOMPARE(::stat(bench.onlyFile().c_str(), &found), 0);
        QCOMPARE(found.st_mode & 0777, 0600u);
        QCOMPARE(::stat(bench.tokens.c_str(), &found), 0);
        QCOMPARE(found.st_mode & 0777, 0700u);
    }

    void token_unknown_isNotFound()
    {
        Bench bench;
        QCOMPARE(bench.read("none").error().code, ErrorCode::SecretNotFound);
    }

    // Tests of the error paths.

    void token_thatOthersCanRead_isRefused()
    {
        Bench bench;
        QVERIFY(bench.write("a", "gh_a_x"));
        ::chmod(bench.onlyFile().c_str(), 0640);

        QCOMPARE(bench.read("a").error().code, ErrorCode::SecretsRefused);
    }

    void token_behindASymbolicLink_isRefused()
    {
        Bench bench;
        QVERIFY(bench.write("a", "gh_a_x"));
        const auto file = bench.onlyFile();
        std::filesystem::rename(file, bench.tokens / "elsewhere");
        std::filesystem::create_symlink(bench.tokens / "elsewhere", file);

        QCOMPARE(bench.read("a").error().code, ErrorCode::SecretsRefused);
    }
};

QTEST_GUILESS_MAIN(TokenFolderTest)
#include "tst_token_folder.moc"
