/* Pictures: files dropped onto a form go with it, and what can't be taken back is asked first. */
(() => {
  'use strict';

  document.addEventListener('dragover', (event) => {
    const zone = event.target.closest('[data-drop]');
    for (const each of document.querySelectorAll('[data-drop].over')) each.classList.remove('over');
    if (!zone || ![...event.dataTransfer.types].includes('Files')) return;
    zone.classList.add('over');
    event.preventDefault();
  });

  document.addEventListener('drop', (event) => {
    const zone = event.target.closest('[data-drop]');
    if (!zone || !event.dataTransfer.files.length) return;
    event.preventDefault();
    zone.classList.remove('over');
    zone.querySelector('input[type="file"]').files = event.dataTransfer.files;
    zone.requestSubmit(zone.querySelector('[data-drop-button]'));
  });

  document.addEventListener('submit', (event) => {
    const question = event.target.dataset.ask;
    if (question && !window.confirm(question)) event.preventDefault();
  });
})();
