/*
 * Fields that hold so many characters and no more: what is pasted is never cut off unseen. The browser
 * would (maxlength); here all of it stands there, with how much too long it is, to be made shorter.
 */
(() => {
  'use strict';

  let notes = 0;

  const countIn = ({ value }) => [...value].length; // as the server counts

  function letIn(root) {
    for (const field of root.querySelectorAll('[maxlength]')) {
      field.dataset.most = field.maxLength;
      field.removeAttribute('maxlength');
    }
  }

  function noteOf(field) {
    if (field.tooLong) return field.tooLong;
    const note = document.createElement('p');
    note.className = 'problem too-long';
    note.setAttribute('role', 'alert');
    (field.closest('label, .colour, .input-group') || field).after(note);
    note.id = `too-long-${notes += 1}`;
    const described = [field.getAttribute('aria-describedby'), note.id].filter(Boolean).join(' ');
    field.setAttribute('aria-describedby', described);
    field.tooLong = note;
    return note;
  }

  function look(field) {
    const most = Number(field.dataset.most);
    const count = countIn(field);
    const isLong = count > most;
    if (!isLong && !field.tooLong) return;
    const said = { most, count };
    const words = isLong ? document.body.dataset.tooLong.replace(/%\((\w+)\)d/g, (_all, name) => said[name]) : '';
    const note = noteOf(field);
    note.textContent = words;
    note.hidden = !isLong;
    field.setCustomValidity(words);
    if (isLong) field.setAttribute('aria-invalid', 'true');
    else field.removeAttribute('aria-invalid');
  }

  // On its way down: whoever takes an input for itself lets none pass.
  document.addEventListener('input', ({ target }) => {
    if (target.dataset.most) look(target);
  }, true);

  document.addEventListener('htmx:afterSettle', () => letIn(document));
  document.addEventListener('focusin', () => letIn(document)); // fields that a script has made
  letIn(document);
})();
