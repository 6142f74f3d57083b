// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gatehousectl/doctor/doctor_command.h"

#include "app/client/token_folder.h"
#include "app/gatehousectl/doctor/doctor.h"
#include "app/gatehousectl/owner_token.h"
#include "app/gatehousectl/printing.h"
#include "app/places.h"
#include "gateway_core/secrets/keychain_store.h"

#include <QCoreApplication>

#include <cstdio>

namespace gatehouse {

namespace {

Environment surroundingsFor(const Invocation &invocation)
{
    std::filesystem::path folder = invocation.arguments.option("profile-dir");
    if (!folder.empty())
        folder = std::filesystem::absolute(folder);
    return surroundingsHere(folder, invocation.socket.value_or(std::filesystem::path()),
                            QCoreApplication::applicationDirPath().toStdString());
}

Json reportOf(const std::vector<Finding> &findings)
{
    Json list = Json::array();
    Severity worst = Severity::Fine;
    for (const Finding &finding : findings) {
        worst = std::max(worst, finding.weight);
        list.push_back(toJson(finding));
    }
    return { { "findings", std::move(list) }, { "worst", nameOf(worst) } };
}

/// False: it could not be written, and this was said.
bool writeBundle(const std::string &file, const Doctor &doctor, const Environment &here, std::int64_t now)
{
    const auto written = supportBundle::write(file, supportBundle::made(doctor.heard(), here, now));
    if (written) {
        std::fprintf(stderr, "gatehousectl: %s is written; read it before you send it\n",
                     visible(file).c_str());
        return true;
    }
    std::fprintf(stderr, "gatehousectl: the bundle was not written: %s (%s)\n", visible(file).c_str(),
                 written.error().code == ErrorCode::Conflict ? "that file is there already; name another one"
                                                             : written.error().detail.c_str());
    return false;
}

} // namespace

int runDoctor(QCoreApplication &application, const Invocation &invocation)
{
    SystemClock clock;
    const Environment here = surroundingsFor(invocation);
    SocketClient client(here.socket);
    const auto secrets = ownerToken::makeStore(invocation, clock);
    const std::string bundle = invocation.arguments.option("bundle");
    Doctor doctor({ .client = client,
                    .clock = clock,
                    .here = here,
                    .readToken = [&](SecretStore::Read done) { ownerToken::read(*secrets, std::move(done)); },
                    .storeOf = [&](const codex::Entry &entry) -> std::unique_ptr<SecretStore> {
                        if (!entry.plainFiles)
                            return std::make_unique<KeychainStore>(clock);
                        return std::make_unique<TokenFolder>(
                            entry.tokenFolder.empty() ? places::dataFolder() / "tokens" : entry.tokenFolder);
                    },
                    .wantsEvents = !bundle.empty() });
    QObject::connect(&doctor, &Doctor::found, &application, [&](const Finding &finding) {
        if (!invocation.json)
            std::fputs(shown(finding).c_str(), stdout);
    });
    QObject::connect(&doctor, &Doctor::ended, &application, [&] {
        const auto &findings = doctor.heard().findings;
        if (invocation.json)
            std::fputs(shownJson(reportOf(findings)).c_str(), stdout);
        const bool whole = bundle.empty() || writeBundle(bundle, doctor, here, clock.now());
        application.exit(static_cast<int>(whole ? exitOf(findings) : Exit::Refused));
    });
    QMetaObject::invokeMethod(&doctor, &Doctor::run, Qt::QueuedConnection);
    return application.exec();
}

} // namespace gatehouse
