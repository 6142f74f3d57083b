// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/journal_model.h"

#include "ui/models/foreign_text.h"
#include "ui/models/sentences.h"

#include <QLocale>

namespace gatehouse::ui {

namespace {

/// What was found, for a verdict that is not sound.
QString findingSentence(const VerdictSummary &verdict)
{
    const QString row = QLocale().toString(verdict.badRow);
    const QString &finding = verdict.finding;
    if (finding == u"edited")
        return JournalModel::tr("Row %1 was changed after it was written.").arg(row);
    if (finding == u"moved")
        return JournalModel::tr("Row %1 stands in another's place.").arg(row);
    if (finding == u"missing")
        return JournalModel::tr("Rows are missing from row %1 on.").arg(row);
    if (finding == u"rewritten")
        return JournalModel::tr("From row %1 on these are not the rows that were signed.").arg(row);
    if (finding == u"tail_cut")
        return JournalModel::tr("Signed rows from %1 on are gone from the end.").arg(row);
    if (finding == u"rolled_back")
        return JournalModel::
            tr("Your keychain remembers other rows from %1 on: an older copy of the database was put back.")
                .arg(row);
    if (finding == u"head_cut")
        return JournalModel::tr("The beginning is gone, and nothing on record says why.");
    if (finding == u"bad_checkpoint")
        return JournalModel::tr("The signature at row %1 is not by your key.").arg(row);
    return JournalModel::tr("Something is wrong at row %1.").arg(row);
}

} // namespace

Mark verdictMark(const VerdictSummary &verdict)
{
    if (verdict.finding != u"sound")
        return { QStringLiteral("alert"), Tone::Bad,
                 findingSentence(verdict) + u' '
                     + JournalModel::tr("Keep a copy of the database file before you do anything else.") };
    const auto rows
        = [&](qint64 count) { return JournalModel::tr("%n row(s)", nullptr, static_cast<int>(count)); };
    QString text = verdict.rows == 0
        ? JournalModel::tr("The journal has no rows yet.")
        : JournalModel::tr("The journal is whole: %1, each in its place.").arg(rows(verdict.rows));
    const qint64 unsignedRows = verdict.last - qMax(verdict.vouchedTo, verdict.first - 1);
    if (verdict.rows > 0 && unsignedRows > 0)
        text += u' '
            + JournalModel::tr("The newest %1 will be signed within a minute.").arg(rows(unsignedRows));
    if (verdict.restoredRow > 0)
        text += u' '
            + JournalModel::tr("You put a copy back at row %1; what is older is as it was found then.")
                  .arg(QLocale().toString(verdict.restoredRow));
    return { QStringLiteral("check"), Tone::Good, text };
}

JournalModel::JournalModel(GatewayPort &gateway, PinFlow &pins, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
    , m_pins(pins)
{
    connect(&gateway, &GatewayPort::statusChanged, this, &JournalModel::changed);
}

bool JournalModel::isHeld() const
{
    return m_gateway.status().signingHeld != u"none";
}

QString JournalModel::exportsFolder() const
{
    return foreignText(m_gateway.status().exportsFolder);
}

QString JournalModel::retentionLine() const
{
    return tr("Rows stay for %n day(s). Older ones are exported to a folder of signed files first, and only "
              "then removed.",
              nullptr, m_gateway.status().keptDays);
}

QString JournalModel::progressLine() const
{
    const GatewayStatus now = m_gateway.status();
    const auto sentence = [&](const QString &text) {
        return text.arg(QLocale().toString(now.retentionRows), QLocale().toString(now.retentionOf));
    };
    if (now.retentionStep == u"exporting")
        return sentence(tr("Old rows are being exported: %1 of %2."));
    if (now.retentionStep == u"checking")
        return sentence(tr("The exported rows are being read back: %1 of %2 are done."));
    if (now.retentionStep == u"removing")
        return sentence(tr("Old rows are leaving the file: %1 of %2."));
    return {};
}

QString JournalModel::restoreQuestion() const
{
    if (m_gateway.status().signingHeld == u"key_lost")
        return tr("The key that signs the journal is not in your keychain any more. If you replaced or "
                  "restored the keychain "
                  "yourself, say so: a new key is made, and that stands in the journal from then on. If you "
                  "did not, somebody may "
                  "be hiding something: leave it, keep a copy of the database file, and check the journal.");
    return tr("Your keychain remembers later rows than this database has. If you put an older copy back "
              "yourself, say so: it "
              "stands in the journal from then on, and signing goes on. If you did not, somebody may be "
              "hiding something: leave "
              "it, keep a copy of the database file, and put the newer one back.");
}

void JournalModel::verify()
{
    if (std::exchange(m_verifying, true))
        return;
    emit changed();
    hear(m_gateway.verifyJournal(), this, [this](const Result<VerdictSummary> &verdict) {
        m_verifying = false;
        emit changed();
        if (verdict)
            emit verified(verdictMark(*verdict));
        else
            emit failed(sentenceFor(verdict.error()));
    });
}

void JournalModel::acceptRestore()
{
    m_pins.run<void>(
        this, [this] { return m_gateway.acceptRestore(); },
        [this](const Result<> &result) {
            if (result)
                emit restoreAccepted();
            else
                emit failed(sentenceFor(result.error()));
        });
}

void JournalModel::moveExports(const QString &folder)
{
    m_pins.run<void>(
        this, [this, folder] { return m_gateway.moveExports(folder); },
        [this](const Result<> &result) {
            if (result)
                emit exportsMoved();
            else if (result.error().code == ErrorCode::ValidationFailed)
                emit failed(tr("That folder cannot be written. Choose another one."));
            else
                emit failed(sentenceFor(result.error()));
        });
}

} // namespace gatehouse::ui
