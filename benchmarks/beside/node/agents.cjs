// Node's @microsoft/agents-hosting as its samples have it, on express: CloudAdapter, ActivityHandler, authorizeJWT.
// Its address of the issuer's keys is a constant of the package: the library that fetches them is given the local one
// instead. Its connection has its token at hand.
'use strict';

const fs = require('fs');
const express = require('express');

const { attachmentsOf } = require('./tracker.cjs');

const work = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const where = require.resolve('jwks-rsa');
const jwks = require(where);
require.cache[where].exports = Object.assign((options) => jwks({ ...options, jwksUri: work.keys }), jwks);

const { Activity } = require('@microsoft/agents-activity');
const { ActivityHandler, CloudAdapter, MsalTokenProvider, authorizeJWT, getAuthConfigWithDefaults } =
  require('@microsoft/agents-hosting');

MsalTokenProvider.prototype.getAccessToken = async () => work.token;

const configuration = getAuthConfigWithDefaults({ clientId: work.app_id, tenantId: work.tenant, clientSecret: 'none' });

const attachments = attachmentsOf(work);

class Agent extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      const { text, from } = context.activity;
      const sent = { type: 'message', summary: work[text].summary, attachments: attachments(text, from.aadObjectId) };
      await context.sendActivity(Activity.fromObject(sent));
      await next();
    });
  }

  async onInvokeActivity() {
    return { status: 200, body: work.invoke };
  }
}

const adapter = new CloudAdapter(configuration);
const agent = new Agent();
const app = express();
app.use(express.json({ limit: '1mb' }));
app.use(authorizeJWT(configuration));
app.post('/api/messages', (request, response) => adapter.process(request, response, (context) => agent.run(context)));
app.listen(work.port, '127.0.0.1');
