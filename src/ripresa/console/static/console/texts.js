/* The editor of texts: what is inserted, dragged and shown. Everything it does can be done without it. */
(() => {
  'use strict';

  const canvas = document.getElementById('canvas');

  // The frame is nobody's origin, so it can't be reloaded from here; asking for it again does the same.
  document.body.addEventListener('text-changed', () => {
    canvas.src = canvas.getAttribute('src');
  });

  for (const button of document.querySelectorAll('[data-look]')) {
    button.addEventListener('click', () => {
      canvas.className = `mail mail-${button.dataset.look}`;
      for (const each of document.querySelectorAll('[data-look]')) {
        each.setAttribute('aria-pressed', String(each === button));
      }
    });
  }

  document.addEventListener('change', (event) => {
    const list = event.target.closest('select[data-insert]');
    if (!list) return;
    event.stopPropagation(); // choosing a field is no change of the words yet
    const words = document.getElementById(list.dataset.insert);
    words.setRangeText(list.value, words.selectionStart, words.selectionEnd, 'end');
    list.value = '';
    words.focus();
    words.dispatchEvent(new Event('input', { bubbles: true }));
  }, true);

  let dragged = null;

  document.addEventListener('dragstart', (event) => {
    if (!event.target.closest('.handle')) return;
    dragged = event.target.closest('[data-block]');
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', dragged.dataset.block);
  });

  document.addEventListener('dragover', (event) => {
    const over = event.target.closest('.blocks > li');
    for (const each of document.querySelectorAll('.blocks > .over')) each.classList.remove('over');
    if (!dragged || !over) return;
    over.classList.add('over');
    event.preventDefault();
  });

  document.addEventListener('drop', (event) => {
    const over = event.target.closest('.blocks > li');
    if (!dragged || !over) return;
    event.preventDefault();
    const others = [...document.querySelectorAll('.blocks > [data-block]')].filter((each) => each !== dragged);
    const place = over === dragged ? -1 : others.indexOf(over);
    if (over === dragged) return;
    const form = dragged.querySelector('.block-line');
    form.elements.to.value = String(place < 0 ? others.length : place);
    form.querySelector('.drop-here').click();
  });

  document.addEventListener('dragend', () => {
    dragged = null;
    for (const each of document.querySelectorAll('.blocks > .over')) each.classList.remove('over');
  });
})();
