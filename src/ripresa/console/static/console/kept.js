/*
 * A form is sent, and the session has ended, or nothing could be made of it: what was typed comes back.
 *
 * What a form takes along waits in this tab for the next page. If that is the login, or a page
 * that says that nothing was saved (data-lost), it waits until she is back on the page of the form, where it is put in again, to be looked at and sent once more.
 * Forms that save themselves have their own way: saves.js.
 */
(() => {
  'use strict';

  const SENT = 'ripresa-sent';
  // Secrets are typed again; a file can't be put in by a script, and what is hidden is the page's own: all but
  // the mark of what she saw, for whoever saved something else meanwhile is not to be overwritten unasked.
  const NOT_KEPT = '[type="password"], [type="file"], [type="hidden"]:not([name="seen"]), [autocomplete="one-time-code"], button, fieldset, output';

  const here = () => window.location.pathname + window.location.search;
  const who = () => document.querySelector('details.me > summary')?.textContent.trim();
  const said = (form, name) => form.getAttribute(name) || ''; // a field may be called action
  const alike = (action) => [...document.forms].filter((form) => said(form, 'action') === action);
  const isSaidBy = ({ type }) => (['checkbox', 'radio'].includes(type) ? 'checked' : 'value');
  // Of several of one name each is its own by what it stands for: there may be others when she is back.
  const nameOf = (field) => (isSaidBy(field) === 'checked' ? `${field.name}=${field.value}` : field.name);
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !field.matches(NOT_KEPT));

  document.addEventListener('submit', ({ target: form, defaultPrevented }) => {
    if (defaultPrevented || said(form, 'method') !== 'post' || !who()) return;
    if (form.matches('[data-forgets]')) sessionStorage.removeItem(SENT);
    const fields = fieldsOf(form).map((field) => ({ name: nameOf(field), value: field[isSaidBy(field)] }));
    if (!fields.length) return;
    const action = said(form, 'action');
    const nth = alike(action).indexOf(form);
    sessionStorage.setItem(SENT, JSON.stringify({ at: here(), who: who(), action, nth, fields }));
  });

  // Once every script of the page listens: the bar to save comes with what is put in.
  document.addEventListener('DOMContentLoaded', () => {
    const sent = JSON.parse(sessionStorage.getItem(SENT) || 'null');
    if (!sent) return;
    if (window.location.pathname.startsWith('/login/') || document.querySelector('[data-lost]')) {
      sessionStorage.setItem(SENT, JSON.stringify({ ...sent, isLost: true }));
      return;
    }
    if (sent.isLost && sent.at !== here() && [undefined, sent.who].includes(who())) return;
    sessionStorage.removeItem(SENT);
    const form = sent.isLost && sent.who === who() && alike(sent.action)[sent.nth];
    if (!form) return;

    const rest = fieldsOf(form);
    for (const { name, value } of sent.fields) {
      const place = rest.findIndex((field) => nameOf(field) === name);
      if (place < 0) continue;
      const [field] = rest.splice(place, 1);
      field[isSaidBy(field)] = value;
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
    const words = document.getElementById('trouble').dataset.kept;
    document.dispatchEvent(new CustomEvent('told', { detail: { words } }));
  });
})();
