/* Forms of the settings: the bar to save or discard comes with the first change, and nothing is lost unasked. */
(() => {
  'use strict';

  const forms = [...document.querySelectorAll('form.settings-form')];
  let leaving = false;

  for (const form of forms) {
    const touch = () => form.classList.add('is-changed');
    form.addEventListener('input', touch);
    form.addEventListener('change', touch);
    form.addEventListener('reset', () => form.classList.remove('is-changed'));
    form.addEventListener('submit', () => {
      leaving = true;
    });
  }

  window.addEventListener('beforeunload', (event) => {
    if (!leaving && forms.some((form) => form.classList.contains('is-changed'))) event.preventDefault();
  });
})();
