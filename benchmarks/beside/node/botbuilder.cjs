// Node's botbuilder as its samples have it, on express: CloudAdapter, ActivityHandler, its own token check.
// Its configuration takes the issuer's metadata; its credentials have their token at hand.
'use strict';

const fs = require('fs');
const express = require('express');
const { ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication } = require('botbuilder');

const { attachmentsOf } = require('./tracker.cjs');

const work = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));

const credentials = {
  async signRequest(request) {
    request.headers.set('authorization', `Bearer ${work.token}`);
    return request;
  },
  async getToken() {
    return work.token;
  },
};

const factory = {
  isValidAppId: async (appId) => appId === work.app_id,
  isAuthenticationDisabled: async () => false,
  createCredentials: async () => credentials,
};

const configuration = {
  MicrosoftAppId: work.app_id,
  ValidateAuthority: true,
  ToChannelFromBotLoginUrl: 'https://login.microsoftonline.com/botframework.com',
  ToChannelFromBotOAuthScope: 'https://api.botframework.com',
  ToBotFromChannelTokenIssuer: work.issuer,
  OAuthUrl: 'https://api.botframework.com',
  ToBotFromChannelOpenIdMetadataUrl: work.metadata,
  ToBotFromEmulatorOpenIdMetadataUrl: work.metadata,
  CallerId: '',
};

const attachments = attachmentsOf(work);

class Bot extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      const { text, from } = context.activity;
      const sent = { type: 'message', summary: work[text].summary, attachments: attachments(text, from.aadObjectId) };
      await context.sendActivity(sent);
      await next();
    });
  }

  async onInvokeActivity() {
    return { status: 200, body: work.invoke };
  }
}

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication(configuration, factory));
const bot = new Bot();
const app = express();
app.use(express.json({ limit: '1mb' }));
app.post('/api/messages', (request, response) => adapter.process(request, response, (context) => bot.run(context)));
app.listen(work.port, '127.0.0.1');
