// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/desk.h"

#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/owner/owner_words.h"
#include "gateway_core/tasker/adapter.h"

#include <QPointer>

#include <algorithm>

namespace gatehouse {

namespace {

constexpr std::size_t kTextMost = 255;
constexpr int kProjectsMost = 50; // the contract's limit

std::string entryOf(const Profile &profile)
{
    return taskerCredentialEntry(numberOf(profile.id));
}

Result<> check(const ConnectionSettings &settings)
{
    if (auto fits = checkTaskerUrl(settings.taskerUrl); !fits)
        return fits;
    if (const auto id = words::checkedName(settings.ownerUserId, "owner_user_id", kTextMost); !id)
        return tl::unexpected<Error>(id.error());
    if (!settings.ownerEmail.empty()
        && (settings.ownerEmail.size() > kTextMost || settings.ownerEmail.find('@') == std::string::npos))
        return words::wrongField("owner_email", "not_an_address");
    if (settings.credential && settings.credential->isEmpty())
        return words::wrongField("credential", "empty");
    return {};
}

TaskerTarget copyOf(const TaskerTarget &target)
{
    return { target.baseUrl, target.ownerUserId, target.credential.copy(), target.caFile };
}

/// Tasker's matches as the owner reads them: other people's texts, cleaned.
Result<Json> readableMatches(const Json &answer)
{
    auto matches = adapter::checkMatches(answer);
    if (!matches)
        return matches;
    for (Json &match : matches->at("matches")) {
        for (auto &[field, value] : match.at("project").items()) {
            if (value.is_string() && field != "id")
                value = cleanText(value.get<std::string>(), true);
        }
    }
    return matches;
}

void listProjects(TaskerClient &tasker, const std::string &query, int limit, const std::string &requestId,
                  Desk::Answered<Json> done)
{
    TaskerRequest request = adapter::resolveProjects(query, std::clamp(limit, 1, kProjectsMost));
    request.acting.requestId = requestId;
    tasker.send(request, [done = std::move(done)](const TaskerReply &reply) {
        done(reply.body ? readableMatches(*reply.body) : reply.body);
    });
}

} // namespace

Act Desk::actOfSaving() const
{
    return m_rooms.registry.current()->profile.taskerUrl.empty() ? Act::FirstConnection
                                                                 : Act::ChangeConnection;
}

void Desk::targetOf(const OwnerCaller &caller, ConnectionSettings settings,
                    std::function<void(Result<std::shared_ptr<TaskerTarget>>)> done)
{
    if (const auto may = gate(actOfSaving(), caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    if (const auto fits = check(settings); !fits)
        return done(tl::unexpected<Error>(fits.error()));
    auto target = std::make_shared<TaskerTarget>();
    target->baseUrl = settings.taskerUrl;
    target->ownerUserId = words::cut(settings.ownerUserId, kTextMost);
    target->caFile = settings.caFile;
    const Profile profile = m_rooms.registry.current()->profile;
    if (settings.credential) {
        target->credential = std::move(*settings.credential);
        return done(target);
    }
    // The stored credential belongs to the stored address, and goes to no other.
    if (settings.taskerUrl != profile.taskerUrl)
        return done(words::wrongField("credential", "needed_for_another_address"));
    m_rooms.secrets.read(entryOf(profile), [target, done = std::move(done)](Result<Secret> stored) {
        if (!stored)
            return done(tl::unexpected<Error>(stored.error()));
        target->credential = std::move(*stored);
        done(target);
    });
}

void Desk::saveConnection(const OwnerCaller &caller, ConnectionSettings settings, Answered<Profile> done)
{
    auto plain = std::make_shared<ConnectionSettings>();
    plain->taskerUrl = settings.taskerUrl;
    plain->ownerUserId = settings.ownerUserId;
    plain->ownerEmail = settings.ownerEmail;
    plain->caFile = settings.caFile;
    const std::string entry = entryOf(m_rooms.registry.current()->profile);
    targetOf(caller, std::move(settings),
             [this, self = QPointer(this), caller, plain, entry,
              done = std::move(done)](const Result<std::shared_ptr<TaskerTarget>> &target) {
                 if (!self)
                     return;
                 if (!target)
                     return done(tl::unexpected<Error>(target.error()));
                 // Tried on a client of its own, so that a bad file does not cost the present connection.
                 TaskerClient trial(m_rooms.clock);
                 if (const auto fits = trial.setTarget(copyOf(**target)); !fits)
                     return done(tl::unexpected<Error>(fits.error()));
                 m_rooms.secrets.read(entry,
                                      [this, self = QPointer(this), caller, plain, target = *target,
                                       done](Result<Secret> former) {
                                          if (!self)
                                              return;
                                          auto kept = std::make_shared<Secret>();
                                          if (former)
                                              *kept = std::move(*former);
                                          else if (former.error().code != ErrorCode::SecretNotFound)
                                              return done(tl::unexpected<Error>(former.error()));
                                          storeConnection(caller, *plain, target, kept, done);
                                      });
             });
}

/// The credential first, then the profile: should the second fail, the former credential comes back, so
/// that no credential ever stands beside another Tasker's address.
void Desk::storeConnection(const OwnerCaller &caller, const ConnectionSettings &settings,
                           const std::shared_ptr<TaskerTarget> &target, const std::shared_ptr<Secret> &former,
                           const Answered<Profile> &done)
{
    Profile profile = m_rooms.registry.current()->profile;
    Event event = eventOf(EventKind::ConnectionChanged, caller);
    event.more["tasker_before"] = profile.taskerUrl;
    event.more["tasker"] = target->baseUrl;
    event.more["credential_changed"] = !former->equals(target->credential);
    profile.taskerUrl = target->baseUrl;
    profile.ownerUserId = target->ownerUserId;
    profile.ownerEmail = settings.ownerEmail;
    profile.caFile = settings.caFile;
    const std::string entry = entryOf(profile);
    m_rooms.secrets.write(
        entry, target->credential.copy(),
        [this, self = QPointer(this), profile, event, target, former, entry, done](const Result<> &written) {
            if (!self)
                return;
            if (!written)
                return done(tl::unexpected<Error>(written.error()));
            m_rooms.registry.apply(
                [profile](Stores &stores) -> Result<> {
                    auto stored = stores.profile.load(); // its mode may have changed meanwhile
                    if (!stored)
                        return tl::unexpected<Error>(stored.error());
                    stored->taskerUrl = profile.taskerUrl;
                    stored->ownerUserId = profile.ownerUserId;
                    stored->ownerEmail = profile.ownerEmail;
                    stored->caFile = profile.caFile;
                    return stores.profile.save(*stored);
                },
                event,
                [this, self = QPointer(this), target, former, entry, done](const Result<> &applied) {
                    if (!self)
                        return;
                    if (applied) {
                        const auto set = m_rooms.tasker.setTarget(copyOf(*target));
                        return done(set ? Result<Profile>(m_rooms.registry.current()->profile)
                                        : tl::unexpected<Error>(set.error()));
                    }
                    const auto told = [done, why = applied.error()](const Result<> &) {
                        done(tl::unexpected<Error>(why));
                    };
                    if (former->isEmpty())
                        m_rooms.secrets.remove(entry, told);
                    else
                        m_rooms.secrets.write(entry, former->copy(), told);
                });
        });
}

void Desk::testConnection(const OwnerCaller &caller, ConnectionSettings settings, Answered<Json> done)
{
    // It sends a credential to an address: the same gate as storing the two.
    targetOf(caller, std::move(settings),
             [this, self = QPointer(this),
              done = std::move(done)](const Result<std::shared_ptr<TaskerTarget>> &target) {
                 if (!self)
                     return;
                 if (!target)
                     return done(tl::unexpected<Error>(target.error()));
                 auto *trial = new TaskerClient(m_rooms.clock, this);
                 if (const auto set = trial->setTarget(copyOf(**target)); !set) {
                     trial->deleteLater();
                     return done(tl::unexpected<Error>(set.error()));
                 }
                 listProjects(*trial, "*", kProjectsMost, m_rooms.random.uuid(),
                              [trial, done](const Result<Json> &found) {
                                  trial->deleteLater();
                                  done(found);
                              });
             });
}

void Desk::findProjects(const OwnerCaller &caller, const std::string &query, int limit, Answered<Json> done)
{
    if (const auto may = gate(Act::ReadAnything, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    const std::string asked = words::cut(query, 512);
    listProjects(m_rooms.tasker, asked.empty() ? "*" : asked, limit, m_rooms.random.uuid(), std::move(done));
}

} // namespace gatehouse
