/* The editor of texts: what is open, dragged and shown. Everything it does can be done without it.
   A letter has no canvas to look into: its pages are pictures, which the page asks for itself. */
(() => {
  'use strict';

  const canvas = document.getElementById('canvas');
  const basis = document.getElementById('basis');
  let look = 'desktop';
  let open = '';
  let scrolled = 0;

  /* The canvas */

  function show() {
    const asked = new URLSearchParams(new FormData(basis));
    if (look === 'text') asked.set('as', 'text');
    if (canvas.contentWindow) scrolled = canvas.contentWindow.scrollY;
    canvas.contentWindow.location.replace(`${canvas.dataset.base}?${asked}`);
  }

  if (canvas) {
    document.body.addEventListener('text-changed', show);
    basis.addEventListener('change', show);
    basis.addEventListener('submit', (event) => {
      event.preventDefault();
      show();
    });
  }

  for (const button of document.querySelectorAll('[data-look]')) {
    button.addEventListener('click', () => {
      const was = look;
      look = button.dataset.look;
      canvas.className = `mail mail-${look}`;
      for (const each of document.querySelectorAll('[data-look]')) {
        each.setAttribute('aria-pressed', String(each === button));
      }
      if (look === 'text' || was === 'text') show();
    });
  }

  function markOf(target) {
    const marked = target.closest && target.closest('[class*="mark-"]');
    const found = marked && /\bmark-(b\d+)\b/.exec(marked.className);
    return found ? { id: found[1], element: marked } : null;
  }

  function choose() {
    const inside = canvas && canvas.contentDocument;
    if (!inside || !inside.body) return;
    for (const each of inside.querySelectorAll('.chosen')) each.classList.remove('chosen');
    const marked = open && inside.querySelector(`.mark-${open}`);
    if (marked) marked.classList.add('chosen');
  }

  function listen() {
    const inside = canvas.contentDocument;
    if (!inside || !inside.body) return;
    canvas.contentWindow.scrollTo(0, scrolled);
    choose();
    inside.addEventListener('click', (event) => {
      event.preventDefault();
      const marked = markOf(event.target);
      if (marked) unfold(marked.id, { focus: true });
    });
    inside.addEventListener('dragover', (event) => {
      const place = dropPlace(event);
      unmark(inside);
      if (!place || !carried(event)) return;
      event.preventDefault();
      place.element.classList.add(place.isBelow ? 'drop-below' : 'drop-above');
    });
    inside.addEventListener('dragleave', () => unmark(inside));
    inside.addEventListener('drop', (event) => {
      const place = dropPlace(event);
      unmark(inside);
      if (!place || !carried(event)) return;
      event.preventDefault();
      const item = document.getElementById(`block-${place.id}`);
      if (item) dropAt(event, item, place.isBelow);
    });
  }

  function dropPlace(event) {
    const marked = markOf(event.target);
    if (!marked) return null;
    const box = marked.element.getBoundingClientRect();
    return { ...marked, isBelow: event.clientY > box.top + box.height / 2 };
  }

  function unmark(inside) {
    for (const each of inside.querySelectorAll('.drop-above, .drop-below')) each.classList.remove('drop-above', 'drop-below');
  }

  if (canvas) {
    canvas.addEventListener('load', listen);
    listen();
  }

  /* Which block is open */

  function unfold(id, { focus = false, fold = false } = {}) {
    const item = id && document.getElementById(`block-${id}`);
    for (const each of document.querySelectorAll('li.block.open')) {
      if (fold || !item || !each.contains(item)) close(each);
    }
    open = '';
    if (item && !fold) {
      open = id;
      item.classList.add('open');
      item.querySelector('.block-title').setAttribute('aria-expanded', 'true');
      if (focus && !item.contains(document.activeElement)) {
        item.scrollIntoView({ block: 'nearest' });
        item.querySelector('.block-title').focus({ preventScroll: true });
      }
    }
    const add = document.getElementById('add-block');
    if (add) add.elements.after.value = open;
    choose();
  }

  function close(item) {
    item.classList.remove('open');
    item.querySelector('.block-title').setAttribute('aria-expanded', 'false');
  }

  document.addEventListener('click', (event) => {
    const title = event.target.closest('.block-title');
    if (!title) return;
    const item = title.closest('li.block');
    unfold(item.dataset.block, { fold: item.classList.contains('open') });
  });

  /* A page of a letter is a picture: the server knows which block stands where */

  document.addEventListener('click', async (event) => {
    const sheet = event.target.closest('img[data-spot]');
    if (!sheet) return;
    const down = Math.round((1000 * event.offsetY) / sheet.clientHeight);
    const answer = await fetch(`${sheet.dataset.spot}&y=${down}`);
    const id = answer.ok ? await answer.text() : '';
    if (id) unfold(id, { focus: true });
  });

  for (const link of document.querySelectorAll('.faults a')) {
    link.addEventListener('click', () => unfold(link.hash.replace('#say-', '')));
  }

  document.body.addEventListener('htmx:afterSettle', (event) => {
    if (event.target.id !== 'blocks' && !event.target.querySelector?.('#blocks')) return;
    const made = document.getElementById('blocks').dataset.opened;
    unfold(made || open, { focus: Boolean(made) && made !== open });
  });

  /* Dragging: a block by its handle, a new one from the palette, a picture from the machine */

  let dragged = null;

  function carried(event) {
    return dragged || [...event.dataTransfer.types].includes('Files');
  }

  document.addEventListener('dragstart', (event) => {
    const palette = event.target.closest('.palette button');
    if (!palette && !event.target.closest('.handle')) return;
    dragged = palette ? { kind: palette.value } : { item: event.target.closest('[data-block]') };
    event.dataTransfer.effectAllowed = 'copyMove';
    event.dataTransfer.setData('text/plain', palette ? palette.value : dragged.item.dataset.block);
  });

  document.addEventListener('dragover', (event) => {
    for (const each of document.querySelectorAll('.over-block')) each.classList.remove('over-block');
    const over = event.target.closest('li.block, .cell');
    if (!over || event.target.closest('[data-drop]') || !carried(event)) return;
    over.classList.add('over-block');
    event.preventDefault();
  });

  document.addEventListener('drop', (event) => {
    const over = event.target.closest('li.block, .cell');
    if (!over || event.target.closest('[data-drop]') || !carried(event)) return;
    event.preventDefault();
    dropAt(event, over, false);
  });

  function dropAt(event, over, isBelow) {
    const list = over.matches('.cell') ? over.querySelector('.blocks') : over.parentElement;
    const others = [...list.children].filter((each) => !dragged || each !== dragged.item);
    let to = over.matches('.cell') ? others.length : others.indexOf(over) + (isBelow ? 1 : 0);
    if (dragged && dragged.item === over) return;
    if (dragged && dragged.item && dragged.item.contains(list)) return;
    to = Math.max(0, to);
    const place = { to: String(to), parent: list.dataset.parent, cell: list.dataset.cell };
    if (dragged && dragged.item) {
      const form = dragged.item.querySelector('.block-line');
      for (const [name, value] of Object.entries(place)) form.elements[name].value = value;
      form.querySelector('.drop-here').click();
    } else if (dragged) {
      const form = document.getElementById('add-block');
      for (const [name, value] of Object.entries({ ...place, after: '' })) form.elements[name].value = value;
      document.getElementById(`add-${dragged.kind}`).click();
    } else if (event.dataTransfer.files.length) {
      const picker = over.querySelector(':scope > .inside .picker input[type="file"]');
      if (!picker) return;
      picker.files = event.dataTransfer.files;
      picker.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }

  document.addEventListener('dragend', () => {
    dragged = null;
    for (const each of document.querySelectorAll('.over-block')) each.classList.remove('over-block');
  });

  /* Outside of words Ctrl+Z takes the latest change back, and Ctrl+Shift+Z does it again */

  document.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    const isRedo = (key === 'z' && event.shiftKey) || (key === 'y' && event.ctrlKey);
    if (!(event.ctrlKey || event.metaKey) || (key !== 'z' && !isRedo) || event.target.closest('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    document.getElementById(isRedo ? 'redo' : 'undo').click();
  });
})();
