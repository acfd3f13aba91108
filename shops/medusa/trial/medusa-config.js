// The trial shop: no Redis (one process needs none), no admin pages, all on loopback.
const { defineConfig } = require("@medusajs/framework/utils")

const OWN = "http://127.0.0.1"

module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    // Over a socket of this machine there is no TLS; left to itself Medusa waits for it.
    databaseDriverOptions: { ssl: false, connection: { ssl: false } },
    http: {
      storeCors: OWN,
      adminCors: OWN,
      authCors: OWN,
      jwtSecret: process.env.TRIAL_SECRET,
      cookieSecret: process.env.TRIAL_SECRET,
    },
  },
})
