/*
 * Words with merge fields: each field is a chip with a label, its fall-back stands beneath the words.
 * The text area stays the truth: a chip is nothing but the tag that stands there.
 */
(() => {
  'use strict';

  const known = document.getElementById('chips');
  const { fields, stars, forks, ifUnknown, link: linkLabel } = known
    ? JSON.parse(known.textContent)
    : { fields: {}, stars: {}, forks: {} };
  // A field that stands there only if it is known, with a blank before it: one chip.
  const OPTIONAL = /\{%\s*if\s+([a-z_.]+)\s*%\}\s*\{\{\s*\1\s*\}\}\s*\{%\s*endif\s*%\}/;
  const TAG = new RegExp(`${OPTIONAL.source}|\\{\\{[^{}]*\\}\\}|\\{%[^{}]*%\\}|\\*\\|[A-Za-z_]+\\|\\*`, 'g');
  const FIELD = /^\{\{\s*([a-z_.]+)\s*(?:\|\s*default\(\s*(?:"([^"]*)"|'([^']*)')\s*\)\s*)?\}\}$/;
  // What stands there only sometimes: where it begins, turns and ends.
  const FORK = /^\{%-?\s*(?:(if)\s+(not\s+)?([a-z_.]+)|(else|endif))\s*-?%\}$/;
  const STAR = /^\*\|([A-Za-z_]+)\|\*$/;
  // Words of several lines without markup.
  const TALL = ['sms', 'paragraphs', 'signature', 'qr', 'small'];
  const carets = new WeakMap(); // where the cursor was, of each field

  function read(tag) {
    const found = FIELD.exec(tag);
    if (found) return { name: found[1], fallback: found[2] ?? found[3] ?? '', falls: tag.includes('|') };
    const optional = OPTIONAL.exec(tag);
    if (optional) return { name: optional[1], fallback: '' };
    const star = STAR.exec(tag);
    return { name: star ? stars[star[1].toUpperCase()] : undefined, fallback: '' };
  }

  function write(name, fallback) {
    const isMaybe = fields[name] && fields[name].maybe;
    return isMaybe ? `{{ ${name} | default("${fallback.replace(/["{}\\\n]/g, '')}") }}` : `{{ ${name} }}`;
  }

  function fork(tag) {
    const [, begins, not, name, word] = FORK.exec(tag) || [];
    if (word) return forks[word];
    return begins && fields[name] ? forks[not ? 'unless' : 'if'].replace('%(field)s', fields[name].label) : undefined;
  }

  function chip(tag) {
    const element = document.createElement('span');
    const { name, fallback } = read(tag);
    const turn = fork(tag);
    element.className = fields[name] ? 'field-chip' : turn ? 'field-chip fork' : 'field-chip unknown';
    if (/^\{%\s*if/.test(tag) && fields[name]) element.classList.add('spaced');
    element.contentEditable = 'false';
    element.dataset.tag = tag;
    element.textContent = fields[name] ? fields[name].label + (fallback ? ` / ${fallback}` : '') : turn || tag;
    if (turn) element.title = tag;
    return element;
  }

  function chipped(text) {
    const pieces = document.createDocumentFragment();
    let from = 0;
    for (const found of text.matchAll(TAG)) {
      pieces.append(text.slice(from, found.index), chip(found[0]));
      from = found.index + found[0].length;
    }
    pieces.append(text.slice(from));
    return pieces;
  }

  function chipTexts(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) if (walker.currentNode.data.search(TAG) >= 0) found.push(walker.currentNode);
    for (const node of found) if (!node.parentElement.closest('.field-chip')) node.replaceWith(chipped(node.data));
  }

  function plainOf(node) {
    let text = '';
    for (const each of node.childNodes) {
      if (each.nodeType === Node.TEXT_NODE) text += each.data;
      else if (each.dataset && each.dataset.tag) text += each.dataset.tag;
      else if (each.nodeName === 'BR') text += '\n';
      else text += (each.nodeName === 'DIV' || each.nodeName === 'P' ? '\n' : '') + plainOf(each);
    }
    return text.replace(/\u200b/g, '');
  }

  function htmlOf(root) {
    const copy = root.cloneNode(true);
    for (const each of copy.querySelectorAll('.field-chip')) {
      let words = each; // a chip made bold has its letters in a <b> of its own
      while (words.firstElementChild) words = words.firstElementChild;
      words.textContent = each.dataset.tag;
      each.replaceWith(...each.childNodes);
    }
    for (const each of copy.querySelectorAll('[class], [style], [dir]')) {
      for (const name of ['class', 'style', 'dir']) each.removeAttribute(name);
    }
    return copy.innerHTML.replace(/\u200b/g, '');
  }

  /* Pasted HTML: styles go before anything is parsed, for the page's policy would complain of each. */
  function clean(html) {
    const bare = html.replace(/\sstyle\s*=\s*("[^"]*"|'[^']*')/gi, '').replace(/<style[\s\S]*?<\/style>/gi, '');
    const lines = bare.replace(/<(\/?)(?:h[1-6]|caption)\b[^>]*>/gi, '<$1p>');
    return inLines(window.DOMPurify.sanitize(lines, {
      ALLOWED_TAGS: ['p', 'div', 'br', 'strong', 'b', 'em', 'i', 'u', 's', 'a', 'ul', 'ol', 'li',
        'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th'],
      ALLOWED_ATTR: ['href'],
      RETURN_DOM_FRAGMENT: true,
    }));
  }

  /* Our texts have no tables: a line a row, its cells apart. What lies inside another comes first. */
  function inLines(fragment) {
    for (const table of [...fragment.querySelectorAll('table')].reverse()) {
      table.replaceWith(...[...table.rows].filter((row) => row.textContent.trim()).map(inLine));
    }
    return fragment;
  }

  function inLine(row) {
    const line = document.createElement('p');
    for (const cell of row.cells) {
      for (const each of cell.querySelectorAll('p, div, ul, ol, li, br')) each.replaceWith(...each.childNodes, ' ');
      if (cell.previousElementSibling) line.append(' | ');
      line.append(...cell.childNodes);
    }
    return line;
  }

  function remember(field) {
    const chosen = document.getSelection();
    if (chosen.rangeCount && field.contains(chosen.anchorNode)) carets.set(field, chosen.getRangeAt(0).cloneRange());
  }

  function insert(field, tag) {
    const element = chip(tag);
    let place = carets.get(field);
    if (!place || !field.contains(place.startContainer)) {
      place = document.createRange();
      place.selectNodeContents(field.lastElementChild && field.dataset.rich ? field.lastElementChild : field);
      place.collapse(false);
    }
    place.deleteContents();
    const room = document.createTextNode('\u200b'); // somewhere to write behind it
    place.insertNode(room);
    place.insertNode(element);
    field.focus();
    const chosen = document.getSelection();
    chosen.collapse(room, 1);
    remember(field);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  function fallbacks(form, field) {
    const row = form.querySelector('.fallbacks');
    const chips = [...field.querySelectorAll('.field-chip')].filter((each) => read(each.dataset.tag).falls);
    row.replaceChildren(...chips.map((each) => {
      const { name, fallback } = read(each.dataset.tag);
      const label = document.createElement('label');
      const input = document.createElement('input');
      input.className = 'form-control';
      input.value = fallback;
      input.maxLength = 60;
      input.addEventListener('input', (event) => {
        event.stopPropagation();
        each.dataset.tag = write(name, input.value);
        each.textContent = fields[name].label + (input.value ? ` / ${input.value}` : '');
        field.dispatchEvent(new CustomEvent('input', { bubbles: true, detail: 'fallback' }));
      });
      input.addEventListener('change', (event) => event.stopPropagation());
      label.append(ifUnknown.replace('%(field)s', fields[name].label), input);
      return label;
    }));
  }

  function menu(field, line) {
    const made = document.getElementById('insert-menu').content.cloneNode(true).firstElementChild;
    for (const button of made.querySelectorAll('[data-field]')) {
      button.addEventListener('click', () => {
        made.removeAttribute('open');
        insert(field, write(button.dataset.field, ''));
      });
    }
    line.append(made);
  }

  /* Bold and italic of a letter: marks around the words, which stay plain */

  function marks(field, line) {
    const bar = document.getElementById('mark-tools').content.cloneNode(true).firstElementChild;
    bar.addEventListener('mousedown', (event) => {
      if (event.target.closest('button')) event.preventDefault(); // the cursor stays in the words
    });
    bar.addEventListener('click', (event) => {
      const button = event.target.closest('[data-mark]');
      if (button) mark(field, button.dataset.mark);
    });
    field.addEventListener('keydown', (event) => {
      const sign = { b: '**', i: '_' }[event.key.toLowerCase()];
      if (!sign || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      mark(field, sign);
    });
    line.after(bar);
  }

  function mark(field, sign) {
    remember(field);
    const place = carets.get(field);
    if (!place || !field.contains(place.startContainer)) {
      field.focus();
      return;
    }
    const [from, to] = [[place.startContainer, place.startOffset], [place.endContainer, place.endOffset]].map(([node, at]) => {
      const before = document.createRange();
      before.selectNodeContents(field);
      before.setEnd(node, at);
      return plainOf(before.cloneContents()).length;
    });
    const text = plainOf(field);
    const chosen = text.slice(from, to);
    const around = [text.slice(from - sign.length, from), text.slice(to, to + sign.length)];
    let start = from;
    let end = to;
    let words = chosen;
    if (around.every((each) => each === sign)) {
      start -= sign.length;
      end += sign.length;
    } else if (chosen.length > 2 * sign.length && chosen.startsWith(sign) && chosen.endsWith(sign)) {
      words = chosen.slice(sign.length, -sign.length);
    } else {
      // Marks hold within a line, and stand at words.
      words = chosen.split('\n').map((each) => (each.trim() ? each.replace(/^(\s*)(.*?)(\s*)$/, `$1${sign}$2${sign}$3`) : each)).join('\n');
      if (!chosen.trim()) words = `${sign}${sign}`;
    }
    field.replaceChildren(chipped(text.slice(0, start) + words + text.slice(end)));
    field.focus();
    const caret = chosen.trim() ? [start, start + words.length] : [start + sign.length, start + sign.length];
    choose(field, ...caret);
    remember(field);
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /* Choose what stands from one place of the plain words to another. */
  function choose(field, from, to) {
    const range = document.createRange();
    let passed = 0;
    range.selectNodeContents(field);
    for (const each of field.childNodes) {
      const isText = each.nodeType === Node.TEXT_NODE;
      const length = isText ? each.data.length : each.dataset.tag.length;
      for (const [at, set] of [[from, 'setStart'], [to, 'setEnd']]) {
        if (at < passed || at > passed + length) continue;
        if (isText) range[set](each, at - passed);
        else range[`${set}${at > passed ? 'After' : 'Before'}`](each);
      }
      passed += length;
    }
    const chosen = document.getSelection();
    chosen.removeAllRanges();
    chosen.addRange(range);
  }

  function tools(field, squire, line) {
    const bar = document.getElementById('text-tools').content.cloneNode(true).firstElementChild;
    const act = {
      bold: () => (squire.hasFormat('b') ? squire.removeBold() : squire.bold()),
      italic: () => (squire.hasFormat('i') ? squire.removeItalic() : squire.italic()),
      underline: () => (squire.hasFormat('u') ? squire.removeUnderline() : squire.underline()),
      strikethrough: () => (squire.hasFormat('s') ? squire.removeStrikethrough() : squire.strikethrough()),
      unordered: () => (squire.hasFormat('ul') ? squire.removeList() : squire.makeUnorderedList()),
      ordered: () => (squire.hasFormat('ol') ? squire.removeList() : squire.makeOrderedList()),
      link: () => askLink(squire, bar),
      plain: () => squire.removeAllFormatting(),
    };
    bar.addEventListener('mousedown', (event) => {
      if (event.target.closest('button')) event.preventDefault(); // the cursor stays in the words
    });
    bar.addEventListener('click', (event) => {
      const button = event.target.closest('[data-tool]');
      if (!button) return;
      // What is chosen now counts: Squire may not have heard yet of a choice made by keyboard.
      const chosen = document.getSelection();
      if (chosen.rangeCount && field.contains(chosen.anchorNode)) squire.setSelection(chosen.getRangeAt(0));
      act[button.dataset.tool]();
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    squire.addEventListener('pathChange', () => {
      const is = { bold: 'b', italic: 'i', underline: 'u', strikethrough: 's', unordered: 'ul', ordered: 'ol', link: 'a' };
      for (const [name, tag] of Object.entries(is)) {
        bar.querySelector(`[data-tool="${name}"]`).setAttribute('aria-pressed', String(squire.hasFormat(tag)));
      }
    });
    line.after(bar);
  }

  function askLink(squire, bar) {
    const old = bar.querySelector('.link-form');
    if (old) {
      old.remove();
      return;
    }
    if (squire.hasFormat('a')) {
      squire.removeLink();
      return;
    }
    const input = document.createElement('input');
    input.className = 'form-control link-form';
    input.placeholder = 'https://';
    input.setAttribute('aria-label', linkLabel);
    const range = squire.getSelection();
    for (const kind of ['input', 'change']) input.addEventListener(kind, (event) => event.stopPropagation());
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== 'Escape') return;
      event.preventDefault();
      input.remove();
      squire.setSelection(range);
      squire.focus();
      if (event.key === 'Enter' && input.value.trim()) squire.makeLink(input.value.trim());
    });
    bar.append(input);
    input.focus();
  }

  function dress(form) {
    const area = form.querySelector('textarea');
    const kind = form.dataset.kind;
    form.dataset.ready = 'yes';
    if (kind === 'raw' || kind === 'image') return;
    const field = document.createElement('div');
    const isRich = kind === 'text';
    const isTall = TALL.includes(kind);
    field.id = area.id.replace('say-', 'write-');
    field.className = `form-control writes${isRich ? ' rich' : ''}${isTall ? ' tall' : ''}`;
    field.lang = area.lang;
    field.contentEditable = isRich ? 'true' : 'plaintext-only';
    if (isRich) field.dataset.rich = 'yes';
    field.setAttribute('role', 'textbox');
    field.setAttribute('aria-multiline', String(isRich || isTall));
    const label = form.querySelector('label');
    field.setAttribute('aria-labelledby', label.id);
    label.removeAttribute('for');
    label.addEventListener('click', () => field.focus());
    const line = form.querySelector('.label-line');
    const row = document.createElement('div');
    row.className = 'fallbacks';
    area.hidden = true;
    area.before(field);
    area.after(row);
    if (isRich) {
      const squire = new window.Squire(field, { blockTag: 'P', sanitizeToDOMFragment: clean });
      squire.setHTML(area.value);
      chipTexts(field);
      tools(field, squire, line);
      squire.addEventListener('input', () => field.dispatchEvent(new CustomEvent('input', { bubbles: true, detail: 'squire' })));
    } else {
      field.append(chipped(area.value));
    }
    if (kind === 'paragraphs') marks(field, line);
    menu(field, line);
    fallbacks(form, field);
    field.addEventListener('input', (event) => {
      area.value = isRich ? htmlOf(field) : plainOf(field);
      if (event.detail !== 'fallback') fallbacks(form, field);
    });
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !isRich && !isTall) event.preventDefault();
    });
    for (const each of ['keyup', 'mouseup', 'blur']) field.addEventListener(each, () => remember(field));
  }

  function dressAll() {
    for (const form of document.querySelectorAll('form.words:not([data-ready])')) dress(form);
  }

  document.addEventListener('input', (event) => {
    const picker = event.target.closest('input[type="color"][data-colour]');
    if (picker) document.getElementById(picker.dataset.colour).value = picker.value;
  });

  document.addEventListener('htmx:afterSettle', dressAll);
  dressAll();
})();
