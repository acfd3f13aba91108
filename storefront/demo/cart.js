// The shop's cart: kept in this browser and at the shop's server, and told to Ripresa.

const STORED_AS = 'bottega.cart';

export const catalogue = await (await fetch('catalogue.json')).json();

const wineOf = (sku) => catalogue.wines.find((wine) => wine.sku === sku);
const centsOf = (price) => Number(price.replace('.', '')); // "38.50" → 3850: no floats with money
const absolute = (path) => new URL(path, document.baseURI).href;

/** What Ripresa is told, whether its script is here yet, comes later or never. */
export function tellRipresa(...call) {
  window.ripresa = window.ripresa || [];
  window.ripresa.push(call);
}

/** Most shops write this tag into their pages; this one has its key from its server. */
export function addRipresa() {
  const { key, endpoint } = window.SHOP;
  const script = document.createElement('script');
  script.src = '/ripresa.js';
  Object.assign(script.dataset, { key, endpoint, emailSelector: '#email' });
  document.head.append(script);
}

/** 123456 → "€1,234.56" */
export function euros(cents) {
  const style = { style: 'currency', currency: catalogue.currency };
  return new Intl.NumberFormat('en-IE', style).format(cents / 100);
}

/** The cart as `{token, items: [{sku, quantity}]}`; its token is made with its first item. */
export function readCart() {
  try {
    const cart = JSON.parse(localStorage.getItem(STORED_AS));
    if (cart && cart.token && Array.isArray(cart.items)) {
      return { token: cart.token, items: cart.items.filter((item) => wineOf(item.sku)) };
    }
  } catch {
    // Not ours or not readable: begin with an empty cart.
  }
  return { token: null, items: [] };
}

/** The cart's items with all that can be said about each: wine, cents, sum in cents. */
export function linesOf(cart) {
  return cart.items.map((item) => {
    const wine = wineOf(item.sku);
    return { ...item, wine, sum: centsOf(wine.price) * item.quantity };
  });
}

export const totalOf = (cart) => linesOf(cart).reduce((total, line) => total + line.sum, 0);
export const bottlesIn = (cart) => cart.items.reduce((count, item) => count + item.quantity, 0);
export const decimal = (cents) => (cents / 100).toFixed(2);

/** Set how many bottles of `sku` there are, and tell everyone who must know. */
export function setQuantity(sku, quantity) {
  const cart = readCart();
  const others = cart.items.filter((item) => item.sku !== sku);
  const place = cart.items.findIndex((item) => item.sku === sku);
  if (quantity > 0) others.splice(place < 0 ? others.length : place, 0, { sku, quantity });
  return save({ token: cart.token || newToken(), items: others });
}

export function clearCart() {
  return save({ ...readCart(), items: [] });
}

/** The order is placed: the next bottle starts a new cart. */
export function forgetCart() {
  localStorage.removeItem(STORED_AS);
}

/** Bring back the cart with this token; returns false where the shop does not have it any more. */
export async function restoreCart(token) {
  const answer = await fetch(`/shop/carts/${encodeURIComponent(token)}`);
  if (!answer.ok) return false;
  const { items } = await answer.json();
  const known = items.filter((item) => wineOf(item.sku));
  localStorage.setItem(STORED_AS, JSON.stringify({ token, items: known }));
  return known.length > 0;
}

/** Tell Ripresa what the cart holds now; telling the same again costs nothing. */
export function tellCart(cart = readCart()) {
  if (!cart.token) return;
  tellRipresa('cart', {
    token: cart.token,
    currency: catalogue.currency,
    total: decimal(totalOf(cart)),
    restore_url: absolute(`/?restore=${cart.token}`),
    items: linesOf(cart).map(({ wine, quantity }) => ({
      sku: wine.sku,
      product_id: wine.sku,
      title: wine.title,
      variant: wine.variant,
      quantity,
      unit_price: wine.price,
      url: absolute(`index.html#${wine.sku}`),
      image_url: absolute(wine.picture),
      categories: wine.categories,
    })),
  });
}

/**
 * Save at the shop's server, so that the cart can be opened on another device. Two requests may overtake each
 * other: `at` tells the server which is the latest.
 */
export function saveAtShop(cart, contact = null) {
  return fetch(`/shop/carts/${cart.token}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ items: cart.items, at: Date.now(), ...(contact && { contact }) }),
    keepalive: true, // the click may be on its way to another page
  }).catch(() => {}); // the cart is still in this browser; the next change saves it again
}

function save(cart) {
  localStorage.setItem(STORED_AS, JSON.stringify(cart));
  saveAtShop(cart);
  tellCart(cart);
  return cart;
}

function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return 'cart_' + Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
