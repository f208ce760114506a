// The bot on Azure Container Apps, with a managed identity for Teams and SharePoint alike: no secret of ours but the seal.
// Untried: it was written from Microsoft's reference and never deployed. docs/administrator.md says how to use it.

@description('Name of everything that is made here; letters, digits and dashes.')
param name string = 'mhrmb'

@description('Where it runs. The data protection impact assessment says which regions will do.')
param location string = 'uksouth'

@description('The image, such as example.azurecr.io/mhrmb:0.1.0. The identity needs AcrPull on its registry.')
param image string

@description('The SharePoint site of the board, up to its own name.')
param siteUrl string

@description('Who runs the bot, in the user agent that Microsoft sees.')
param organisation string

@description('Tenants whose people may speak to the bot, with commas between them; empty for this one alone.')
param allowedTenants string = ''

@description('The address of the secret in Key Vault that holds the key of the seals. The identity needs to read it.')
param sealKeySecretUri string

@description('How many copies run. Two, so that one may be restarted; one posts at a time whatever the number.')
@minValue(1)
@maxValue(5)
param replicas int = 2

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: name
}

resource logs 'Microsoft.OperationalInsights/workspaces@2022-10-01' = {
  name: name
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 90
  }
}

resource environment 'Microsoft.App/managedEnvironments@2024-03-01' = {
  name: name
  location: location
  properties: {
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: logs.properties.customerId
        sharedKey: logs.listKeys().primarySharedKey
      }
    }
  }
}

var address = 'https://${name}.${environment.properties.defaultDomain}'

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    managedEnvironmentId: environment.id
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: true
        targetPort: 3978
        transport: 'http'
        allowInsecure: false
      }
      registries: [
        { server: split(image, '/')[0], identity: identity.id }
      ]
      secrets: [
        { name: 'seal-key', keyVaultUrl: sealKeySecretUri, identity: identity.id }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: name
          image: image
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: [
            { name: 'MHRMB_SHAREPOINT_SITE_URL', value: siteUrl }
            { name: 'MHRMB_BOT_APP_ID', value: identity.properties.clientId }
            { name: 'MHRMB_MANAGED_IDENTITY', value: identity.properties.clientId }
            { name: 'MHRMB_TENANT_ID', value: tenant().tenantId }
            { name: 'MHRMB_ALLOWED_TENANTS', value: allowedTenants }
            { name: 'MHRMB_PUBLIC_URL', value: address }
            { name: 'MHRMB_ORGANISATION', value: organisation }
            { name: 'MHRMB_SEAL_KEY', secretRef: 'seal-key' }
            { name: 'MHRMB_LOG_FORMAT', value: 'json' }
          ]
          probes: [
            {
              type: 'Startup'
              httpGet: { path: '/healthz', port: 3978 }
              periodSeconds: 3
              failureThreshold: 40
            }
            {
              type: 'Liveness'
              httpGet: { path: '/healthz', port: 3978 }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 3
            }
            {
              // A minute: SharePoint's short troubles are told to people in words, by a bot that still answers.
              type: 'Readiness'
              httpGet: { path: '/readyz', port: 3978 }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 6
            }
          ]
        }
      ]
      scale: {
        // Never none: the daily round and the lists are watched whether or not anybody writes.
        minReplicas: replicas
        maxReplicas: replicas
      }
    }
  }
}

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: name
  location: 'global'
  kind: 'azurebot'
  sku: { name: 'S1' }
  properties: {
    displayName: 'MHRMB'
    endpoint: '${address}/api/messages'
    msaAppId: identity.properties.clientId
    msaAppType: 'UserAssignedMSI'
    msaAppMSIResourceId: identity.id
    msaAppTenantId: tenant().tenantId
    disableLocalAuth: true
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: { isEnabled: true }
  }
}

output messages string = '${address}/api/messages'
output botAppId string = identity.properties.clientId
