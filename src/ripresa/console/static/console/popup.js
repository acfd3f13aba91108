/* The preview of the pop-up follows what is typed: the form goes into the frame, unsaved. */
(() => {
  'use strict';
  const form = document.getElementById('popup-form');
  const frame = document.getElementById('popup-frame');
  if (!form || !frame) return;
  let waits;

  function show() {
    const copy = document.createElement('form');
    copy.method = 'post';
    copy.action = frame.dataset.address;
    copy.target = frame.name;
    copy.hidden = true;
    for (const [name, value] of new FormData(form)) {
      const field = document.createElement('input');
      field.type = 'hidden';
      field.name = name;
      field.value = value;
      copy.append(field);
    }
    document.body.append(copy);
    // A form that goes into a frame takes the focus with it: whoever is typing gets it back.
    const typing = document.activeElement;
    const giveBack = () => {
      if (form.contains(typing) && document.activeElement === frame) typing.focus({ preventScroll: true });
    };
    frame.addEventListener('load', giveBack, { once: true });
    copy.submit();
    copy.remove();
    giveBack();
  }

  form.addEventListener('input', () => {
    clearTimeout(waits);
    waits = setTimeout(show, 600);
  });
  document.getElementById('show-again').addEventListener('click', show);
  for (const button of document.querySelectorAll('[data-look]')) {
    button.addEventListener('click', () => {
      frame.classList.toggle('frame-phone', button.dataset.look === 'phone');
      for (const other of document.querySelectorAll('[data-look]')) {
        other.setAttribute('aria-pressed', String(other === button));
      }
      show();
    });
  }
})();
