// What Shopify's customer events mean as store events. Pure: it asks nobody and remembers nothing.
//
// The pixel ties a browser to a cart and to an address; carts' contents are told by webhooks as well. It begins
// no carts of its own for checkouts: those have other tokens here than in webhooks, and one cart would be two.

const CHECKOUT = [
  "checkout_started",
  "checkout_contact_info_submitted",
  "checkout_address_info_submitted",
  "checkout_shipping_info_submitted",
  "payment_info_submitted",
];
export const SUBSCRIBED = ["page_viewed", "cart_viewed", ...CHECKOUT];
const NO_VARIANT = "Default Title";
const E164 = /^\+[1-9][0-9]{6,14}$/;

/** The store events of one customer event; `init` is the page as it was when it was shown. */
export function storeEvents(event, init) {
  const about = {
    occurred_at: event.timestamp,
    visitor_id: event.clientId,
    user_agent: event.context?.navigator?.userAgent,
  };
  const cart = event.data?.cart ?? (event.name === "page_viewed" ? init?.data?.cart : null);
  const found = [cartUpdated(cart), identified(event.data?.checkout ?? init?.data?.customer)];
  return found
    .filter(Boolean)
    .map((each, index) => said({ id: `pixel:${event.id}:${index}`, ...about, ...each }));
}

/** What a list of events says, ids and instants aside: the same again is not worth sending. */
export function gist(events) {
  return JSON.stringify(events.map(({ type, contact, cart }) => ({ type, contact, cart })));
}

/** The arguments of `fetch` for a list of events. */
export function request(settings, events, now) {
  return [
    `${settings.endpoint.replace(/\/+$/, "")}/v1/collect`,
    {
      method: "POST",
      keepalive: true,
      headers: { authorization: `Bearer ${settings.key}`, "content-type": "application/json" },
      body: JSON.stringify({ sent_at: now.toISOString(), events }),
    },
  ];
}

function cartUpdated(cart) {
  const token = tokenOf(cart?.id);
  const lines = (cart?.lines ?? []).filter((line) => line?.merchandise && line.quantity > 0);
  if (!token || lines.length === 0) return null;
  const currency = lines[0].merchandise.price?.currencyCode;
  return {
    type: "cart.updated",
    cart: said({ token, currency, items: lines.map(item), total: amount(cart.cost?.totalAmount) }),
  };
}

function item({ merchandise, quantity }) {
  return said({
    product_id: text(merchandise.product?.id),
    variant_id: text(merchandise.id),
    sku: text(merchandise.sku),
    title: text(merchandise.product?.title),
    variant: merchandise.title === NO_VARIANT ? undefined : text(merchandise.title),
    quantity,
    unit_price: amount(merchandise.price),
  });
}

function identified(person) {
  const email = text(person?.email);
  const phone = E164.test(person?.phone ?? "") ? person.phone : undefined;
  if (!email && !phone) return null;
  // An empty box refuses nothing.
  const consent = said({
    email: email && person.buyerAcceptsEmailMarketing ? "granted" : undefined,
    sms: phone && person.buyerAcceptsSmsMarketing ? "granted" : undefined,
  });
  const ticked = Object.keys(consent).length > 0;
  return {
    type: "contact.identified",
    contact: said({
      email,
      phone,
      locale: text(person.localization?.language?.isoCode),
      consent: ticked ? consent : undefined,
      consent_source: ticked ? "checkout" : undefined,
    }),
  };
}

/** Webhooks know a cart by what is in its id: `gid://shopify/Cart/TOKEN?key=SECRET`, or TOKEN alone. */
function tokenOf(id) {
  return text(id)?.split("?")[0].split("/").pop();
}

function amount(money) {
  return typeof money?.amount === "number" && money.amount >= 0 ? String(money.amount) : undefined;
}

function text(value) {
  return value === null || value === undefined || value === "" ? undefined : String(value);
}

function said(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
