/*
 * Forms that save themselves: what is typed into them reaches the server before the page goes on,
 * however fast somebody types and clicks. Without a script they have their buttons.
 */
(() => {
  'use strict';

  const OWN = '.wizard-form, form.words';
  const typed = new Set(); // forms with something in them that no request has taken along
  let flying = 0; // requests of such forms under way
  let waiting = []; // what goes on as soon as they have come back
  let isGoingOn = false;

  const isOwn = (element) => element instanceof HTMLElement && element.matches(OWN);

  document.addEventListener('input', ({ target }) => {
    const form = target.closest(OWN);
    if (form) typed.add(form);
  });

  document.body.addEventListener('htmx:beforeRequest', ({ detail }) => {
    if (!isOwn(detail.elt)) return;
    typed.delete(detail.elt);
    flying += 1;
  });

  document.body.addEventListener('htmx:afterRequest', ({ detail }) => {
    if (!isOwn(detail.elt)) return;
    flying -= 1;
    // 422, 409: it was heard, and what is wrong, or was changed meanwhile, stands beside it.
    if (!detail.successful && ![409, 422].includes(detail.xhr.status)) typed.add(detail.elt);
    setTimeout(goOn); // a request that was queued behind this one begins after this event
  });

  /* The session ended while somebody was writing: kept.js keeps it, also what no request has taken along. */
  document.body.addEventListener('htmx:beforeOnLoad', ({ detail }) => {
    if (!detail.xhr.getResponseHeader('HX-Redirect')) return;
    for (const form of typed) form.dispatchEvent(new Event('unsaved', { bubbles: true }));
    typed.clear();
  });

  // What comes back saves itself, like all that is typed here.
  document.addEventListener('put-back', (event) => {
    if (isOwn(event.target) && event.target.hasAttribute('hx-post')) event.preventDefault();
  });

  function goOn() {
    if (flying) return;
    const acts = waiting;
    waiting = [];
    isGoingOn = true;
    for (const act of acts) act();
    isGoingOn = false;
  }

  /* Hold `event` back until all is saved, then do `act`. */
  function hold(event, act) {
    if (isGoingOn) return;
    for (const form of typed) {
      if (form.isConnected) window.htmx.trigger(form, 'change');
      else typed.delete(form);
    }
    if (!flying) return;
    event.preventDefault();
    waiting.push(act);
  }

  document.body.addEventListener('htmx:confirm', (event) => {
    const { elt, etc, triggeringEvent, issueRequest } = event.detail;
    // What only looks at what is saved waits for nothing, and saves nothing half typed.
    if (isOwn(elt) || elt.hasAttribute('data-looks')) return;
    hold(event, () => {
      // Which button it was is known to htmx only as long as that has the focus.
      const button = triggeringEvent && triggeringEvent.submitter;
      if (button && button.name) etc.values = { ...etc.values, [button.name]: button.value };
      issueRequest(true);
    });
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]:not([href^="#"], [target], [download], [hx-get])');
    if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    hold(event, () => window.location.assign(link.href));
  });

  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    const { target: form, submitter: button } = event;
    typed.delete(form); // it takes along what stands in it
    hold(event, () => {
      // What was pressed may have come anew meanwhile, with the line that says "Saved".
      const again = (button && button.id && document.getElementById(button.id)) || button;
      (again ? again.form : form).requestSubmit(again);
    });
  });

  window.addEventListener('beforeunload', (event) => {
    if (typed.size) event.preventDefault();
  });

  /* A part of the page comes anew while somebody types in it: her words go over into the new one. */

  let carried = [];
  let place = null; // the id of what had the focus

  document.body.addEventListener('htmx:beforeSwap', ({ detail }) => {
    const forms = [...typed].filter((form) => detail.shouldSwap && detail.target.contains(form));
    for (const form of forms) typed.delete(form);
    const fields = forms.flatMap((form) => [...form.elements].filter((field) => field.id));
    carried = fields.map((field) => [field.id, field.value]);
    if (carried.length) place = document.activeElement.id;
  });

  document.body.addEventListener('htmx:afterSwap', () => {
    for (const [id, value] of carried) {
      const field = document.getElementById(id);
      if (!field || !field.form) continue;
      field.value = value;
      typed.add(field.form);
    }
    carried = [];
  });

  document.body.addEventListener('htmx:afterSettle', () => {
    if (place === null) return;
    const id = place;
    place = null;
    // The new fields are dressed at this same event: behind it they are there.
    setTimeout(() => {
      const field = document.getElementById(id);
      if (field) field.focus();
      if (field && field.isContentEditable) {
        document.getSelection().selectAllChildren(field);
        document.getSelection().collapseToEnd();
      }
      for (const form of typed) window.htmx.trigger(form, 'change');
    });
  });
})();
