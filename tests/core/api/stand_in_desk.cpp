// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway_core/owner/desk.h"
namespace gatehouse {
Desk::Desk(const Rooms &rooms, QObject *parent) : QObject(parent), m_rooms(rooms) {}
#define NO { done(failure(ErrorCode::Conflict)); }
void Desk::createAgent(const OwnerCaller &, const std::string &, Answered<Agent> done) NO
void Desk::renameAgent(const OwnerCaller &, const AgentId &, const std::string &, Answered<Agent> done) NO
void Desk::setAgentState(const OwnerCaller &, const AgentId &, AgentState, Answered<Agent> done) NO
void Desk::putGrant(const OwnerCaller &, const GrantRequest &, Answered<Grant> done) NO
void Desk::mintAgentToken(const OwnerCaller &, const AgentId &, const std::string &, std::function<void(Result<std::pair<Client, Secret>>)> done) NO
void Desk::rotateAgentToken(const OwnerCaller &, const ClientId &, std::function<void(Result<std::pair<Client, Secret>>)> done) NO
void Desk::revokeClient(const OwnerCaller &, const ClientId &, Storage::Done done) NO
void Desk::mintOwnerToken(const OwnerCaller &, const std::string &, std::chrono::seconds, std::function<void(Result<std::pair<OwnerToken, Secret>>)> done) NO
void Desk::revokeOwnerToken(const OwnerCaller &, const OwnerTokenId &, Storage::Done done) NO
void Desk::openPairing(const OwnerCaller &, const AgentId &, std::chrono::seconds, Answered<PairingCode> done) NO
void Desk::closePairing(const OwnerCaller &, Storage::Done done) NO
void Desk::confirmPairing(const OwnerCaller &, const ConfirmationId &, Storage::Done done) NO
void Desk::denyPairing(const OwnerCaller &, const ConfirmationId &, Storage::Done done) NO
void Desk::allowCall(const OwnerCaller &, const ApprovalId &, Reach, Storage::Done done) NO
void Desk::denyCall(const OwnerCaller &, const ApprovalId &, const std::string &, bool, Storage::Done done) NO
void Desk::setMode(const OwnerCaller &, Mode, const std::string &, Answered<Profile> done) NO
void Desk::stopEverything(const OwnerCaller &, bool, Answered<Quiet> done) NO
void Desk::saveConnection(const OwnerCaller &, ConnectionSettings, Answered<Profile> done) NO
void Desk::testConnection(const OwnerCaller &, ConnectionSettings, Answered<Json> done) NO
void Desk::findProjects(const OwnerCaller &, const std::string &, int, Answered<Json> done) NO
void Desk::activity(const CallFilter &, Answered<std::vector<CallRow>> done) NO
}
