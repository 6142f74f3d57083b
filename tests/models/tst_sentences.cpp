// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentences.h"
#include "ui/models/display_names.h"

#include <QSet>
#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;

class SentencesTest : public QObject
{
    Q_OBJECT

private slots:
    void everyError_hasItsOwnSentenceAndWords()
    {
        QSet<QString> sentences, words;
        for (int code = 0; code <= static_cast<int>(ErrorCode::PortBusy); ++code) {
            const auto error = static_cast<ErrorCode>(code);
            QVERIFY(!shortWordsFor(error).isEmpty());
            words.insert(shortWordsFor(error));
            if (error == ErrorCode::Cancelled) {
                QVERIFY(sentenceFor(error).isEmpty());
                continue;
            }
            QVERIFY2(sentenceFor(error).endsWith(u'.') || sentenceFor(error).endsWith(u'?'),
                     nameOf(error).data());
            sentences.insert(sentenceFor(error));
        }
        QCOMPARE(sentences.size(), static_cast<int>(ErrorCode::PortBusy));
        QCOMPARE(words.size(), static_cast<int>(ErrorCode::PortBusy) + 1);
    }
    void errorNamed_findsTheWireName()
    {
        QCOMPARE(errorNamed(u"scope_denied"), ErrorCode::ScopeDenied);
        QCOMPARE(errorNamed(u"port_busy"), ErrorCode::PortBusy);
        QVERIFY(!errorNamed(u"ok"));
    }
    void rateLimited_saysWhenToTryAgain()
    {
        const Error error{ ErrorCode::RateLimited, {}, Json{ { "retry_after", 90 } } };
        QVERIFY(sentenceFor(error).contains(QStringLiteral("1:30")));
    }
    void pin_saysTriesLeftAndLock()
    {
        QVERIFY(
            pinSentence({ ErrorCode::StepUpRequired, {}, Json{ { "reason", "pin" }, { "tries_left", 3 } } })
                .contains(u'3'));
        QVERIFY(pinSentence(
                    { ErrorCode::StepUpRequired, {}, Json{ { "reason", "locked" }, { "retry_after", 900 } } })
                    .contains(QStringLiteral("15:00")));
        QVERIFY(!pinSentence({ ErrorCode::StepUpRequired, {}, nullptr }).isEmpty());
    }
    void strangeDetails_doNotThrow()
    {
        QCOMPARE(retryAfterSeconds({ ErrorCode::RateLimited, {}, Json("text") }), 0);
        QCOMPARE(retryAfterSeconds({ ErrorCode::RateLimited, {}, Json{ { "retry_after", "soon" } } }), 0);
        QVERIFY(
            !pinSentence({ ErrorCode::StepUpRequired, {}, Json{ { "reason", 7 }, { "tries_left", "x" } } })
                 .isEmpty());
    }
    void marks_alwaysHaveWordsAndIcon()
    {
        for (const QString &outcome :
             { QStringLiteral("ok"), QStringLiteral("partial"), QStringLiteral("unknown"),
               QStringLiteral("rate_limited"), QStringLiteral("never heard of") }) {
            QVERIFY(!outcomeMark(outcome, true).text.isEmpty());
            QVERIFY(!outcomeMark(outcome, true).icon.isEmpty());
        }
        QVERIFY(!outcomeMark({}, true).text.isEmpty()); // still running
        QVERIFY(outcomeMark({}, false).text.isEmpty());
        for (const QString &decision :
             { QStringLiteral("allowed"), QStringLiteral("denied"), QStringLiteral("asked") })
            QVERIFY(!decisionMark(decision).icon.isEmpty());
    }
    void everyNotice_hasASentence()
    {
        for (const char *code : { "pairing_paused", "pairing_voided", "login_revoked",
                                  "restarted_questions_closed", "retention_failed", "upstream_auth_failed" })
            QVERIFY2(!noticeSentence(QString::fromLatin1(code)).isEmpty(), code);
        QVERIFY(noticeSentence(QStringLiteral("nothing_of_ours")).isEmpty());
    }
    void unknownWords_areShownAsForeignText()
    {
        QVERIFY(toolTitle(QStringLiteral("evil\u202e")).contains(QStringLiteral("‹U+202E›")));
        QVERIFY(eventTitle(QStringLiteral("x\ny")).contains(u'⏎'));
        QVERIFY(upstreamTitle(QStringLiteral("2\u202e")).contains(QStringLiteral("‹U+202E›")));
    }
    void partsOfAnOutcome_areToldInWords()
    {
        QCOMPARE(transportTitle(QStringLiteral("503")), QStringLiteral("HTTP 503"));
        QCOMPARE(transportTitle(QStringLiteral("no answer")),
                 QStringLiteral("Nobody waited for it any more"));
        QCOMPARE(protocolTitle(QStringLiteral("tool error")), QStringLiteral("An error of the tool"));
        QCOMPARE(protocolTitle(QStringLiteral("-32002")), QStringLiteral("JSON-RPC error -32002"));
        QCOMPARE(upstreamTitle(QStringLiteral("201 replayed")),
                 QStringLiteral("HTTP 201, as the time before"));
        QCOMPARE(upstreamTitle(QStringLiteral("nothing sent")), QStringLiteral("Nothing was sent"));
        for (const auto title : { transportTitle, protocolTitle, upstreamTitle })
            QVERIFY(title({}).isEmpty());
    }
    void mode_brokenOutranksPaused()
    {
        GatewayStatus status;
        status.state = GatewayState::Ready;
        QCOMPARE(modeMark(status).tone, Tone::Good);
        status.mode = QStringLiteral("paused");
        QCOMPARE(modeMark(status).tone, Tone::Waiting);
        status.recording = false;
        QCOMPARE(modeMark(status).tone, Tone::Bad);
        status.state = GatewayState::Broken;
        QCOMPARE(modeMark(status).tone, Tone::Bad);
    }
};

QTEST_GUILESS_MAIN(SentencesTest)
#include "tst_sentences.moc"
