// The checkout: who buys, where it goes, and the order itself.

import {
  addRipresa,
  catalogue,
  decimal,
  euros,
  forgetCart,
  linesOf,
  readCart,
  saveAtShop,
  tellCart,
  tellRipresa,
  totalOf,
} from './cart.js';

const find = (name, within = document) => within.querySelector(`[data-${name}]`);
const form = find('form');
const cart = readCart();

function showSummary() {
  const template = document.getElementById('line');
  const rows = linesOf(cart).map(({ wine, quantity, sum }) => {
    const entry = template.content.firstElementChild.cloneNode(true);
    find('picture', entry).src = wine.picture;
    find('title', entry).textContent = `${quantity} × ${wine.title}`;
    find('sum', entry).textContent = euros(sum);
    return entry;
  });
  find('lines').replaceChildren(...rows);
  find('total').textContent = euros(totalOf(cart));
}

/** What the form says about the person; consent only as far as she has touched its boxes. */
function contact() {
  const { email, name, phone, consent, consent_sms } = form.elements;
  const person = { email: email.value.trim() };
  if (name.value.trim()) person.first_name = name.value.trim().split(/\s+/)[0];
  const number = phone.validity.valid ? phone.value.replaceAll(' ', '') : '';
  if (number) person.phone = number;
  const asked = { email: [consent, 'consent-text'] };
  if (number) asked.sms = [consent_sms, 'consent-sms-text'];
  for (const [channel, [box, text]] of Object.entries(asked)) {
    if (!box.checked && !box.dataset.touched) continue;
    person.consent = { ...person.consent, [channel]: box.checked ? 'granted' : 'denied' };
    person.consent_source = 'checkout';
    const words = find(text).textContent.trim().replace(/\s+/g, ' ');
    person.consent_text = [person.consent_text, words].filter(Boolean).join(' ');
  }
  return person;
}

function tellContact() {
  const { email } = form.elements;
  if (!email.value.trim() || !email.validity.valid) return;
  tellRipresa('identify', contact());
  saveAtShop(cart, contact());
}

async function placeOrder(event) {
  event.preventDefault();
  find('error').hidden = true;
  find('pay').disabled = true;
  const { street, postal_code, city, country, name } = form.elements;
  const order = {
    cart_token: cart.token,
    currency: catalogue.currency,
    total: decimal(totalOf(cart)),
    items: cart.items,
    contact: contact(),
    address: {
      name: name.value.trim(),
      lines: [street.value.trim()],
      postal_code: postal_code.value.trim(),
      city: city.value.trim(),
      country: country.value,
    },
  };
  try {
    const answer = await fetch('/shop/orders', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(order),
    });
    if (!answer.ok) throw new Error(`the shop answered ${answer.status}`);
    const { number } = await answer.json();
    forgetCart();
    location.href = `thanks.html?order=${encodeURIComponent(number)}`;
  } catch (error) {
    find('error').textContent = `Your order did not go through (${error.message}). Please try again.`;
    find('error').hidden = false;
    find('pay').disabled = false;
  }
}

addRipresa();
if (cart.items.length) {
  form.hidden = false;
  find('summary').hidden = false;
  showSummary();
  tellCart(cart);
  tellRipresa('checkoutStarted');
  for (const name of ['consent', 'consent_sms']) {
    form.elements[name].addEventListener('change', ({ target }) => (target.dataset.touched = 'yes'));
  }
  for (const name of ['email', 'consent', 'phone', 'consent_sms', 'name']) {
    form.elements[name].addEventListener('change', tellContact);
  }
  form.addEventListener('submit', placeOrder);
  // "Back" from a later page shows this one as it was, though the cart may be bought by now.
  window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
  find('back').addEventListener('click', () => tellRipresa('checkoutLeft'));
} else {
  find('nothing').hidden = false;
}
