// The shop's front page: the shelf, and the cart beside it.

import {
  addRipresa,
  bottlesIn,
  catalogue,
  clearCart,
  euros,
  linesOf,
  readCart,
  restoreCart,
  setQuantity,
  tellCart,
  totalOf,
} from './cart.js';

const find = (name, within = document) => within.querySelector(`[data-${name}]`);
const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

function showShelf() {
  find('shelf').replaceChildren(...catalogue.wines.map(bottle));
}

function bottle(wine) {
  const entry = copyOf('wine');
  entry.id = wine.sku;
  find('picture', entry).src = wine.picture;
  find('picture', entry).alt = `A bottle of ${wine.title}`;
  for (const name of ['kind', 'title', 'about', 'variant']) find(name, entry).textContent = wine[name];
  find('price', entry).textContent = euros(Number(wine.price.replace('.', '')));
  const add = find('add', entry);
  add.dataset.add = wine.sku;
  add.setAttribute('aria-label', `Add ${wine.title} to the cart`);
  add.addEventListener('click', () => {
    const had = readCart().items.find((item) => item.sku === wine.sku);
    showCart(setQuantity(wine.sku, (had ? had.quantity : 0) + 1));
    say(`${wine.title} is in your cart.`);
  });
  return entry;
}

function showCart(cart) {
  const focused = document.activeElement && document.activeElement.dataset.key;
  const bottles = bottlesIn(cart);
  find('count').textContent = bottles;
  find('empty').hidden = bottles > 0;
  find('filled').hidden = bottles === 0;
  find('lines').replaceChildren(...linesOf(cart).map(line));
  find('total').textContent = euros(totalOf(cart));
  if (focused) {
    // The button that was pressed has been drawn anew; the last one of a wine is gone.
    (document.querySelector(`[data-key="${focused}"]`) || document.getElementById('cart')).focus();
  }
}

function line({ sku, quantity, wine, sum }) {
  const entry = copyOf('line');
  find('picture', entry).src = wine.picture;
  find('title', entry).textContent = wine.title;
  find('quantity', entry).textContent = quantity;
  find('sum', entry).textContent = euros(sum);
  stepper(find('less', entry), `${sku}-less`, `One ${wine.title} less`, sku, quantity - 1);
  stepper(find('more', entry), `${sku}-more`, `One ${wine.title} more`, sku, quantity + 1);
  return entry;
}

function stepper(button, key, label, sku, quantity) {
  button.dataset.key = key;
  button.setAttribute('aria-label', label);
  button.addEventListener('click', () => {
    const cart = setQuantity(sku, quantity);
    showCart(cart);
    say(`${bottlesIn(cart)} bottles, ${euros(totalOf(cart))}.`);
  });
}

const say = (text) => (find('said').textContent = text);

function notify(text) {
  find('notice').textContent = text;
  find('notice').hidden = false;
}

/** `/?restore=<token>`: the link that Ripresa's mails lead to, opened on this or another device. */
async function restoreFromAddress() {
  const token = new URLSearchParams(location.search).get('restore');
  if (!token) return;
  history.replaceState(null, '', location.pathname);
  const found = await restoreCart(token).catch(() => false);
  notify(
    found
      ? 'Your cart is back, just as you left it.'
      : 'That cart is no longer here: it was bought, emptied, or is too old.',
  );
}

addRipresa();
showShelf();
await restoreFromAddress();
showCart(readCart());
tellCart();
find('clear').addEventListener('click', () => {
  showCart(clearCart());
  say('Your cart is empty.');
  document.getElementById('cart').focus();
});
// Another tab may have changed the cart; going "back" may show this page as it was.
window.addEventListener('storage', () => showCart(readCart()));
window.addEventListener('pageshow', () => showCart(readCart()));
