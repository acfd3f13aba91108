/* Cards that are dragged from stage to stage. The list of stages on each card does the same without it. */
(() => {
  'use strict';

  let dragged = null;

  function columnOf(event) {
    return event.target.closest('.column');
  }

  function light(column) {
    for (const each of document.querySelectorAll('.column.over')) {
      if (each !== column) each.classList.remove('over');
    }
    if (column) column.classList.add('over');
  }

  document.addEventListener('dragstart', (event) => {
    dragged = event.target.closest('.card-deal[draggable]');
    if (!dragged) return;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', dragged.id);
    dragged.classList.add('dragged');
  });

  document.addEventListener('dragover', (event) => {
    const column = columnOf(event);
    light(dragged ? column : null);
    if (dragged && column) event.preventDefault();
  });

  document.addEventListener('drop', (event) => {
    const column = columnOf(event);
    if (!dragged || !column) return;
    event.preventDefault();
    const list = dragged.querySelector('select[name="to_stage"]');
    if (list.value === column.dataset.stage) return;
    list.value = column.dataset.stage;
    // The same form that the keyboard uses: one way to move, however it was asked.
    list.form.requestSubmit();
  });

  document.addEventListener('dragend', () => {
    if (dragged) dragged.classList.remove('dragged');
    light(null);
    dragged = null;
  });
})();
