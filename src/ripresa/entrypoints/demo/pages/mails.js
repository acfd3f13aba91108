// The mail viewer: asks for new mails, shows the one that the address names (#3), else the newest.

const byId = (id) => document.getElementById(id);
const buttons = [...document.querySelectorAll('[data-view]')];
let mails = [];
let view = 'html';
let shown = '';

const chosen = () => mails.find((mail) => `#${mail.number}` === location.hash) || mails[0];

function entry(mail) {
  const item = byId('entry').content.firstElementChild.cloneNode(true);
  const link = item.querySelector('a');
  link.href = `#${mail.number}`;
  if (mail === chosen()) link.setAttribute('aria-current', 'true');
  item.querySelector('.subject').textContent = mail.headers.Subject;
  item.querySelector('.to').textContent = `to ${mail.headers.To}`;
  const time = item.querySelector('time');
  time.dateTime = mail.caught_at;
  time.textContent = `${new Date(mail.caught_at).toLocaleString()}, by the demo's clock`;
  return item;
}

function pairs(headers) {
  return Object.entries(headers).flatMap(([name, value]) => {
    const [term, text] = [document.createElement('dt'), document.createElement('dd')];
    [term.textContent, text.textContent] = [name, value];
    return [term, text];
  });
}

function show() {
  const mail = chosen();
  byId('none').hidden = Boolean(mail);
  byId('mail').hidden = !mail;
  const focused = document.activeElement.closest('li a');
  byId('list').replaceChildren(...mails.map(entry));
  if (focused) byId('list').querySelector(`[href="${focused.getAttribute('href')}"]`)?.focus();
  if (!mail) return;
  byId('headers').replaceChildren(...pairs(mail.headers));
  for (const button of buttons) button.setAttribute('aria-pressed', button.dataset.view === view);
  const address = `/mails/${mail.number}/${view}`;
  if (address === shown) return;
  shown = address;
  // A frame of its own for each: one that is still loading may drop what it is told meanwhile.
  const frame = byId('content').cloneNode();
  frame.src = address;
  byId('content').replaceWith(frame);
}

async function ask() {
  try {
    const latest = await (await fetch('/mails.json')).json();
    if (latest.length !== mails.length) {
      const isNews = latest.length > mails.length;
      mails = latest;
      byId('news').textContent = isNews ? `New mail: ${mails[0].headers.Subject}` : '';
      document.title = `${mails.length ? `(${mails.length}) ` : ''}Mails · Ripresa demo`;
      show();
    }
  } catch {
    // The demo has ended, or starts again: the next question tells.
  }
  setTimeout(ask, 1000);
}

for (const button of buttons) {
  button.addEventListener('click', () => {
    view = button.dataset.view;
    show();
  });
}
window.addEventListener('hashchange', show);
ask();
