// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody sees who programs against Gatehouse with the official SDK: cases.mjs USER-MODULE AGENT.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ctl, issuesNamed, noQuestion, order, question, shows, until } from './house.mjs';

const [userModule, agent] = process.argv.slice(2);
const { connect } = await import(userModule);
const url = process.env.GATEHOUSE_URL;
const token = process.env.GATEHOUSE_TOKEN;

let changes = 0;
let user = await connect({ url, token, onToolsChanged: () => { changes += 1; } });

const create = (name, meta) => user.call({ name: 'tasker_create_issue', arguments: { project: 'ENG', name }, ...(meta && { _meta: meta }) });
const comment = (issue, body, options) => user.call({ name: 'tasker_add_comment', arguments: { issue, body_markdown: body } }, options);
const refusal = (result) => {
  assert.equal(result.isError, true, JSON.stringify(result));
  return result.structuredContent;
};
const named = (what) => `${agent}: ${what}`;
let issue;

await shows(named(`connects by MCP ${user.version} with its token and is told where it is`), async () => {
  assert.equal(user.client.getServerVersion().name, 'gatehouse');
  assert.match(user.client.getInstructions(), new RegExp(agent));
});

await shows(named('a wrong token does not connect'), () =>
  assert.rejects(connect({ url, token: `gh_a_${'A'.repeat(43)}` }), /401|[Uu]nauthori[sz]ed/));

await shows(named('lists the tools that its grants hold, with schemas and annotations'), async () => {
  const { tools } = await user.client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name).sort(), ['tasker_add_comment', 'tasker_create_issue', 'tasker_get_issue',
    'tasker_get_project_context', 'tasker_list_issues', 'tasker_resolve_project']);
  for (const tool of tools) {
    assert.equal(tool.outputSchema.type, 'object', tool.name);
    assert.equal(tool.annotations.openWorldHint, false, tool.name);
  }
});

await shows(named('creates an issue and reads it, each answer within its output schema'), async () => {
  const created = await create(`Made by ${agent}`);
  issue = created.structuredContent.issue.identifier;
  assert.equal((await issuesNamed(`Made by ${agent}`)).length, 1);
  const read = await user.call({ name: 'tasker_get_issue', arguments: { issue } });
  assert.equal(read.structuredContent.issue.name, `Made by ${agent}`);
  assert.deepEqual(JSON.parse(read.content[0].text), read.structuredContent);
});

await shows(named('the same key twice is one issue, and the second answer says that it is a repeat'), async () => {
  const meta = { 'gatehouse/idempotencyKey': randomUUID() };
  const first = await create(`Once by ${agent}`, meta);
  const second = await create(`Once by ${agent}`, meta);
  assert.deepEqual(second.structuredContent, first.structuredContent);
  assert.equal(second._meta['gatehouse/replayed'], true);
  assert.equal((await issuesNamed(`Once by ${agent}`)).length, 1);
});

await shows(named('another body under the same key is refused'), async () => {
  const meta = { 'gatehouse/idempotencyKey': randomUUID() };
  await create(`First of ${agent}`, meta);
  assert.equal(refusal(await create(`Second of ${agent}`, meta)).error, 'idempotency_key_reused');
});

await shows(named('an ungranted project and one that does not exist are refused in-band, alike'), async () => {
  const of = async (project) => refusal(await user.call({ name: 'tasker_create_issue', arguments: { project, name: 'Leak' } }));
  const [secret, none] = [await of('SECRET'), await of('NOSUCH')];
  assert.equal(secret.error, 'not_found');
  assert.deepEqual({ ...secret, request_id: '' }, { ...none, request_id: '' });
});

await shows(named('arguments that the schema does not take are refused in-band, with the field'), async () => {
  const { error, details } = refusal(await user.call({ name: 'tasker_create_issue', arguments: { project: 'ENG' } }));
  assert.equal(error, 'validation_failed');
  assert.match(JSON.stringify(details), /name/);
});

await shows(named('a tool that does not exist is an error of the protocol'), () =>
  assert.rejects(user.call({ name: 'tasker_delete_everything', arguments: {} }), (error) => error.code === -32602));

await shows(named('a held call reports progress, and happens once the owner allows it'), async () => {
  const heard = [];
  const answer = comment(issue, 'May I?', { onprogress: (progress) => heard.push(progress) });
  const { id } = await question();
  await until('progress of the held call', () => heard.length > 0);
  await ctl('approvals', 'allow', id);
  assert.equal((await answer).structuredContent.comment.body_markdown, 'May I?');
  assert.ok(heard.every(({ progress, total }) => progress > 0 && progress <= total), JSON.stringify(heard));
  await noQuestion();
});

await shows(named("a denied call is refused in-band, with the owner's reason"), async () => {
  const answer = comment(issue, 'And this?');
  const { id } = await question();
  await ctl('approvals', 'deny', id, '--reason', 'not in a test');
  const { error, details } = refusal(await answer);
  assert.equal(error, 'approval_denied');
  assert.match(JSON.stringify(details), /not in a test/);
  await noQuestion();
});

await shows(named('a call that the user gives up takes its question away'), async () => {
  const abort = new AbortController();
  const answer = assert.rejects(comment(issue, 'Never mind', { signal: abort.signal }));
  await question();
  abort.abort();
  await answer;
  await noQuestion();
});

await shows(named('finds its projects as resources, and reads one'), async () => {
  const { resources } = await user.client.listResources();
  assert.ok(!resources.some((resource) => resource.name === 'SECRET'));
  const { contents } = await user.client.readResource({ uri: resources.find((resource) => resource.name === 'ENG').uri });
  assert.equal(JSON.parse(contents[0].text).project.identifier, 'ENG');
});

await shows(named('reads an issue by its template, and hears of a change that was made through Gatehouse'), async () => {
  const uri = `tasker://issues/${issue}`;
  const { resourceTemplates } = await user.client.listResourceTemplates();
  assert.ok(resourceTemplates.some((template) => template.uriTemplate === 'tasker://issues/{identifier}'));
  const { contents } = await user.client.readResource({ uri });
  assert.equal(JSON.parse(contents[0].text).issue.name, `Made by ${agent}`);
  const heard = [];
  await user.watch(uri, (changed) => heard.push(changed));
  const answer = comment(issue, 'Watched');
  await ctl('approvals', 'allow', (await question()).id);
  await answer;
  await until('news of the issue', () => heard.includes(uri));
});

await shows(named('a resource that is not there and one that is not granted are alike'), async () => {
  const of = (uri) => user.client.readResource({ uri }).then(() => assert.fail(uri), (error) => error.code);
  const [secret, none] = [await of('tasker://issues/SECRET-1'), await of('tasker://issues/NOSUCH-1')];
  assert.ok([-32002, -32602].includes(none), String(none));
  assert.equal(secret, none);
});

await shows(named('finds the prompts for its work, completes their argument and gets one'), async () => {
  const { prompts } = await user.client.listPrompts();
  assert.deepEqual(prompts.map((prompt) => prompt.name).sort(), ['file_bug', 'report_progress', 'take_next_issue']);
  const { completion } = await user.client.complete({ ref: { type: 'ref/prompt', name: 'file_bug' }, argument: { name: 'project', value: 'e' } });
  assert.deepEqual(completion.values, ['ENG']);
  const { messages } = await user.client.getPrompt({ name: 'file_bug', arguments: { project: 'ENG', what: 'it is upside down' } });
  assert.match(messages[0].content.text, /ENG[^]*it is upside down/);
});

if (user.version === '2026-07-28') {
  await shows(named('a call that the owner takes his time over is repeated by the SDK itself, and happens once'), async () => {
    const before = user.asked();
    const answer = comment(issue, 'In your own time');
    const { id } = await question();
    await until('the repeated call', () => user.asked() > before + 1, 60);
    await ctl('approvals', 'allow', id);
    assert.equal((await answer).structuredContent.comment.body_markdown, 'In your own time');
    await noQuestion();
  });
}

await shows(named('hears that its tools have changed'), async () => {
  const before = changes;
  await ctl('grants', 'set', agent, 'ENG', 'issues:move', 'allow');
  await until('a notification', () => changes > before);
  const { tools } = await user.client.listTools();
  assert.ok(tools.some((tool) => tool.name === 'tasker_move_issue'));
});

await shows(named('a restart of Gatehouse loses nothing but the session'), async () => {
  const meta = { 'gatehouse/idempotencyKey': randomUUID() };
  const before = await create(`Across a restart by ${agent}`, meta);
  await order(['restart_gatehouse']);
  if (user.version !== '2026-07-28') {
    await assert.rejects(create(`Across a restart by ${agent}`, meta), (error) => error.code === 404 || error.data?.status === 404);
    user = await connect({ url, token });
  }
  const after = await create(`Across a restart by ${agent}`, meta);
  assert.deepEqual(after.structuredContent, before.structuredContent);
  assert.equal((await issuesNamed(`Across a restart by ${agent}`)).length, 1);
});

await user.client.close();
process.exit(0);
