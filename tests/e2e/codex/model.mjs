// SPDX-License-Identifier: GPL-3.0-or-later
// A model that does what it is told: it serves the Responses API and plays the steps that stand in the
// user's message as a JSON array, one a turn:
//   {"call": "tool", "with": {arguments}}   {"wait": milliseconds}   {"say": "text"}
// What each request offered and what each call gave back goes to the log, one JSON object a line:
//   {"tools": [names]}   {"call": "tool", "gave": "text"}
import { createServer } from 'node:http';
import { appendFileSync } from 'node:fs';

const [port, logFile] = [Number(process.argv[2]), process.argv[3]];
const log = (entry) => appendFileSync(logFile, JSON.stringify(entry) + '\n');
const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

/** Every callable tool of a request: its own name and, for MCP tools, the namespace it stands in. */
const offered = (request) => (request.tools ?? []).flatMap((tool) => tool.type === 'namespace'
  ? tool.tools.map((inner) => ({ name: inner.name, namespace: tool.name }))
  : [{ name: tool.name }]);

const textOf = (item) => typeof item.content === 'string' ? item.content : (item.content ?? []).map((part) => part.text ?? '').join('');
const outputOf = (item) => typeof item.output === 'string' ? item.output : (item.output ?? []).map((part) => part.text ?? '').join('\n');

/** The steps and how many calls of them were answered already. */
function progress(input) {
  let start = -1;
  input.forEach((item, at) => { if (item.role === 'user' && textOf(item).trimStart().startsWith('[{')) start = at; });
  const steps = start < 0 ? [] : JSON.parse(textOf(input[start]));
  const outputs = input.slice(start + 1).filter((item) => item.type === 'function_call_output');
  return { steps, outputs };
}

let turn = 0;

/** The next thing the model says, after the waits that stand before it. */
async function nextItem(request) {
  const { steps, outputs } = progress(request.input);
  let answered = 0;
  for (const step of steps) {
    if (step.call) {
      if (answered < outputs.length) { answered += 1; continue; }
      const tool = offered(request).find((each) => each.name === step.call) ?? { name: step.call };
      return { type: 'function_call', id: `fc_${turn}`, call_id: `call_${turn}`, ...tool, arguments: JSON.stringify(step.with ?? {}) };
    }
    if (step.wait && answered === outputs.length) await pause(step.wait);
    if (step.say && answered === outputs.length) return message(step.say);
  }
  return message('done');
}

const message = (text) => ({ type: 'message', role: 'assistant', id: `msg_${turn}`, content: [{ type: 'output_text', text }] });

async function answer(request, response) {
  const { steps, outputs } = progress(request.input);
  log({ tools: offered(request).map((tool) => (tool.namespace ? `${tool.namespace}/` : '') + tool.name) });
  if (outputs.length > 0)
    log({ call: steps.filter((step) => step.call)[outputs.length - 1]?.call, gave: outputOf(outputs.at(-1)) });
  turn += 1;
  const usage = { input_tokens: 1, input_tokens_details: null, output_tokens: 1, output_tokens_details: null, total_tokens: 2 };
  const event = (type, rest) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  event('response.created', { response: { id: `resp_${turn}` } });
  const item = await nextItem(request);
  event('response.output_item.done', { output_index: 0, item });
  event('response.completed', { response: { id: `resp_${turn}`, usage } });
  response.end();
}

createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    if (request.method !== 'POST' || !request.url.startsWith('/v1/responses')) return response.writeHead(404).end('{}');
    answer(JSON.parse(Buffer.concat(pieces)), response).catch((error) => { log({ error: String(error) }); response.destroy(); });
  });
}).listen(port, '127.0.0.1', () => console.log('ready'));
