// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/owner_service.h"

#include "gateway_core/calls/foreign_text.h"
#include "gateway_core/owner/input_text.h"
#include "gateway_core/tasker/adapter.h"
#include "gateway_core/tasker/reply_mapping.h"

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
    if (const auto addresses = adapterAddresses(settings.taskerUrl); !addresses)
        return tl::unexpected<Error>(addresses.error());
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

} // namespace

OwnerAction OwnerService::actOfSaving() const
{
    return m_services.registry.current()->profile.taskerUrl.empty() ? OwnerAction::FirstConnection
                                                                    : OwnerAction::ChangeConnection;
}

void OwnerService::targetOf(const OwnerCaller &caller, ConnectionSettings settings,
                            std::function<void(Result<std::shared_ptr<TaskerTarget>>)> done)
{
    if (const auto may = authorize(actOfSaving(), caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    if (const auto fits = check(settings); !fits)
        return done(tl::unexpected<Error>(fits.error()));
    auto target = std::make_shared<TaskerTarget>();
    target->baseUrl = settings.taskerUrl;
    target->ownerUserId = words::cut(settings.ownerUserId, kTextMost);
    target->caFile = settings.caFile;
    const Profile profile = m_services.registry.current()->profile;
    if (settings.credential) {
        target->credential = std::move(*settings.credential);
        return done(target);
    }
    // The stored credential belongs to the stored address, and goes to no other.
    if (settings.taskerUrl != profile.taskerUrl)
        return done(words::wrongField("credential", "needed_for_another_address"));
    m_services.secrets.read(entryOf(profile), [target, done = std::move(done)](Result<Secret> stored) {
        if (!stored)
            return done(tl::unexpected<Error>(stored.error()));
        target->credential = std::move(*stored);
        done(target);
    });
}

void OwnerService::search(const std::shared_ptr<TaskerTarget> &target,
                          const Answered<AdapterSearch::Found> &done)
{
    auto *trial = new AdapterSearch(m_services.clock, m_services.random, this);
    trial->run(*target, [trial, done](const Result<AdapterSearch::Found> &found) {
        trial->deleteLater();
        done(found);
    });
}

void OwnerService::saveConnection(const OwnerCaller &caller, ConnectionSettings settings,
                                  Answered<Profile> done)
{
    const std::string email = settings.ownerEmail;
    const std::string entry = entryOf(m_services.registry.current()->profile);
    targetOf(caller, std::move(settings),
             [this, self = QPointer(this), caller, email, entry,
              done = std::move(done)](const Result<std::shared_ptr<TaskerTarget>> &target) {
                 if (!self)
                     return;
                 if (!target)
                     return done(tl::unexpected<Error>(target.error()));
                 // Tried before anything is stored, on a client of its own: what answers wrongly does not
                 // cost the present connection.
                 search(*target,
                        [this, caller, email, entry, target = *target,
                         done](const Result<AdapterSearch::Found> &found) {
                            if (!found && !isSilence(found.error()))
                                return done(tl::unexpected<Error>(found.error()));
                            auto known = std::make_shared<TaskerClient::Health>();
                            known->heard = found.has_value();
                            known->at = m_services.clock.now();
                            if (found) {
                                target->baseUrl = found->baseUrl;
                            } else {
                                target->baseUrl = adapterAddresses(target->baseUrl)->front();
                                known->lastError = found.error().code;
                                known->reason = reasonOf(found.error());
                            }
                            m_services.secrets.read(
                                entry,
                                [this, self = QPointer(this), caller, email, target, known,
                                 done](Result<Secret> former) {
                                    if (!self)
                                        return;
                                    auto kept = std::make_shared<Secret>();
                                    if (former)
                                        *kept = std::move(*former);
                                    else if (former.error().code != ErrorCode::SecretNotFound)
                                        return done(tl::unexpected<Error>(former.error()));
                                    storeConnection(caller, email, target, *known, kept, done);
                                });
                        });
             });
}

/// The credential first, then the profile: should the second fail, the former credential comes back, so
/// that no credential ever stands beside another Tasker's address.
void OwnerService::storeConnection(const OwnerCaller &caller, const std::string &ownerEmail,
                                   const std::shared_ptr<TaskerTarget> &target,
                                   const TaskerClient::Health &known, const std::shared_ptr<Secret> &former,
                                   const Answered<Profile> &done)
{
    Profile profile = m_services.registry.current()->profile;
    Event event = eventOf(EventKind::ConnectionChanged, caller);
    event.more["tasker_before"] = profile.taskerUrl;
    event.more["tasker"] = target->baseUrl;
    event.more["answered"] = known.heard;
    event.more["credential_changed"] = !former->equals(target->credential);
    profile.taskerUrl = target->baseUrl;
    profile.ownerUserId = target->ownerUserId;
    profile.ownerEmail = ownerEmail;
    profile.caFile = target->caFile;
    const std::string entry = entryOf(profile);
    m_services.secrets.write(
        entry, target->credential.copy(),
        [this, self = QPointer(this), profile, event, target, known, former, entry,
         done](const Result<> &written) {
            if (!self)
                return;
            if (!written)
                return done(tl::unexpected<Error>(written.error()));
            m_services.registry.apply(
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
                [this, self = QPointer(this), target, known, former, entry, done](const Result<> &applied) {
                    if (!self)
                        return;
                    if (applied) {
                        const auto set = m_services.tasker.setTarget(copyOf(*target), known);
                        return done(set ? Result<Profile>(m_services.registry.current()->profile)
                                        : tl::unexpected<Error>(set.error()));
                    }
                    const auto told = [done, why = applied.error()](const Result<> &) {
                        done(tl::unexpected<Error>(why));
                    };
                    if (former->isEmpty())
                        m_services.secrets.remove(entry, told);
                    else
                        m_services.secrets.write(entry, former->copy(), told);
                });
        });
}

void OwnerService::testConnection(const OwnerCaller &caller, ConnectionSettings settings, Answered<Json> done)
{
    // It sends a credential to an address: the same gate as storing the two.
    targetOf(caller, std::move(settings),
             [this, self = QPointer(this),
              done = std::move(done)](const Result<std::shared_ptr<TaskerTarget>> &target) {
                 if (!self)
                     return;
                 if (!target)
                     return done(tl::unexpected<Error>(target.error()));
                 search(*target, [done](const Result<AdapterSearch::Found> &found) {
                     if (!found)
                         return done(tl::unexpected<Error>(found.error()));
                     auto matches = readableMatches(found->matches);
                     if (matches)
                         matches->emplace("tasker_url", found->baseUrl);
                     done(matches);
                 });
             });
}

void OwnerService::findProjects(const OwnerCaller &caller, const std::string &query, int limit,
                                Answered<Json> done)
{
    if (const auto may = authorize(OwnerAction::ReadAnything, caller); !may)
        return done(tl::unexpected<Error>(may.error()));
    const std::string asked = words::cut(query, 512);
    TaskerRequest request
        = adapter::resolveProjects(asked.empty() ? "*" : asked, std::clamp(limit, 1, kProjectsMost));
    request.acting.requestId = m_services.random.uuid();
    m_services.tasker.send(request, [done = std::move(done)](const TaskerReply &reply) {
        done(reply.body ? readableMatches(*reply.body) : reply.body);
    });
}

} // namespace gatehouse
