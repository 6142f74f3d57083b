// SPDX-License-Identifier: GPL-3.0-or-later
// Questions about JSON that bash cannot answer: look.mjs QUESTION FILE [WORD...] prints the answer.
import { readFileSync } from 'node:fs';

const [question, file, ...words] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const lines = () => text.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line));

/** What a tool gave back, without the wall time that Codex writes in front of it. */
const withoutTime = (gave) => gave.replace(/^Wall time: .*\nOutput:\n?/, '').trim();

const questions = {
  /** The tools whose name ends so, in the model's first request. */
  'first-tools': () => lines().find((line) => line.tools).tools.filter((tool) => tool.includes(words[0])).length,
  /** What the Nth call (from 0) gave back. */
  gave: () => withoutTime(lines().filter((line) => 'gave' in line)[Number(words[0])]?.gave ?? ''),
  /** The error code in what the Nth call gave back, without ids that differ for each call. */
  refusal: () => {
    const gave = questions.gave();
    const { error, message } = JSON.parse(gave.slice(gave.indexOf('{')));
    return JSON.stringify({ error, message });
  },
  /** How many issues of this name Tasker holds. */
  issues: () => (JSON.parse(text).issues ?? []).filter((issue) => issue.name === words[0]).length,
  /** How many comments of these words Tasker holds. */
  comments: () => (JSON.parse(text).comments ?? []).filter((comment) => comment.body_markdown === words[0]).length,
  /** How often Tasker was asked to create an issue of this name, and under how many keys. */
  writes: () => {
    const asked = JSON.parse(text).filter((each) => each.method === 'POST' && each.path.endsWith('/issues') && bodyOf(each).name === words[0]);
    return `${asked.length} ${new Set(asked.map((each) => headerOf(each, 'idempotency-key'))).size}`;
  },
  /** How many rows of the journal have this title and this outcome. */
  rows: () => (JSON.parse(text).events ?? []).filter((row) => row.title === words[0] && (!words[1] || row.outcome === words[1])).length,
  denied: () => (JSON.parse(text).events ?? []).filter((row) => row.decision === 'denied').length,
};
const bodyOf = (request) => typeof request.body === 'string' ? JSON.parse(request.body || '{}') : request.body ?? {};
const headerOf = (request, name) => {
  const headers = Array.isArray(request.headers) ? Object.fromEntries(request.headers) : request.headers ?? {};
  return headers[name] ?? headers[Object.keys(headers).find((key) => key.toLowerCase() === name)];
};

console.log(questions[question]());
