// The pixel as Shopify loads it. Whatever fails here, the page and the checkout go on.
import { register } from "@shopify/web-pixels-extension";

import { gist, request, SUBSCRIBED, storeEvents } from "./events.js";

const REMEMBERED = "ripresa:gist";

register(({ analytics, browser, init, settings }) => {
  const tell = async (event) => {
    try {
      const events = storeEvents(event, init);
      if (events.length === 0) return;
      const said = gist(events);
      if ((await browser.sessionStorage.getItem(REMEMBERED)) === said) return;
      const answer = await fetch(...request(settings, events, new Date()));
      // Not taken in just now: the next page tells it again.
      if (answer.ok) await browser.sessionStorage.setItem(REMEMBERED, said);
    } catch {
      // Nobody here can mend it.
    }
  };
  for (const name of SUBSCRIBED) analytics.subscribe(name, tell);
});
