// Fills the trial shop: a region, a sales channel with its key, wines, and a key for the admin API.
import { writeFileSync } from "node:fs"
import {
  createApiKeysWorkflow,
  createProductsWorkflow,
  createRegionsWorkflow,
  createSalesChannelsWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
} from "@medusajs/medusa/core-flows"
import { ProductStatus } from "@medusajs/framework/utils"
import type { ExecArgs } from "@medusajs/framework/types"

const WINES: [string, number][] = [
  ["Barolo", 29.9],
  ["Chianti", 12.5],
]

export default async function seed({ container, args }: ExecArgs) {
  const { result: regions } = await createRegionsWorkflow(container).run({
    input: {
      regions: [
        { name: "Italy", currency_code: "eur", countries: ["it"], payment_providers: ["pp_system_default"] },
      ],
    },
  })
  const { result: channels } = await createSalesChannelsWorkflow(container).run({
    input: { salesChannelsData: [{ name: "Web" }] },
  })
  const { result: keys } = await createApiKeysWorkflow(container).run({
    input: {
      api_keys: [
        { title: "storefront", type: "publishable", created_by: "" },
        { title: "Ripresa", type: "secret", created_by: "" },
      ],
    },
  })
  await linkSalesChannelsToApiKeyWorkflow(container).run({
    input: { id: keys[0].id, add: [channels[0].id] },
  })
  const { result: products } = await createProductsWorkflow(container).run({
    input: {
      products: WINES.map(([title, amount]) => ({
        title,
        status: ProductStatus.PUBLISHED,
        options: [{ title: "Size", values: ["0.75 l"] }],
        variants: [
          {
            title: "0.75 l",
            sku: `${title.toUpperCase()}-75`,
            manage_inventory: false,
            options: { Size: "0.75 l" },
            prices: [{ amount, currency_code: "eur" }],
          },
        ],
        sales_channels: [{ id: channels[0].id }],
      })),
    },
  })
  const told = {
    region: regions[0].id,
    publishable_key: keys[0].token,
    secret_key: keys[1].token,
    variants: products.map((product) => ({ title: product.title, id: product.variants[0].id, product_id: product.id })),
  }
  writeFileSync(args[0], JSON.stringify(told))
}
