// SPDX-License-Identifier: GPL-3.0-or-later
// The suite cannot send a bearer token. This stands in front of the gateway, adds it, and changes nothing
// else: token_shim.mjs GATEWAY-PORT, the token in GATEHOUSE_TOKEN. Prints its own port when it listens.
// Its own name in Host and Origin becomes the gateway's; every other name goes through as it came, so that
// the gateway is what refuses it. Bodies are streamed both ways, and a side that goes away takes the other
// with it.
import { createServer, request } from 'node:http';

const gateway = `127.0.0.1:${process.argv[2]}`;
const authorization = `Bearer ${process.env.GATEHOUSE_TOKEN}`;

const shim = createServer((incoming, outgoing) => {
  const own = `127.0.0.1:${shim.address().port}`;
  const headers = incoming.rawHeaders.map((text, at) => {
    if (at % 2 === 0) return text;
    const name = incoming.rawHeaders[at - 1].toLowerCase();
    return name === 'host' || name === 'origin' ? text.replace(own, gateway) : text;
  });
  const onward = request({
    host: '127.0.0.1',
    port: process.argv[2],
    method: incoming.method,
    path: incoming.url,
    headers: [...headers, 'Authorization', authorization],
    setHost: false,
    agent: false,
  });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on('close', () => { if (!answer.complete) outgoing.destroy(); });
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
});
shim.listen(0, '127.0.0.1', () => console.log(shim.address().port));
