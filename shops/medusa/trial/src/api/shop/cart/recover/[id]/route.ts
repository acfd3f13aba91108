// The way back to a cart, as Medusa's guide for abandoned carts has it: the cookie names the cart again.
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http"

export function GET(req: MedusaRequest, res: MedusaResponse) {
  res.cookie("trial_cart", req.params.id, { sameSite: "lax", path: "/" })
  res.redirect(303, "/shop")
}
