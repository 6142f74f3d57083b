// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sentences.h"

#include "ui/models/foreign_text.h"
#include "ui/models/time_text.h"

#include <QCoreApplication>

namespace gatehouse::ui {

namespace {

struct Sentences
{
    Q_DECLARE_TR_FUNCTIONS(Sentences)
};

qint64 numberIn(const Error &error, const char *name, qint64 otherwise)
{
    if (!error.details.is_object())
        return otherwise;
    const auto found = error.details.find(name);
    return found != error.details.end() && found->is_number() ? found->get<qint64>() : otherwise;
}

} // namespace

QString sentenceFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidRequest:
        return Sentences::tr("The request was not understood. Check what was entered.");
    case ErrorCode::Unauthorized:
        return Sentences::tr("The token is not valid any more. Pair the program again.");
    case ErrorCode::ScopeDenied:
        return Sentences::tr("The agent has no grant for this. Give it one under Agents.");
    case ErrorCode::ProjectDenied:
        return Sentences::tr(
            "Tasker does not let you into this project. Ask its administrator, or take the grant away.");
    case ErrorCode::ApprovalDenied: return Sentences::tr("The owner said no.");
    case ErrorCode::AgentPaused:
        return Sentences::tr("The agent is paused or retired. Resume it under Agents.");
    case ErrorCode::OriginDenied:
        return Sentences::tr(
            "A web page tried to reach the gateway and was refused. Nothing needs to be done.");
    case ErrorCode::OwnerMismatch:
        return Sentences::tr("This belongs to another owner. Check the user id and e-mail under Connection.");
    case ErrorCode::StepUpRequired: return Sentences::tr("This needs your PIN.");
    case ErrorCode::NotFound: return Sentences::tr("It is not there any more. The list has been read again.");
    case ErrorCode::MethodNotAllowed:
        return Sentences::tr("The program used an address in a way that does not exist.");
    case ErrorCode::NotAcceptable:
        return Sentences::tr("The program asked for an answer in an unknown format.");
    case ErrorCode::IdempotencyInProgress:
        return Sentences::tr("The same call is still under way. Wait for it to end.");
    case ErrorCode::IssueChanged:
        return Sentences::tr(
            "The issue changed in the meantime. The agent should read it again and repeat the call.");
    case ErrorCode::OutcomeUnknownExpired:
        return Sentences::tr(
            "It is not known whether the change reached Tasker. Look at the issue in Tasker.");
    case ErrorCode::Conflict: return Sentences::tr("It changed in the meantime. Look again and repeat.");
    case ErrorCode::PairingExpired: return Sentences::tr("The time for pairing ran out. Make a new code.");
    case ErrorCode::PayloadTooLarge: return Sentences::tr("The request was too large and was refused.");
    case ErrorCode::UnsupportedMediaType:
        return Sentences::tr("The program sent a format that is not taken.");
    case ErrorCode::ValidationFailed:
        return Sentences::tr("Something that was entered does not fit. Check the marked field.");
    case ErrorCode::IdempotencyKeyReused:
        return Sentences::tr("The program used one key for two different calls. The second was refused.");
    case ErrorCode::RateLimited: return Sentences::tr("Too many tries. Wait a minute, then try again.");
    case ErrorCode::ApprovalsFull:
        return Sentences::tr(
            "Too many questions are waiting for you. Answer some of them on the Overview page.");
    case ErrorCode::HeadersTooLarge:
        return Sentences::tr("The request's headers were too large and were refused.");
    case ErrorCode::Internal:
        return Sentences::tr(
            "Something went wrong inside Gatehouse. Try again; if it stays, look at the log.");
    case ErrorCode::UpstreamInvalidResponse:
        return Sentences::tr(
            "Tasker's answer made no sense. Check the address under Connection: is it the adapter's?");
    case ErrorCode::UpstreamAuthFailed:
        return Sentences::tr(
            "Tasker refused the credential. Enter a valid one under Connection; until then nothing is sent.");
    case ErrorCode::UpstreamError: return Sentences::tr("Tasker had an error of its own. Try again later.");
    case ErrorCode::GatewayLocked: return Sentences::tr("Gatehouse is locked. Unlock your keychain.");
    case ErrorCode::GatewayPaused:
        return Sentences::tr("Gatehouse is paused. Press Resume when agents may work again.");
    case ErrorCode::GatewayDraining:
        return Sentences::tr("Gatehouse is finishing its last calls and takes no new ones.");
    case ErrorCode::UpstreamNotConfigured:
        return Sentences::tr("No Tasker is connected yet. Set one up under Connection.");
    case ErrorCode::UpstreamUnavailable:
        return Sentences::tr("Tasker cannot be reached. Check the address, the network and, for an own "
                             "certificate, the CA file.");
    case ErrorCode::AuditUnavailable:
        return Sentences::tr("The journal cannot be written, so no call is let through. Check the disk's "
                             "free space and rights.");
    case ErrorCode::UpstreamTimeout: return Sentences::tr("Tasker did not answer in time. Try again.");
    case ErrorCode::ApprovalPending: return Sentences::tr("The question waits for the owner's answer.");
    case ErrorCode::Cancelled: return {};
    case ErrorCode::StorageWrongKey:
        return Sentences::tr(
            "The key in your keychain does not open the database. If you restored one of the two from a "
            "backup, restore the other as well, then try again. Nothing has been deleted.");
    case ErrorCode::StorageKeyMissing:
        return Sentences::tr(
            "There is a database, but its key is not in your keychain. Unlock or restore the keychain that "
            "held it, then try again. No new key is made while a database exists.");
    case ErrorCode::StorageMissing:
        return Sentences::tr("The database is gone from its folder, and none was made in its place. Put it "
                             "back, then try again. If "
                             "there is no copy, gatehouse --start-anew on a terminal begins an empty one.");
    case ErrorCode::StorageRolledBack:
        return Sentences::tr(
            "This database is older than your keychain remembers, or another one. Put the newer one back and "
            "try "
            "again. If you restored this copy yourself, say so. Until then nothing is let through.");
    case ErrorCode::StorageDamaged:
        return Sentences::tr(
            "The database is damaged. Stop Gatehouse, keep a copy of the file, and restore your last good "
            "one. Nothing has been deleted.");
    case ErrorCode::StorageFull: return Sentences::tr("The disk is full. Free some space, then try again.");
    case ErrorCode::StorageReadOnly:
        return Sentences::tr(
            "The database cannot be written. Check the rights of its folder and that the disk is not "
            "mounted read-only, then try again.");
    case ErrorCode::StorageNewer:
        return Sentences::tr(
            "The database was written by a newer Gatehouse. Install that version or a later one.");
    case ErrorCode::StorageFailed:
        return Sentences::tr(
            "The database does not answer. Check the disk, then try again; if it stays, look at the log.");
    case ErrorCode::SecretsUnavailable:
        return Sentences::tr(
            "No keychain is running in this session. Start one (GNOME Keyring or KWallet), then try again, "
            "or start Gatehouse with --secrets file.");
    case ErrorCode::SecretsLocked:
        return Sentences::tr("Your keychain is locked. Unlock it; Gatehouse goes on by itself.");
    case ErrorCode::SecretsRefused:
        return Sentences::tr(
            "The keychain refused Gatehouse. Allow the access when it asks, then try again.");
    case ErrorCode::SecretNotFound:
        return Sentences::tr(
            "The credential is not in your keychain any more. Enter it again under Connection.");
    case ErrorCode::PortBusy:
        return Sentences::tr(
            "Another program holds the gateway's port. Stop that program and try again, or choose another "
            "port and tell your programs about it.");
    }
    return {};
}

namespace {

QString textIn(const Error &error, const char *name)
{
    if (!error.details.is_object())
        return {};
    const auto found = error.details.find(name);
    return found != error.details.end() && found->is_string()
        ? QString::fromStdString(found->get<std::string>())
        : QString();
}

/// Why Tasker did not answer, or who answered in its place; empty: the code says all.
QString upstreamReason(const Error &error)
{
    const std::string reason = reasonIn(error);
    if (reason == "connection_broke")
        return Sentences::tr("The connection to Tasker broke before its answer was whole. Look in Tasker "
                             "whether a change arrived.");
    if (reason == "intercepted") {
        const qint64 status = numberIn(error, "status", 0);
        return status > 0
            ? Sentences::tr("Something in between refused this (status %1), and not Tasker: a proxy, a "
                            "firewall or a page "
                            "for people. Ask those who run your network.")
                  .arg(status)
            : Sentences::tr(
                "Something between you and Tasker answers in its place: a proxy, a firewall or a page for "
                "people. Ask those who run your network.");
    }
    if (reason == "certificate") {
        const QString issuer = textIn(error, "issuer");
        return issuer.isEmpty()
            ? Sentences::tr(
                "Tasker's certificate does not hold. For an own certificate authority, choose its CA file.")
            : Sentences::tr(
                  "The certificate at this address does not hold: it is for “%1”, by “%2”. If that is your "
                  "own authority, choose its CA file; if not, enter nothing there.")
                  .arg(foreignText(textIn(error, "subject")), foreignText(issuer));
    }
    if (reason == "host_not_found")
        return Sentences::tr("There is no host of that name. Check the address and the network.");
    if (reason == "not_reachable")
        return Sentences::tr(
            "Nothing takes connections at Tasker's address. Check the address, its port and the network.");
    if (reason == "proxy")
        return Sentences::tr("The system's proxy did not let the connection through. Check its settings.");
    if (reason == "tls")
        return Sentences::tr("What listens at this address does not speak TLS. Check the port.");
    if (reason == "plain_http_not_loopback")
        return Sentences::tr("Use https. Plain http is taken only for this machine.");
    if (reason == "no_tasker")
        return Sentences::tr("There is no Tasker at this address, nor below it. Copy the address from the "
                             "browser in which you use it.");
    if (reason == "login_page")
        return Sentences::tr("A page for people answered at this address, such as a login page, and no "
                             "Tasker. Ask for the address that "
                             "programs use.");
    if (reason == "wrong_credential")
        return Sentences::tr("Tasker is there and refused this credential. Enter a valid one.");
    if (reason == "wrong_owner")
        return Sentences::tr("Tasker is there, but this credential does not belong to this user id.");
    return {};
}

} // namespace

QString sentenceFor(const Error &error)
{
    if (error.code == ErrorCode::StepUpRequired)
        return pinSentence(error);
    if (const QString reason = upstreamReason(error); !reason.isEmpty())
        return reason;
    const qint64 seconds = retryAfterSeconds(error);
    if (error.code == ErrorCode::RateLimited && seconds > 0)
        return Sentences::tr("Too many tries. Try again in %1.").arg(countdownText(seconds * 1000));
    return sentenceFor(error.code);
}

QString shortWordsFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidRequest: return Sentences::tr("Not understood");
    case ErrorCode::Unauthorized: return Sentences::tr("No valid token");
    case ErrorCode::ScopeDenied: return Sentences::tr("No grant");
    case ErrorCode::ProjectDenied: return Sentences::tr("Project refused by Tasker");
    case ErrorCode::ApprovalDenied: return Sentences::tr("You said no");
    case ErrorCode::AgentPaused: return Sentences::tr("Agent paused");
    case ErrorCode::OriginDenied: return Sentences::tr("Web page refused");
    case ErrorCode::OwnerMismatch: return Sentences::tr("Another owner");
    case ErrorCode::StepUpRequired: return Sentences::tr("Needs the PIN");
    case ErrorCode::NotFound: return Sentences::tr("Not found");
    case ErrorCode::MethodNotAllowed: return Sentences::tr("Method not allowed");
    case ErrorCode::NotAcceptable: return Sentences::tr("Format not offered");
    case ErrorCode::IdempotencyInProgress: return Sentences::tr("Still under way");
    case ErrorCode::IssueChanged: return Sentences::tr("Issue changed");
    case ErrorCode::OutcomeUnknownExpired: return Sentences::tr("Outcome unknown");
    case ErrorCode::Conflict: return Sentences::tr("Conflict");
    case ErrorCode::PairingExpired: return Sentences::tr("Pairing ran out");
    case ErrorCode::PayloadTooLarge: return Sentences::tr("Too large");
    case ErrorCode::UnsupportedMediaType: return Sentences::tr("Format not taken");
    case ErrorCode::ValidationFailed: return Sentences::tr("Wrong arguments");
    case ErrorCode::IdempotencyKeyReused: return Sentences::tr("Key used twice");
    case ErrorCode::RateLimited: return Sentences::tr("Too many calls");
    case ErrorCode::ApprovalsFull: return Sentences::tr("Too many questions");
    case ErrorCode::HeadersTooLarge: return Sentences::tr("Headers too large");
    case ErrorCode::Internal: return Sentences::tr("Internal error");
    case ErrorCode::UpstreamInvalidResponse: return Sentences::tr("Senseless answer");
    case ErrorCode::UpstreamAuthFailed: return Sentences::tr("Credential refused");
    case ErrorCode::UpstreamError: return Sentences::tr("Error at Tasker");
    case ErrorCode::GatewayLocked: return Sentences::tr("Locked");
    case ErrorCode::GatewayPaused: return Sentences::tr("Paused");
    case ErrorCode::GatewayDraining: return Sentences::tr("Stopping");
    case ErrorCode::UpstreamNotConfigured: return Sentences::tr("No Tasker connected");
    case ErrorCode::UpstreamUnavailable: return Sentences::tr("Tasker unreachable");
    case ErrorCode::AuditUnavailable: return Sentences::tr("Journal not writable");
    case ErrorCode::UpstreamTimeout: return Sentences::tr("No answer in time");
    case ErrorCode::ApprovalPending: return Sentences::tr("Waits for you");
    case ErrorCode::Cancelled: return Sentences::tr("Cancelled");
    case ErrorCode::StorageWrongKey: return Sentences::tr("Wrong database key");
    case ErrorCode::StorageKeyMissing: return Sentences::tr("Database key missing");
    case ErrorCode::StorageMissing: return Sentences::tr("Database missing");
    case ErrorCode::StorageRolledBack: return Sentences::tr("Older database");
    case ErrorCode::StorageDamaged: return Sentences::tr("Database damaged");
    case ErrorCode::StorageFull: return Sentences::tr("Disk full");
    case ErrorCode::StorageReadOnly: return Sentences::tr("Database read-only");
    case ErrorCode::StorageNewer: return Sentences::tr("Database too new");
    case ErrorCode::StorageFailed: return Sentences::tr("Database failed");
    case ErrorCode::SecretsUnavailable: return Sentences::tr("No keychain");
    case ErrorCode::SecretsLocked: return Sentences::tr("Keychain locked");
    case ErrorCode::SecretsRefused: return Sentences::tr("Keychain refused");
    case ErrorCode::SecretNotFound: return Sentences::tr("Credential missing");
    case ErrorCode::PortBusy: return Sentences::tr("Port in use");
    }
    return {};
}

QString pinSentence(const Error &error)
{
    if (error.code != ErrorCode::StepUpRequired)
        return sentenceFor(error);
    const std::string reason = reasonIn(error);
    if (reason == "setup")
        return Sentences::tr("There is no PIN yet. Set one under Connection.");
    if (reason == "locked") {
        const qint64 seconds = retryAfterSeconds(error);
        return seconds > 0 ? Sentences::tr("Too many wrong tries. The PIN is locked for %1.")
                                 .arg(countdownText(seconds * 1000))
                           : Sentences::tr("Too many wrong tries. The PIN is locked for a while.");
    }
    const int left = static_cast<int>(numberIn(error, "tries_left", -1));
    return left >= 0 ? Sentences::tr("That is not the PIN. %n tries left.", nullptr, left)
                     : Sentences::tr("That is not the PIN.");
}

QString noticeSentence(const QString &code)
{
    if (code == u"pairing_paused")
        return Sentences::tr("Somebody tried too many wrong pairing codes. Pairing pauses for five minutes.");
    if (code == u"pairing_voided")
        return Sentences::tr("The pairing code was voided after five wrong tries. Make a new one.");
    if (code == u"login_revoked")
        return Sentences::tr(
            "A login's key was used twice, so the login was revoked. Check which program that was.");
    if (code == u"restarted_questions_closed")
        return Sentences::tr("Questions that were open before the restart have been closed.");
    if (code == u"retention_failed")
        return Sentences::tr("Old journal rows could not be exported, so they stay. Check the export folder "
                             "under Connection.");
    if (const std::optional<ErrorCode> error = errorNamed(code))
        return sentenceFor(*error);
    return {};
}

std::optional<ErrorCode> errorNamed(QStringView name)
{
    for (int code = 0; code <= static_cast<int>(ErrorCode::PortBusy); ++code) {
        const std::string_view known = nameOf(static_cast<ErrorCode>(code));
        if (name == QLatin1String(known.data(), static_cast<int>(known.size())))
            return static_cast<ErrorCode>(code);
    }
    return std::nullopt;
}

std::string reasonIn(const Error &error)
{
    if (!error.details.is_object())
        return {};
    const auto found = error.details.find("reason");
    return found != error.details.end() && found->is_string() ? found->get<std::string>() : std::string();
}

qint64 retryAfterSeconds(const Error &error)
{
    return numberIn(error, "retry_after", 0);
}

} // namespace gatehouse::ui
