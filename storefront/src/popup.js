/*
 * Ripresa pop-up: asks a shopper for her address, with the words she agrees to, and hands both to ripresa.js.
 * Plain ES2017, no dependency, no build. Apache-2.0. To use it: docs/how-to/ask-with-a-pop-up.md.
 */
(() => {
  'use strict';

  const EMAIL = /^[^\s@<>"(),:;]+@[^\s@]+\.[^\s@.]{2,}$/;
  const PHONE = /^\+[1-9]\d{6,14}$/;
  const DAY_MS = 86400000;
  // Everything is set here: nothing of the shop's own style reaches into it, nothing of this out of it.
  const STYLE = `
    :host { all: initial !important; display: block !important }
    dialog { box-sizing: border-box; max-width: min(26rem, calc(100vw - 2rem)); max-height: calc(100vh - 2rem);
      overflow: auto; margin: auto; border: 0; border-radius: .75rem; padding: 1.5rem;
      font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--background);
      box-shadow: 0 1rem 3rem rgba(0,0,0,.3) }
    dialog::backdrop { background: rgba(0,0,0,.5) }
    h2 { margin: 0 2rem .5rem 0; font-size: 1.25rem; line-height: 1.3 }
    p { margin: 0 0 1rem }
    label { display: block; margin: 0 0 .75rem }
    .tick { display: flex; gap: .5rem; font-size: .875rem }
    input { box-sizing: border-box; font: inherit; color: inherit; background: transparent }
    .field { display: block; width: 100%; margin-top: .25rem; padding: .5rem .75rem; min-height: 2.75rem;
      border: 1px solid currentColor; border-radius: .375rem }
    .tick input { flex: none; width: 1.25rem; height: 1.25rem; margin: .1rem 0 0 }
    button { font: inherit; cursor: pointer; border: 0; border-radius: .375rem; min-height: 2.75rem }
    .send { width: 100%; padding: .5rem 1rem; color: var(--button-text); background: var(--button) }
    .close { position: absolute; top: .5rem; right: .5rem; width: 2.75rem; color: inherit; background: none;
      font-size: 1.5rem; line-height: 1 }
    :focus-visible { outline: 3px solid var(--button); outline-offset: 2px }
    [role=alert] { min-height: 1.5rem; margin: 0; font-weight: 600 }
    a { color: inherit }
    [hidden] { display: none }`;

  try {
    begin();
  } catch (error) {
    // The page is the shop's, and goes on without a pop-up.
  }

  function begin() {
    const tag = document.currentScript || document.querySelector('script[data-popup][data-key]');
    const options = tag.dataset;
    const prefix = 'ripresa:' + options.key + ':';
    const isPreview = new URLSearchParams(location.search).get('ripresa_popup') === 'preview';
    const asksConsent = (options.consent || 'not-needed') !== 'not-needed';

    /** What is known of this browser: pages seen, and until when she wants to be left alone. */
    function read() {
      try {
        return JSON.parse(localStorage.getItem(prefix + 'popup')) || {};
      } catch (error) {
        return {};
      }
    }

    /** Kept where the shop's consent to storage is there, or not needed. */
    function write(known) {
      try {
        const mayStore = !asksConsent || Object.keys(localStorage).some((name) => name.startsWith(prefix));
        if (mayStore && !isPreview) localStorage.setItem(prefix + 'popup', JSON.stringify(known));
      } catch (error) {
        // Private mode, quota: she is asked again on another page.
      }
    }

    const known = read();
    known.pages = (known.pages || 0) + 1;
    write(known);
    if (window.RIPRESA_OFF && !isPreview) return;
    const rests = known.until > Date.now() && known.until < Date.now() + 4000 * DAY_MS;
    if (rests && !isPreview) return;

    const base = options.endpoint.replace(/\/+$/, '');
    fetch(base + '/v1/popup?key=' + encodeURIComponent(options.key), { credentials: 'omit', mode: 'cors' })
      .then((response) => (response.status === 200 ? response.json() : null))
      .then((settings) => {
        if (!settings || (!settings.enabled && !isPreview)) return;
        if (isPreview) return open(settings);
        if (known.pages >= settings.show.after_pages) waitFor(settings.show, () => open(settings));
      })
      .catch(() => {});

    /** Call `work` once, at whatever comes first of that which the shop chose. */
    function waitFor(show, work) {
      let isDone = false;
      const once = () => {
        if (isDone) return;
        isDone = true;
        document.removeEventListener('mouseout', leaving);
        removeEventListener('scroll', scrolling);
        work();
      };
      const leaving = (event) => {
        if (!event.relatedTarget && event.clientY <= 0) once();
      };
      const scrolling = () => {
        const room = document.documentElement.scrollHeight - innerHeight;
        if (room > 0 && scrollY / room >= show.after_scroll_percent / 100) once();
      };
      if (show.on_exit) document.addEventListener('mouseout', leaving, { passive: true });
      if (show.after_scroll_percent !== null) addEventListener('scroll', scrolling, { passive: true });
      if (show.after_seconds !== null) setTimeout(once, show.after_seconds * 1000);
    }

    function wordsOf(settings) {
      const spoken = [...(navigator.languages || [navigator.language])].map((one) => one.toLowerCase());
      const language = spoken
        .map((one) => [one, one.split('-')[0]].find((name) => settings.words[name]))
        .find(Boolean);
      const chosen = language || settings.default_language;
      return Object.assign({ language: chosen }, settings.words[chosen]);
    }

    /** An element with what it is and what it holds; text is never markup. */
    function make(name, given, ...inside) {
      const made = document.createElement(name);
      Object.keys(given || {}).forEach((key) =>
        key in made ? (made[key] = given[key]) : made.setAttribute(key, given[key]));
      made.append(...inside);
      return made;
    }

    function open(settings) {
      if (document.querySelector('dialog[open]')) return; // something of the shop's comes first
      const words = wordsOf(settings);
      const host = make('div', { id: 'ripresa-popup' });
      const root = host.attachShadow({ mode: 'open' });
      const sheet = new CSSStyleSheet(); // allowed by every style-src: it is no inline style
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];

      const email = make('input', { className: 'field', type: 'email', name: 'email', autocomplete: 'email',
        required: true, maxLength: 254 });
      const phone = make('input', { className: 'field', type: 'tel', name: 'tel', autocomplete: 'tel' });
      const mayMail = make('input', { type: 'checkbox', required: true });
      const mayText = make('input', { type: 'checkbox' });
      const alert = make('p', { role: 'alert' });
      const close = make('button', { className: 'close', type: 'button', 'aria-label': words.close }, '×');
      const more = words.privacy_url
        ? [' ', make('a', { href: words.privacy_url, target: '_blank', rel: 'noopener' }, words.privacy)]
        : [];
      const form = make('form', { noValidate: true },
        make('label', null, words.email, email),
        ...(settings.ask_phone ? [make('label', null, words.phone, phone)] : []),
        make('label', { className: 'tick' }, mayMail, make('span', null, words.consent_email, ...more)),
        ...(settings.ask_phone
          ? [make('label', { className: 'tick' }, mayText, make('span', null, words.consent_sms))] : []),
        alert,
        make('button', { className: 'send', type: 'submit' }, words.button));
      const dialog = make('dialog', { lang: words.language, 'aria-labelledby': 't', 'aria-describedby': 'd' },
        make('h2', { id: 't' }, words.title), make('p', { id: 'd' }, words.text), form, close);
      Object.keys(settings.colours).forEach((name) =>
        dialog.style.setProperty('--' + name.replace('_', '-'), settings.colours[name]));

      close.addEventListener('click', () => dialog.close());
      dialog.addEventListener('click', ({ target }) => target === dialog && dialog.close());
      dialog.addEventListener('close', () => host.remove());
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        const number = dialled(phone.value, settings);
        const wrong = [
          [email, !EMAIL.test(email.value.trim()), words.wrong_email],
          [phone, settings.ask_phone && phone.value.trim() && !PHONE.test(number), words.wrong_phone],
          [mayMail, !mayMail.checked, words.wrong_consent],
          [mayText, settings.ask_phone && phone.value.trim() && !mayText.checked, words.wrong_consent],
        ].find(([, is]) => is);
        if (wrong) {
          alert.textContent = wrong[2];
          wrong[0].setAttribute('aria-invalid', 'true');
          return wrong[0].focus();
        }
        if (!isPreview) tell(settings, words, email.value.trim(), phone.value.trim() && number);
        rest(3650);
        form.hidden = true;
        dialog.querySelector('p').textContent = words.thanks;
        close.focus();
      });
      rest(settings.again_after_days);
      document.body.append(host);
      root.append(dialog);
      dialog.showModal(); // keeps the focus inside, and Esc closes it
    }

    function rest(days) {
      known.until = Date.now() + days * DAY_MS;
      write(known);
    }

    /** As it is dialled from abroad; what has no country code is the shop's country's. */
    function dialled(text, settings) {
      const digits = text.replace(/[\s().\/-]/g, '').replace(/^00/, '+');
      if (digits.startsWith('+') || !digits) return digits;
      return settings.calling_code + (settings.keeps_zero ? digits : digits.replace(/^0/, ''));
    }

    /** Each address with its own yes: one that is refused takes the other not down. */
    function tell(settings, words, email, phone) {
      const proof = (text) => ({ consent_source: 'popup', consent_text: text, consent_version: words.version,
        locale: words.language });
      const say = (contact) => (window.ripresa = window.ripresa || []).push(['identify', contact]);
      say(Object.assign({ email, consent: { email: 'granted' } }, proof(words.consent_email)));
      if (phone) say(Object.assign({ email, phone, consent: { sms: 'granted' } }, proof(words.consent_sms)));
    }
  }
})();
