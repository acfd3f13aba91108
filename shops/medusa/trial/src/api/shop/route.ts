// The trial shop's storefront, in one page: the wines, the cart that the cookie names, and the check-out.
import type { MedusaRequest, MedusaResponse } from "@medusajs/framework/http"

const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Trial wines</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
  table { width: 100%; border-collapse: collapse } td, th { padding: .5rem; border-bottom: 1px solid #ddd; text-align: left }
  td:last-child, th:last-child { text-align: right } button { font: inherit; padding: .5rem 1rem }
</style>
<h1>Trial wines</h1><ul id="wines"></ul><h2>Your cart</h2>
<table><thead><tr><th>Wine</th><th>Pieces</th><th>Price</th></tr></thead><tbody id="lines"></tbody></table>
<p id="total"></p><p><button id="order" disabled>Order</button></p><p id="done" role="status"></p>
<script>
const headers = { "content-type": "application/json", "x-publishable-api-key": "KEY" }
const call = async (path, body) => {
  const answer = await fetch(path, { headers, method: body ? "POST" : "GET", body: body && JSON.stringify(body) })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}
const money = (amount) => new Intl.NumberFormat("en", { style: "currency", currency: "EUR" }).format(amount)
const cell = (row, text) => { row.insertCell().textContent = text }
const show = async () => {
  const id = (document.cookie.match(/trial_cart=([^;]+)/) || [])[1]
  if (!id) return
  const { cart } = await call("/store/carts/" + id)
  const lines = document.querySelector("#lines")
  lines.replaceChildren()
  for (const item of cart.items) {
    const row = lines.insertRow()
    cell(row, item.product_title); cell(row, item.quantity); cell(row, money(item.unit_price * item.quantity))
  }
  document.querySelector("#total").textContent = "Total " + money(cart.total)
  const button = document.querySelector("#order")
  button.disabled = !cart.items.length
  button.onclick = async () => {
    const { payment_collection } = await call("/store/payment-collections", { cart_id: id })
    await call("/store/payment-collections/" + payment_collection.id + "/payment-sessions", { provider_id: "pp_system_default" })
    const { order } = await call("/store/carts/" + id + "/complete", {})
    document.cookie = "trial_cart=; max-age=0; path=/"
    document.querySelector("#done").textContent = "Thank you. Your order is number " + order.display_id + "."
    button.disabled = true
  }
}
call("/store/products?fields=title").then(({ products }) => {
  for (const { title } of products) {
    const line = document.createElement("li"); line.textContent = title; document.querySelector("#wines").append(line)
  }
})
show()
</script></html>`

export function GET(req: MedusaRequest, res: MedusaResponse) {
  res.setHeader("content-type", "text/html; charset=utf-8")
  res.send(PAGE.replace("KEY", process.env.TRIAL_PUBLISHABLE_KEY ?? ""))
}
