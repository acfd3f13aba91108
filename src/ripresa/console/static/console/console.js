/* What HTML alone can't do: menus that close, the theme switch, and words when the server is away. */
(() => {
  'use strict';

  function closeMenus(except) {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (menu !== except) menu.removeAttribute('open');
    }
  }

  document.addEventListener('click', ({ target }) => {
    closeMenus(target.closest('details.menu'));
  });

  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    const menu = document.querySelector('details.menu[open]');
    if (!menu) return;
    const inside = menu.contains(document.activeElement);
    closeMenus(null);
    if (inside) menu.querySelector('summary').focus();
  });

  const themes = document.querySelectorAll('[data-theme]');

  function mark() {
    for (const button of themes) {
      button.setAttribute('aria-pressed', String(button.dataset.theme === window.ripresaTheme.chosen()));
    }
  }

  for (const button of themes) {
    button.addEventListener('click', () => {
      window.ripresaTheme.choose(button.dataset.theme);
      mark();
    });
  }
  mark();

  // A picture that can't be had leaves no broken frame: the name beside it says what it is.
  document.addEventListener(
    'error',
    ({ target }) => {
      if (target instanceof Element && target.matches('img.product-thumb')) target.remove();
    },
    true,
  );
  for (const picture of document.querySelectorAll('img.product-thumb')) {
    if (picture.complete && !picture.naturalWidth) picture.remove();
  }

  // Where one is stands in sight, also in a row of rooms or steps that is wider than a phone.
  for (const row of document.querySelectorAll('.side nav, .progress-steps')) {
    const here = row.querySelector('[aria-current]');
    if (here) row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
  }

  const trouble = document.getElementById('trouble');

  let stays = false; // what can be read nowhere else

  function say(text) {
    trouble.textContent = text;
    trouble.hidden = !text;
  }

  document.addEventListener('htmx:sendError', () => say(trouble.dataset.away));
  document.addEventListener('htmx:responseError', ({ detail }) => {
    if (!detail.xhr.getResponseHeader('HX-Trigger')) say(trouble.dataset.broken);
  });
  document.addEventListener('htmx:afterSwap', () => stays || say(''));
  // What the server has to say about a request that leaves the page as it is.
  document.addEventListener('told', ({ detail }) => {
    stays = Boolean(detail.stays);
    say(detail.words);
  });
})();
