// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

// The JSON Schemas of the routes' bodies. Every object is closed: a field that we do not know is a
// mistake that its sender wants to hear of.
namespace gatehouse::body {

inline constexpr std::string_view kAnyObject = R"({"type":"object"})";
inline constexpr std::string_view kEmpty = R"({"type":"object","additionalProperties":false})";

inline constexpr std::string_view kRedeem = R"({
  "type":"object","additionalProperties":false,"required":["code","client_name","nonce"],"properties":{
    "code":{"type":"string","minLength":1,"maxLength":32},
    "client_name":{"type":"string","minLength":1,"maxLength":80},
    "nonce":{"type":"string","minLength":16,"maxLength":128}}})";
inline constexpr std::string_view kAwaitConfirmation = R"({
  "type":"object","additionalProperties":false,"required":["nonce"],"properties":{
    "nonce":{"type":"string","minLength":16,"maxLength":128}}})";

inline constexpr std::string_view kCreateAgent = R"({
  "type":"object","additionalProperties":false,"required":["display_name"],"properties":{
    "display_name":{"type":"string","minLength":1,"maxLength":80},
    "owner_user_id":{"type":"string","minLength":1,"maxLength":128},
    "owner_email":{"type":"string","minLength":3,"maxLength":254}}})";
inline constexpr std::string_view kChangeAgent = R"({
  "type":"object","additionalProperties":false,"minProperties":1,"properties":{
    "display_name":{"type":"string","minLength":1,"maxLength":80},
    "state":{"enum":["active","paused","retired"]}}})";
inline constexpr std::string_view kPutGrants = R"({
  "type":"object","additionalProperties":false,"required":["project_id","scopes","answer"],"properties":{
    "project_id":{"type":"string","minLength":1,"maxLength":64},
    "project_name":{"type":"string","maxLength":255},
    "project_identifier":{"type":"string","maxLength":12},
    "scopes":{"type":"array","minItems":1,"maxItems":32,"uniqueItems":true,
              "items":{"type":"string","minLength":1,"maxLength":64}},
    "answer":{"enum":["off","allow","ask","ask_with_pin"]},
    "until":{"type":["string","null"],"maxLength":40}}})";
inline constexpr std::string_view kNamed = R"({
  "type":"object","additionalProperties":false,"required":["name"],"properties":{
    "name":{"type":"string","minLength":1,"maxLength":80}}})";
inline constexpr std::string_view kMintOwnerToken = R"({
  "type":"object","additionalProperties":false,"required":["name"],"properties":{
    "name":{"type":"string","minLength":1,"maxLength":80},
    "lifetime_seconds":{"type":"integer","minimum":60,"maximum":2592000}}})";

inline constexpr std::string_view kOpenPairing = R"({
  "type":"object","additionalProperties":false,"required":["agent_id"],"properties":{
    "agent_id":{"type":"string","minLength":1,"maxLength":64},
    "lifetime_seconds":{"type":"integer","minimum":10,"maximum":600}}})";
inline constexpr std::string_view kConfirm = R"({
  "type":"object","additionalProperties":false,"properties":{
    "agent_id":{"type":"string","minLength":1,"maxLength":64}}})";
inline constexpr std::string_view kAllowCall = R"({
  "type":"object","additionalProperties":false,"properties":{
    "reach":{"enum":["once","15m","1h","8h"]},
    "covers":{"enum":["issue","turn","project"]}}})";
inline constexpr std::string_view kDenyCall = R"({
  "type":"object","additionalProperties":false,"properties":{
    "reason":{"type":"string","maxLength":500},
    "pause_agent":{"type":"boolean"}}})";

inline constexpr std::string_view kStepUp = R"({
  "type":"object","additionalProperties":false,"required":["pin"],"properties":{
    "pin":{"type":"string","minLength":1,"maxLength":64}}})";
inline constexpr std::string_view kSignIn = R"({
  "type":"object","additionalProperties":false,"required":["pin","name"],"properties":{
    "pin":{"type":"string","minLength":1,"maxLength":64},
    "name":{"type":"string","minLength":1,"maxLength":80}}})";
inline constexpr std::string_view kExport = R"({
  "type":"object","additionalProperties":false,"required":["folder"],"properties":{
    "folder":{"type":"string","minLength":1,"maxLength":4096}}})";
inline constexpr std::string_view kTicket = R"({
  "type":"object","additionalProperties":false,"properties":{
    "streams":{"type":"array","minItems":1,"maxItems":2,"uniqueItems":true,
               "items":{"enum":["audit","status"]}}}})";
inline constexpr std::string_view kMode = R"({
  "type":"object","additionalProperties":false,"required":["mode"],"properties":{
    "mode":{"enum":["running","paused","draining"]},
    "reason":{"type":"string","maxLength":500}}})";
inline constexpr std::string_view kClock = R"({
  "type":"object","additionalProperties":false,"required":["answer"],"properties":{
    "answer":{"enum":["is_right","was_wrong"]}}})";
inline constexpr std::string_view kStopEverything = R"({
  "type":"object","additionalProperties":false,"properties":{
    "revoke_clients":{"type":"boolean"},
    "revoke_agents":{"type":"array","maxItems":128,"items":{"type":"string","minLength":1,"maxLength":40}}}})";
inline constexpr std::string_view kConnection = R"({
  "type":"object","additionalProperties":false,"required":["tasker_url","owner_user_id"],"properties":{
    "tasker_url":{"type":"string","minLength":1,"maxLength":2048},
    "owner_user_id":{"type":"string","minLength":1,"maxLength":128},
    "owner_email":{"type":"string","maxLength":254},
    "credential":{"type":"string","minLength":1,"maxLength":4096},
    "ca_file":{"type":"string","maxLength":4096}}})";

} // namespace gatehouse::body
