/*
 * Ripresa storefront script: tells Ripresa what happens to a cart and stays out of the page's way.
 * Plain ES2017, no dependency, no build: this file is what shops serve. Apache-2.0.
 * To use it: docs/how-to/add-the-storefront-script.md. Why it is as it is: storefront/README.md.
 */
(() => {
  'use strict';

  const MOST_EVENTS = 50; // kept while the network is away
  const MOST_BYTES = 32768;
  const KEEPALIVE_BYTES = 60000; // browsers refuse a keepalive body above 64 KiB
  const GATHER_MS = 200; // calls made together travel together
  const PATIENCE_MS = 20000; // an answer later than this is no answer
  const FIRST_RETRY_MS = 2000;
  const LONGEST_RETRY_MS = 300000;
  const LONGEST_WAIT_MS = 3600000; // we do as Retry-After says, up to here
  const DAY_MS = 86400000;
  const EMAIL = /^[^\s@<>"(),:;]+@[^\s@]+\.[^\s@.]{2,}$/;

  try {
    start();
  } catch (error) {
    // A page we cannot run on is still the shop's page.
  }

  function start() {
    const early = window.ripresa; // calls pushed before this file arrived
    if (early && early.identify) return; // included twice

    const tag = document.currentScript || document.querySelector('script[data-key][data-endpoint]');
    const options = tag ? tag.dataset : {};
    const asksConsent = (options.consent || 'not-needed') !== 'not-needed';
    const prefix = 'ripresa:' + options.key + ':';

    let consented = !asksConsent; // may this browser keep anything for us, and may fields be read?
    let storable = true; // false once localStorage has failed: private mode, quota, blocked cookies
    let kept = new Map(); // name → text: 'visitor', 'off', 'restored', and each waiting event by its id
    let latestInstant = 0;
    let latestCart = ''; // JSON of the cart reported latest
    let latestContact = '';
    let cartKeys; // token and checkout_id of that cart, for calls that name none
    let failures = 0;
    let timer;
    let notBefore = 0; // the server asked for quiet until then, on performance.now()
    const inFlight = new Set(); // ids of events on their way

    /** Leave a word for the developer who asked for it (data-debug). */
    function note(...words) {
      try {
        if ('debug' in options) console.debug('ripresa:', ...words);
      } catch (error) {
        // A page without a console is no reason to fail.
      }
    }

    /** Wrap `work` so that whatever happens in it, its caller goes on undisturbed. */
    function guarded(work) {
      return (...given) => {
        try {
          work(...given);
        } catch (error) {
          note(error);
        }
      };
    }

    /** 128 random bits as 32 hexadecimal digits. */
    function randomId() {
      const bytes = crypto.getRandomValues(new Uint8Array(16));
      return Array.from(bytes, (byte) => ('0' + byte.toString(16)).slice(-2)).join('');
    }

    // What is kept: in `kept`, and in localStorage where that is allowed. One entry for each event, so
    // that two tabs, which see each other's writes late, cannot undo them.

    const storedNames = () =>
      Object.keys(localStorage).filter((name) => name.startsWith(prefix));

    function refresh() {
      if (!consented || !storable) return;
      try {
        const names = storedNames();
        const entries = names.map((name) => [name.slice(prefix.length), localStorage.getItem(name)]);
        // Gone although it was there: consent was withdrawn in another tab, or the data cleared.
        if (asksConsent && !names.length) consented = false;
        kept = new Map(entries);
      } catch (error) {
        storable = false;
      }
    }

    function keep(name, text) {
      kept.set(name, text);
      try {
        if (consented && storable) localStorage.setItem(prefix + name, text);
      } catch (error) {
        storable = false;
      }
    }

    function forget(name) {
      kept.delete(name);
      if (consented && storable) localStorage.removeItem(prefix + name);
    }

    /** The random name of this browser, made when it is first needed. */
    function visitor() {
      refresh();
      if (!/^v_[0-9a-f]{32}$/.test(kept.get('visitor'))) keep('visitor', 'v_' + randomId());
      return kept.get('visitor');
    }

    /** Events that wait, oldest first. What someone else wrote under our names is passed over. */
    function waiting() {
      refresh();
      const events = [];
      kept.forEach((text, name) => {
        try {
          const event = JSON.parse(text);
          if (event.id === name) events.push(event);
        } catch (error) {
          // Not JSON, so not ours.
        }
      });
      return events.sort((one, other) => (one.occurred_at < other.occurred_at ? -1 : 1));
    }

    function isOff() {
      if (window.RIPRESA_OFF || 'off' in options || !options.key || !options.endpoint) return true;
      refresh();
      const left = Number(kept.get('off') || 0) - Date.now();
      return left > 0 && left <= DAY_MS; // more than a day is a clock that was wrong
    }

    // Queue

    function record(type, details) {
      if (isOff()) return note('switched off, or data-key or data-endpoint is missing:', type);
      const id = 'e_' + randomId();
      const event = { id, type, occurred_at: nextInstant(), visitor_id: visitor() };
      keep(id, JSON.stringify(Object.assign(event, details)));
      shorten(waiting());
      flushIn(GATHER_MS);
    }

    /** Now; but calls within one millisecond follow each other, or their order would be lost. */
    function nextInstant() {
      const ahead = latestInstant - Date.now();
      latestInstant = ahead >= 0 && ahead < 1000 ? latestInstant + 1 : Date.now();
      return new Date(latestInstant).toISOString();
    }

    /** A newer cart tells all of an older one; who someone is, or which cart it was, is said once. */
    function shorten(queue) {
      const bytes = () => new TextEncoder().encode(JSON.stringify(queue)).length;
      while (queue.length > 1 && (queue.length > MOST_EVENTS || bytes() > MOST_BYTES)) {
        const oldest = queue.slice(0, -1).findIndex(
          (event) => !event.contact && !(event.cart && event.cart.restored_from)
        );
        queue.splice(Math.max(oldest, 0), 1).forEach((event) => forget(event.id));
      }
    }

    // Sending

    function flushIn(delay) {
      clearTimeout(timer);
      timer = setTimeout(flush, Math.max(delay, notBefore - performance.now()));
    }

    const flush = guarded(() => {
      if (isOff() || performance.now() < notBefore) return;
      const batch = waiting().filter((event) => !inFlight.has(event.id));
      if (!batch.length) return;
      batch.forEach((event) => inFlight.add(event.id));
      post(batch)
        .catch((error) => note(error))
        .then((response) => settle(batch, response))
        .catch(note);
    });

    /** Resolves with the response or rejects within PATIENCE_MS, whatever `fetch` has become. */
    function post(batch) {
      return new Promise((resolve, reject) => {
        const user_agent = navigator.userAgent.slice(0, 500);
        const body = JSON.stringify({
          sent_at: new Date().toISOString(),
          events: batch.map((event) => Object.assign({ user_agent }, event)),
        });
        const abort = new AbortController();
        setTimeout(() => {
          reject('no answer');
          abort.abort();
        }, PATIENCE_MS);
        fetch(options.endpoint.replace(/\/+$/, '') + '/v1/collect', {
          method: 'POST',
          mode: 'cors',
          credentials: 'omit',
          cache: 'no-store',
          redirect: 'error', // followed, a POST becomes a GET and its answer says nothing
          keepalive: new TextEncoder().encode(body).length < KEEPALIVE_BYTES,
          headers: { Authorization: 'Bearer ' + options.key, 'Content-Type': 'application/json' },
          body,
          signal: abort.signal,
        }).then(resolve, reject);
      });
    }

    function settle(batch, response) {
      batch.forEach((event) => inFlight.delete(event.id));
      const status = response ? response.status : 0;
      if (status === 410) {
        waiting().forEach((event) => forget(event.id));
        keep('off', String(Date.now() + DAY_MS));
        return note('the server wants no more events: off for a day');
      }
      const refused = status >= 400 && status < 500 && status !== 408 && status !== 429;
      if (status !== 202 && !refused) return tryAgain(response);
      failures = 0;
      batch.forEach((event) => forget(event.id));
      if (refused) return note('refused with', status, batch); // and would be refused again
      if ('debug' in options) return response.json().then((answer) => note(answer));
    }

    function tryAgain(response) {
      const asked = response ? parseInt(response.headers.get('Retry-After'), 10) * 1000 : 0;
      if (asked > 0) notBefore = performance.now() + Math.min(asked, LONGEST_WAIT_MS);
      const delay = Math.min(FIRST_RETRY_MS * Math.pow(2, failures++), LONGEST_RETRY_MS);
      flushIn(delay * (0.5 + Math.random() / 2)); // not all shoppers at once
    }

    /** By a link of ours: the cart that the shop puts back here may get another token. */
    const arrive = guarded(() => {
      const found = /^#ripresa_cart=([a-z2-7]+)$/.exec(location.hash);
      if (!found || isOff()) return;
      keep('restored', Date.now() + ' ' + found[1]);
      // Passed on with the address it would make a friend's cart hers.
      history.replaceState(history.state, '', location.pathname + location.search);
    });

    /** What the first cart told since that holds something was restored from. */
    function origin() {
      refresh();
      const [at, restored_from] = (kept.get('restored') || '').split(' ');
      return Date.now() - at < DAY_MS ? { restored_from } : {};
    }

    // What the shop may call

    /** Record `type` about the cart given, or else about the one reported latest. */
    function aboutCart(type) {
      return (cart = cartKeys) => {
        if (!cart || !cart.token) throw new Error(type + ' needs a cart with a token');
        record(type, { cart });
      };
    }

    /** Stored no longer, and this page's unsent events live only as long as it does. */
    function withdraw() {
      refresh();
      consented = false;
      kept.delete('visitor'); // nothing ties later events to what was stored
      storedNames().forEach((name) => localStorage.removeItem(name));
    }

    const calls = {
      cart(cart) {
        const text = JSON.stringify(cart);
        if (text === latestCart) return; // shops call this on every render
        if (cart.items.length) {
          aboutCart('cart.updated')(Object.assign(origin(), cart));
          forget('restored');
        } else aboutCart('cart.emptied')(cart);
        latestCart = text;
        cartKeys = { token: cart.token, checkout_id: cart.checkout_id };
      },
      emptied(cart) {
        latestCart = '';
        aboutCart('cart.emptied')(cart);
      },
      checkoutStarted: aboutCart('checkout.started'),
      checkoutLeft: aboutCart('checkout.left'),
      viewed: aboutCart('cart.viewed'),
      identify(given, cart = cartKeys) {
        // What she reads, by her browser; where the shop knows better, its word counts.
        const contact = Object.assign({ locale: navigator.language || undefined }, given);
        const text = JSON.stringify([contact, cart]);
        if (text === latestContact) return;
        record('contact.identified', { contact, cart });
        latestContact = text;
      },
      consent(given) {
        if (given !== true) return withdraw();
        if (isOff()) return;
        visitor(); // so that there is something to store: it is how the next page knows
        consented = true;
        kept.forEach((text, name) => keep(name, text));
      },
    };

    const api = {};
    Object.keys(calls).forEach((name) => {
      api[name] = guarded(calls[name]);
    });
    /** `ripresa.push(['cart', {…}])` is `ripresa.cart({…})`, and works before this file is here. */
    api.push = guarded(([name, ...given]) => calls[name](...given));

    const listen = (target, name, work) =>
      target.addEventListener(name, guarded(work), { capture: true, passive: true });

    guarded(() => {
      window.ripresa = api;
      consented = true;
      refresh(); // something is stored only if she agreed on an earlier page
      if (!storable) consented = !asksConsent;
      arrive();
      if (Array.isArray(early)) early.forEach(api.push);

      // Closing the page is the latest chance for this page; what fails now goes out from the next.
      listen(window, 'pagehide', flush);
      listen(document, 'visibilitychange', () => document.visibilityState === 'hidden' && flush());
      listen(window, 'pageshow', flush);
      listen(window, 'online', flush);
      if (options.emailSelector) {
        listen(document, 'change', ({ target }) => {
          const email = String(target.value).trim();
          if (!consented || !target.matches(options.emailSelector)) return;
          if (target.type === 'password') return; // a selector too wide must not read secrets
          if (email.length < 255 && EMAIL.test(email)) api.identify({ email });
        });
      }
      flushIn(GATHER_MS); // what an earlier page could not deliver
    })();
  }
})();
