/*
 * A form is sent, and the session has ended, or nothing could be made of it: what was typed comes back.
 *
 * What a form takes along waits in this tab for the next page. If that is the login, or a page
 * that says that nothing was saved (data-lost), it waits until she is back on the page of the form, where it is put
 * in again, to be looked at and sent once more. Forms that save themselves (saves.js) do so then.
 */
(() => {
  'use strict';

  const KEPT = 'ripresa-kept';
  const SEEN = '[name="seen"]';
  // Secrets are typed again; a file can't be put in by a script, and what is hidden is the page's own: all but
  // the mark of what she saw, for whoever saved something else meanwhile is not to be overwritten unasked.
  const NOT_KEPT = `[type="password"], [type="file"], [type="hidden"]:not(${SEEN}), [autocomplete="one-time-code"], button, fieldset, output`;
  const NOT_ITS_OWN = `${SEEN}, [name="csrfmiddlewaretoken"]`;

  const here = () => window.location.pathname + window.location.search;
  const who = () => document.querySelector('details.me > summary')?.textContent.trim();
  const said = (form, name) => form.getAttribute(name) || ''; // a field may be called action
  const isSaidBy = ({ type }) => (['checkbox', 'radio'].includes(type) ? 'checked' : 'value');
  // Of several of one name each is its own by what it stands for: there may be others when she is back.
  const nameOf = (field) => (isSaidBy(field) === 'checked' ? `${field.name}=${field.value}` : field.name);
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !field.matches(NOT_KEPT));
  const waiting = () => JSON.parse(sessionStorage.getItem(KEPT) || '[]');
  const wait = (all) => (all.length ? sessionStorage.setItem(KEPT, JSON.stringify(all)) : sessionStorage.removeItem(KEPT));

  // Of several forms with one address each is its own by what it hides: which block, which language.
  const hiddenIn = (form) => [...form.elements]
    .filter((field) => field.type === 'hidden' && !field.matches(NOT_ITS_OWN))
    .map(({ name, value }) => `${name}=${value}`).join('&');

  function alike({ action, hidden }) {
    const there = [...document.forms].filter((form) => said(form, 'action') === action);
    return there.length === 1 ? there : there.filter((form) => hiddenIn(form) === hidden);
  }

  /* What somebody typed herself, for people: "Name: Spring". */
  function typedInto(field) {
    const isTyped = typeof field.value === 'string' && field.value.trim() && isSaidBy(field) === 'value'
      && !field.matches(SEEN) && 'defaultValue' in field && field.value !== field.defaultValue;
    return isTyped ? [field.labels?.[0]?.textContent.trim(), field.value].filter(Boolean).join(': ') : '';
  }

  function keep(form, isLost) {
    if (said(form, 'method') !== 'post' || !who()) return;
    if (form.matches('[data-forgets]')) wait([]);
    const fields = fieldsOf(form).map((field) => ({
      name: nameOf(field), value: field[isSaidBy(field)], typed: typedInto(field),
    }));
    if (!fields.length) return;
    const place = { at: here(), who: who(), action: said(form, 'action'), hidden: hiddenIn(form) };
    const one = { ...place, nth: alike(place).indexOf(form), fields };
    const isAnother = (other) => ['at', 'action', 'hidden', 'nth'].some((key) => other[key] !== one[key]);
    wait([...waiting().filter((other) => other.isLost && isAnother(other)), { ...one, isLost }]);
  }

  document.addEventListener('submit', ({ target: form, defaultPrevented }) => {
    if (!defaultPrevented) keep(form, false);
  });
  document.addEventListener('unsaved', ({ target: form }) => keep(form, true));
  // Asked by a piece of a page, the login comes as a whole.
  document.addEventListener('htmx:beforeOnLoad', ({ detail: { elt, xhr, requestConfig } }) => {
    const form = xhr.getResponseHeader('HX-Redirect') && requestConfig.verb === 'post' && elt.closest('form');
    if (form) keep(form, true);
  });

  /* Put it in again. Returns the form and its fields, and what has no place there any more. */
  function putBack(one) {
    const form = alike(one)[one.nth];
    const rest = form ? fieldsOf(form) : [];
    const filled = [];
    const left = [];
    for (const { name, value, typed } of one.fields) {
      const place = rest.findIndex((field) => nameOf(field) === name);
      if (place < 0) {
        if (typed) left.push(typed);
        continue;
      }
      const [field] = rest.splice(place, 1);
      field[isSaidBy(field)] = value;
      filled.push(field);
    }
    return { form, filled, left };
  }

  function tell(back) {
    const { kept, unplaced } = document.getElementById('trouble').dataset;
    let toSend = false;
    for (const { form, filled } of back) {
      for (const kind of ['input', 'change']) {
        for (const field of filled) field.dispatchEvent(new Event(kind, { bubbles: true }));
      }
      // What saves itself says so, and tells by itself what comes of it.
      if (form && form.dispatchEvent(new Event('put-back', { bubbles: true, cancelable: true }))) toSend = true;
    }
    const left = back.flatMap((each) => each.left);
    const words = [toSend && kept, left.length && [unplaced, ...left].join('\n')].filter(Boolean).join('\n');
    if (words) document.dispatchEvent(new CustomEvent('told', { detail: { words, stays: left.length > 0 } }));
  }

  const all = waiting();
  if (window.location.pathname.startsWith('/login/') || document.querySelector('[data-lost]')) {
    wait(all.map((one) => ({ ...one, isLost: true })));
    return;
  }
  const mine = all.filter((one) => one.isLost && [undefined, one.who].includes(who()));
  const isBack = (one) => who() && one.at === here();
  wait(mine.filter((one) => !isBack(one)));
  // Before fields are dressed (fields.js), so that they are dressed with it.
  const back = mine.filter(isBack).map(putBack);
  // Once every script of the page listens: the bar to save comes with what is put in.
  if (back.length) document.addEventListener('DOMContentLoaded', () => tell(back));
})();
