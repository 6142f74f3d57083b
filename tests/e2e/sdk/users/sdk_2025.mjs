// SPDX-License-Identifier: GPL-3.0-or-later
// The SDK's first line, @modelcontextprotocol/sdk: MCP with sessions.
import { createRequire } from 'node:module';

const packages = createRequire(`${process.env.PACKAGES}/package.json`);
const { Client } = packages('@modelcontextprotocol/sdk/client/index.js');
const { auth } = packages('@modelcontextprotocol/sdk/client/auth.js');
const { StreamableHTTPClientTransport } = packages('@modelcontextprotocol/sdk/client/streamableHttp.js');
const { ResourceUpdatedNotificationSchema, ToolListChangedNotificationSchema } = packages('@modelcontextprotocol/sdk/types.js');

export { auth };

export async function connect({ url, token, login, onToolsChanged }) {
  const client = new Client({ name: 'sdk-cases', version: '1.0.0' });
  if (onToolsChanged) client.setNotificationHandler(ToolListChangedNotificationSchema, onToolsChanged);
  const transport = new StreamableHTTPClientTransport(new URL(url),
    login ? { authProvider: login } : { requestInit: { headers: { Authorization: `Bearer ${token}` } } });
  await client.connect(transport);
  return {
    client,
    version: transport.protocolVersion,
    call: (params, options) => client.callTool(params, undefined, options),
    watch: (uri, heard) => {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => heard(params.uri));
      return client.subscribeResource({ uri });
    },
  };
}
