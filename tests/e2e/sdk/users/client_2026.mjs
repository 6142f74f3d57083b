// SPDX-License-Identifier: GPL-3.0-or-later
// The SDK's second line, @modelcontextprotocol/client: MCP without sessions, found by server/discover.
import { createRequire } from 'node:module';

const packages = createRequire(`${process.env.PACKAGES}/package.json`);
const { auth, Client, StreamableHTTPClientTransport } = packages('@modelcontextprotocol/client');

export { auth };

export async function connect({ url, token, login, onToolsChanged }) {
  const client = new Client({ name: 'sdk-cases', version: '1.0.0' }, {
    versionNegotiation: { mode: 'auto' },
    ...(onToolsChanged && { listChanged: { tools: { autoRefresh: false, onChanged: onToolsChanged } } }),
  });
  let asked = 0;
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    ...(login ? { authProvider: login } : { requestInit: { headers: { Authorization: `Bearer ${token}` } } }),
    fetch: (...request) => { asked += 1; return fetch(...request); },
  });
  await client.connect(transport);
  return {
    client,
    version: client.getNegotiatedProtocolVersion(),
    /** How many requests have been made, by whoever made them. */
    asked: () => asked,
    call: (params, options) => client.callTool(params, options),
    watch: (uri, heard) => {
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => heard(params.uri));
      return client.listen({ resourceSubscriptions: [uri] });
    },
  };
}
