// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/api/owner/owner_audit.h"

#include "gateway_core/api/route/request_schemas.h"

#include "gateway_core/api/route/call_filter.h"
#include "gateway_core/api/route/error_table.h"
#include "gateway_core/api/owner/owner_caller.h"
#include "gateway_core/api/route/wire.h"
#include "gateway_core/audit/journal_check.h"
#include "gateway_core/audit/journal_export.h"
#include "gateway_core/audit/signing_key.h"

#include <QPointer>

#include <charconv>

namespace gatehouse {

namespace {

constexpr int kPageRows = 25;
constexpr int kPageRowsMost = 100;

Json verdictJson(const VerificationReport &verdict)
{
    const bool open = verdict.unsignedFrom <= verdict.unsignedTo;
    return { { "sound", verdict.isSound() },
             { "finding", nameOf(verdict.finding) },
             { "bad_row", verdict.badRow > 0 ? Json(verdict.badRow) : Json(nullptr) },
             { "detail", verdict.detail },
             { "restored_row", verdict.restoredRow > 0 ? Json(verdict.restoredRow) : Json(nullptr) },
             { "rows", verdict.rows },
             { "first", verdict.first },
             { "last", verdict.last },
             { "vouched_to", verdict.vouchedTo },
             { "vouched_at",
               verdict.vouchedAt > 0 ? Json(wire::timeText(verdict.vouchedAt)) : Json(nullptr) },
             { "kept_to", verdict.keptTo },
             { "unsigned_from", open ? Json(verdict.unsignedFrom) : Json(nullptr) },
             { "unsigned_to", open ? Json(verdict.unsignedTo) : Json(nullptr) } };
}

Json retentionJson(const OwnerService &owner)
{
    const RetentionProgress &progress = owner.retention();
    return { { "kept_days", kJournalKept.count() / 24 },
             { "folder", owner.exportsFolder().string() },
             { "step", nameOf(progress.step) },
             { "rows", progress.rows },
             { "of", progress.of } };
}

tl::unexpected<Error> wrong(std::string_view field, std::string_view problem)
{
    return tl::unexpected<Error>(fieldProblem(field, problem));
}

template <typename Number> bool readNumber(const std::string &text, Number least, Number most, Number &value)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value >= least && value <= most;
}

/// The filters, and which page of what passes them.
Result<CallFilter> pageOf(const HttpRequest &request)
{
    auto asked = callFilterOf(request);
    if (!asked)
        return asked;
    CallFilter &filter = *asked;
    filter.limit = kPageRows;
    if (const std::string limit = request.queryValue("limit");
        !limit.empty() && !readNumber(limit, 1, kPageRowsMost, filter.limit))
        return wrong("limit", "not a number from 1 to 100");
    if (const std::string cursor = request.queryValue("cursor");
        !cursor.empty() && !readNumber<std::int64_t>(cursor, 1, INT64_MAX, filter.before))
        return wrong("cursor", "not a cursor of ours");
    return asked;
}

} // namespace

// What it answers, and what openapi.json and /describe say of it.
std::span<const Route> OwnerAudit::routes()
{
    // clang-format off
    static constexpr std::string_view kExport = R"({
  "type":"object","additionalProperties":false,"required":["folder"],"properties":{
    "folder":{"type":"string","minLength":1,"maxLength":4096}}})";
    static constexpr std::string_view kFiltersAndPage
        = "agent_id:text? client_id:text? tool:text? project_id:text? decision:text? outcome:text? kind:text? "
          "text:text? from:time? to:time? limit:int? cursor:text?";
    static constexpr std::array kRoutes{
        Route{ .method = Method::Get, .path = "/api/v1/audit/events", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "The journal's lines, newest first",
               .answer = to<&OwnerAudit::events>,
               .query = kFiltersAndPage,
               .responses = {{ { 200, "events:AuditLine[] next_cursor:text~ searched_back_to:time~ searched_percent:int" } }},
               .example = { true, "limit=10&kind=call" } },
        Route{ .method = Method::Post, .path = "/api/v1/audit/verify", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 8_KiB, .summary = "Walk the chain, name the first bad row",
               .answer = to<&OwnerAudit::verify>, .bodySchema = schema::kEmpty,
               .responses = {{ { 200, "sound:bool finding:text bad_row:int~ detail:text restored_row:int~ rows:int first:int last:int vouched_to:int vouched_at:time~ kept_to:int unsigned_from:int~ unsigned_to:int~" } }},
               .example = { true, {}, "{}" } },
        Route{ .method = Method::Post, .path = "/api/v1/audit/export", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Write the journal to a new folder",
               .answer = to<&OwnerAudit::exportTo>, .bodySchema = kExport,
               .responses = {{ { 201, "folder:text rows:int first:int last:int" } }} },
        Route{ .method = Method::Get, .path = "/api/v1/audit/retention", .access = Access::Owner, .kind = Kind::Read,
               .bodyLimit = 0, .summary = "How long rows stay, where they go",
               .answer = to<&OwnerAudit::retention>,
               .responses = {{ { 200, "kept_days:int folder:text step:idle/exporting/checking/removing rows:int of:int" } }} },
        Route{ .method = Method::Put, .path = "/api/v1/audit/retention", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Export old rows to another folder",
               .answer = to<&OwnerAudit::moveExports>, .bodySchema = kExport,
               .responses = {{ { 200, "kept_days:int folder:text step:idle/exporting/checking/removing rows:int of:int" } }} },
        Route{ .method = Method::Post, .path = "/api/v1/audit/accept-restore", .access = Access::OwnerStepUp, .kind = Kind::Write,
               .bodyLimit = 8_KiB, .summary = "Sign on after a restored database or key",
               .answer = to<&OwnerAudit::acceptRestore>, .bodySchema = schema::kEmpty,
               .responses = {{ { 204, "" } }} },
    };
    // clang-format on
    static_assert(routesAreClosed(kRoutes) && answeredBy<OwnerAudit>(kRoutes)
                  && onlyTheOwnerComesIn(kRoutes));
    return kRoutes;
}

OwnerAudit::OwnerAudit(const Dependencies &dependencies)
    : m_services(dependencies)
{
}

void OwnerAudit::events(RouteCall &call)
{
    const auto filter = pageOf(call.request);
    if (!filter)
        return call.reply.fail(filter.error());
    m_services.owner.activity(*filter, [reply = call.reply](const Result<CallPage> &page) {
        reply.answer(page, 200, [](const CallPage &found) -> Json {
            Json events = Json::array();
            for (const CallRow &row : found.rows)
                events.push_back(wire::toJson(row));
            return { { "events", events },
                     { "next_cursor",
                       found.nextBefore ? Json(std::to_string(*found.nextBefore)) : Json(nullptr) },
                     { "searched_back_to",
                       found.searchedBackTo ? Json(wire::timeText(*found.searchedBackTo)) : Json(nullptr) },
                     { "searched_percent", found.searchedPercent } };
        });
    });
}

void OwnerAudit::verify(RouteCall &call)
{
    JournalCheck::run(
        m_services.storage, m_services.secrets, call.caller.directory->profile.id,
        [reply = call.reply](const Result<VerificationReport> &verdict) {
            reply.answer(verdict, 200, &verdictJson);
        },
        {}, this);
}

void OwnerAudit::exportTo(RouteCall &call)
{
    const OwnerCaller owner = ownerOf(call);
    if (const auto may = m_services.owner.authorize(OwnerAction::ExportJournal, owner); !may)
        return call.reply.fail(may.error());
    const auto folder = newFolderPath(wire::text(call.body, "folder"));
    if (!folder)
        return call.reply.fail(folder.error());
    const ProfileId profile = call.caller.directory->profile.id;
    m_services.secrets.read(signingKeyEntry(numberOf(profile)),
                            [this, guard = QPointer(this), folder = *folder, profile, via = owner.via,
                             reply = call.reply](Result<Secret> seed) {
                                if (!guard)
                                    return;
                                const auto key = seed ? SigningKey::fromSecret(*seed)
                                                      : tl::unexpected<Error>(seed.error());
                                if (!key)
                                    return reply.fail(key.error());
                                JournalExport::run(
                                    { m_services.storage, m_services.journal, m_services.clock }, profile,
                                    *key, { folder }, {}, via,
                                    [reply](const Result<Exported> &exported) {
                                        reply.answer(exported, 201, [](const Exported &done) -> Json {
                                            return { { "folder", done.folder.string() },
                                                     { "rows", done.rows },
                                                     { "first", done.first },
                                                     { "last", done.last } };
                                        });
                                    },
                                    this);
                            });
}

void OwnerAudit::retention(RouteCall &call)
{
    call.reply.ok(retentionJson(m_services.owner));
}

void OwnerAudit::moveExports(RouteCall &call)
{
    m_services.owner.moveExports(
        ownerOf(call), wire::text(call.body, "folder"), [this, reply = call.reply](const Result<> &moved) {
            moved ? reply.ok(retentionJson(m_services.owner)) : reply.fail(moved.error());
        });
}

void OwnerAudit::acceptRestore(RouteCall &call)
{
    m_services.owner.acceptRestore(ownerOf(call),
                                   [reply = call.reply](const Result<> &done) { reply.done(done); });
}

} // namespace gatehouse
