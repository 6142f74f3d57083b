// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/connection_model.h"

#include "ui/models/gateway_model.h"
#include "ui/models/sentences.h"

#include <QFileInfo>
#include <QUrl>

namespace gatehouse::ui {

namespace {

bool isLoopback(const QString &host)
{
    return host == u"localhost" || host == u"127.0.0.1" || host == u"::1";
}

} // namespace

ConnectionModel::ConnectionModel(GatewayPort &gateway, PinFlow &pins, QObject *parent)
    : QObject(parent)
    , m_gateway(gateway)
    , m_pins(pins)
{
    connect(&gateway, &GatewayPort::statusChanged, this, &ConnectionModel::storedChanged);
}

TaskerSettings ConnectionModel::stored() const
{
    const GatewayStatus status = m_gateway.status();
    return { status.taskerUrl, status.ownerUserId, status.ownerEmail, {}, status.caFile };
}

QMap<ConnectionModel::Field, QString> ConnectionModel::problems(const TaskerSettings &settings) const
{
    QMap<Field, QString> problems;
    const QUrl url(settings.url.trimmed(), QUrl::StrictMode);
    if (settings.url.trimmed().isEmpty())
        problems[Field::Url] = tr("Enter Tasker's address, as your browser shows it.");
    else if (!url.isValid() || url.host().isEmpty() || (url.scheme() != u"https" && url.scheme() != u"http"))
        problems[Field::Url] = tr("An address begins with https:// and a host name.");
    else if (url.scheme() == u"http" && !isLoopback(url.host()))
        problems[Field::Url] = tr("Use https. Plain http is taken only for this machine.");
    else if (!url.userInfo().isEmpty())
        problems[Field::Url] = tr("Leave out the user name: only the address itself.");
    if (settings.ownerUserId.trimmed().isEmpty())
        problems[Field::UserId] = tr("Enter your user id on the platform.");
    const QString mail = settings.ownerEmail.trimmed();
    if (mail.count(u'@') != 1 || mail.startsWith(u'@') || mail.endsWith(u'@') || mail.contains(u' '))
        problems[Field::Email] = tr("Enter the e-mail of your platform account.");
    const bool sameAddress = url == QUrl(m_gateway.status().taskerUrl);
    if (settings.credential.isEmpty() && !hasStoredCredential())
        problems[Field::Credential] = tr("Enter the adapter credential.");
    else if (settings.credential.isEmpty() && !sameAddress && !problems.contains(Field::Url))
        problems[Field::Credential]
            = tr("The stored credential belongs to the stored address. Enter one for the new address.");
    if (!settings.caFile.isEmpty() && !QFileInfo(settings.caFile).isReadable())
        problems[Field::CaFile] = tr("This file cannot be read.");
    return problems;
}

void ConnectionModel::setBusy(bool busy)
{
    m_busy = busy;
    emit busyChanged();
}

void ConnectionModel::test(const TaskerSettings &settings)
{
    if (m_busy)
        return;
    setBusy(true);
    m_pins.run<TestedConnection>(
        this, [this, settings] { return m_gateway.testConnection(settings); },
        [this, settings](const Result<TestedConnection> &tried) {
            setBusy(false);
            if (tried)
                emit tested(tried->projects, tried->url == settings.url ? QString() : tried->url);
            else
                emit failed(sentenceFor(tried.error()));
        });
}

void ConnectionModel::save(const TaskerSettings &settings)
{
    if (m_busy)
        return;
    setBusy(true);
    m_pins.run<SavedConnection>(
        this, [this, settings] { return m_gateway.saveConnection(settings); },
        [this, settings](const Result<SavedConnection> &result) {
            setBusy(false);
            if (!result)
                return emit failed(sentenceFor(result.error()));
            QString sentence = tr("Saved. The credential is in the keychain.");
            if (result->url != settings.url)
                sentence += u' ' + tr("The adapter was found at %1.").arg(result->url);
            if (!result->heard)
                sentence += u' ' + tr("But Tasker has not answered yet.") + u' '
                    + upstreamSentence(result->problem, result->reason);
            emit saved(sentence, result->heard);
        });
}

} // namespace gatehouse::ui
