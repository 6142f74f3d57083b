// SPDX-License-Identifier: GPL-3.0-or-later
// What the cases share: orders to the owner's shell (run.sh), waiting for a condition, and the report.
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

const answers = createInterface({ input: process.stdin });

/** Has the owner's shell run these words; its output. Throws where they fail, unless `mayFail`. */
export async function order(words, { mayFail = false } = {}) {
  const answer = once(answers, 'line');
  console.log(['order', ...words].join('\t'));
  const [status, output = ''] = (await answer)[0].split(' ');
  if (status !== '0' && !mayFail) throw new Error(`the owner's ${words.join(' ')} ended with ${status}`);
  return Buffer.from(output, 'base64').toString('utf8');
}
export const ctl = (...words) => order(['ctl', ...words]);
const rows = async (member, ...words) => JSON.parse(await ctl(...words, '--json'))[member];

/** Looks again and again until there is something to see. */
export async function until(what, look, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    await setTimeout(50);
    if (Date.now() > end) throw new Error(`not seen within ${seconds} s: ${what}`);
  }
}

export const issuesNamed = async (name) =>
  JSON.parse(await order(['control', 'world'])).issues.filter((issue) => issue.name === name);
export const question = () => until('a question to the owner', async () => (await rows('approvals', 'approvals', 'list'))[0]);
export const noQuestion = () => until('no open question', async () => (await rows('approvals', 'approvals', 'list')).length === 0);

/** One sentence about what a user sees, and the act that shows it. */
export async function shows(sentence, act) {
  try {
    await act();
    console.log(`${sentence} ... ok`);
  } catch (error) {
    console.log(`${sentence} ... FAILED`);
    throw error;
  }
}
