// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody sees who logs in by OAuth for less than the agent may do, with the official SDK, while the owner
// changes what the agent may do: logins.mjs USER-MODULE AGENT. The agent may read projects and issues of ENG
// and create issues there.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import { ctl, shows, until } from './house.mjs';

const [userModule, agent] = process.argv.slice(2);
const { auth, connect } = await import(userModule);
const url = process.env.GATEHOUSE_URL;
const redirectUrl = 'http://127.0.0.1:39001/callback';
const scope = 'projects:read issues:read comments:create';

/** What the SDK keeps of a login, and the address that it would open in a browser. */
function keeper() {
  const kept = {};
  return {
    kept,
    redirectUrl,
    clientMetadata: { client_name: agent, redirect_uris: [redirectUrl], token_endpoint_auth_method: 'none' },
    clientInformation: () => kept.client,
    saveClientInformation: (client) => { kept.client = client; },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => { kept.tokens = tokens; },
    redirectToAuthorization: (address) => { kept.address = address; },
    saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
    codeVerifier: () => kept.verifier,
    discoveryState: () => kept.discovery,
    saveDiscoveryState: (discovery) => { kept.discovery = discovery; },
    invalidateCredentials: (what) => {
      if (what === 'all' || what === 'client') delete kept.client;
      if (what === 'all' || what === 'tokens') delete kept.tokens;
      if (what === 'all' || what === 'discovery') delete kept.discovery;
    },
  };
}

/** A browser that goes one step: where it is sent to. (fetch would say that it is a script, and be turned away.) */
const goes = async (address) => {
  const [answer] = await once(get(address), 'response');
  answer.resume();
  assert.equal(answer.statusCode, 303);
  return new URL(answer.headers.location, address);
};

async function logIn(login, { serverUrl = url, scope: wanted = scope, asksFor = scope } = {}) {
  assert.equal(await auth(login, { serverUrl, scope: wanted }), 'REDIRECT');
  const page = await goes(login.kept.address);
  const { confirmations } = JSON.parse(await ctl('confirmations', 'list', '--json'));
  assert.deepEqual(confirmations[0].asks_for.split(' ').sort(), asksFor.split(' ').sort());
  await ctl('confirmations', 'confirm', confirmations[0].id, '--agent', agent);
  const back = (await goes(page)).searchParams;
  const spent = { serverUrl, authorizationCode: back.get('code'), iss: back.get('iss') };
  assert.equal(await auth(login, spent), 'AUTHORIZED');
}

const named = (what) => `${agent}: ${what}`;
const grant = (scopes, answer) => ctl('grants', 'set', agent, 'ENG', scopes, answer);
const projectTools = ['tasker_get_project_context', 'tasker_resolve_project'];
const issueTools = ['tasker_get_issue', 'tasker_list_issues'];
const login = keeper();
let changes = 0;
let user;

/** The user lists again and sees these tools, and no others. */
const sees = async (...tools) => {
  const listed = (await user.client.listTools()).tools.map((tool) => tool.name).sort();
  assert.deepEqual(listed, tools.flat().sort());
};
/** The user hears that its tools changed, once, after the owner did this. */
const hears = async (act) => {
  const before = changes;
  await act();
  await until('a notification', () => changes > before);
  assert.equal(changes, before + 1);
};

await shows(named('logs in for some of what there is, and is told for what'), async () => {
  await logIn(login);
  assert.deepEqual(login.kept.tokens.scope.split(' ').sort(), scope.split(' ').sort());
});

await shows(named('lists what both the login and the grants hold'), async () => {
  user = await connect({ url, login, onToolsChanged: () => { changes += 1; } });
  await sees(projectTools, issueTools);
});

await shows(named('what the agent may do but the login is not for is refused'), async () => {
  const result = await user.call({ name: 'tasker_create_issue', arguments: { project: 'ENG', name: 'Beyond the login' } });
  assert.equal(result.isError, true, JSON.stringify(result));
  assert.equal(result.structuredContent.error, 'scope_denied');
});

await shows(named('hears of a wider grant that the login is for, and lists its tool'), async () => {
  await hears(() => grant('comments:create', 'allow'));
  await sees(projectTools, issueTools, 'tasker_add_comment');
});

await shows(named('a wider grant that the login is not for changes nothing for it'), async () => {
  const before = changes;
  await grant('issues:update,issues:move,labels:write', 'allow');
  await sees(projectTools, issueTools, 'tasker_add_comment');
  await hears(() => grant('comments:create', 'off')); // had it been told of the others, it would hear of them now
  assert.equal(changes, before + 1);
  await sees(projectTools, issueTools);
});

await shows(named('hears of a narrower grant, and its tools are gone'), async () => {
  await hears(() => grant('issues:read', 'off'));
  await sees(projectTools);
  const result = await user.call({ name: 'tasker_list_issues', arguments: { project: 'ENG' } });
  assert.equal(result.isError, true, JSON.stringify(result));
});

await shows(named('has no tool left once the owner takes all that the login was for'), async () => {
  await hears(() => grant('projects:read', 'off'));
  await sees();
});

await user.client.close();

const byName = url.replace('127.0.0.1', 'localhost');
const other = keeper();

await shows(named('logs in at localhost, with words that every client asks for and an editor\'s redirects'), async () => {
  other.clientMetadata.redirect_uris = ['https://editor.example/redirect', redirectUrl];
  other.clientMetadata.grant_types = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
  await logIn(other, { serverUrl: byName, scope: 'offline_access openid profile email', asksFor: 'everything that its agent may' });
  assert.deepEqual(other.kept.client.redirect_uris, [redirectUrl]);
  const there = await connect({ url: byName, login: other });
  await there.client.listTools();
  await there.client.close();
});

await shows(named('several processes with one refresh token at once all get on with their work'), async () => {
  const processes = Array.from({ length: 12 }, () => {
    const one = keeper();
    Object.assign(one.kept, other.kept);
    return one;
  });
  const ended = await Promise.all(processes.map((one) => auth(one, { serverUrl: byName })));
  assert.deepEqual(ended, processes.map(() => 'AUTHORIZED'));
  for (const one of processes) assert.equal(await auth(one, { serverUrl: byName }), 'AUTHORIZED');
});

await shows(named('a client that is forgotten here registers again instead of going to a dead page'), async () => {
  const dead = other.kept.client.client_id;
  other.kept.client = { ...other.kept.client, client_id: '8a1c0b52-0c3f-4d61-9d6e-0b1f6ad3ffff' };
  delete other.kept.address;
  assert.equal(await auth(other, { serverUrl: byName }), 'REDIRECT');
  const asked = new URL(other.kept.address).searchParams.get('client_id');
  assert.equal(asked, other.kept.client.client_id);
  assert.notEqual(asked, dead);
});
process.exit(0);
