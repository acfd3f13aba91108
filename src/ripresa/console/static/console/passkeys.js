/* Passkeys: the browser's own dialogue between two calls of ours. Without support the buttons stay hidden. */
(() => {
  'use strict';

  const supported = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;

  async function post(url, token, body) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'X-CSRFToken': token, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.problem);
    return told;
  }

  async function run(button) {
    const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
    const told = await post(button.dataset.options, token);
    const makes = button.dataset.passkey === 'make';
    const answer = makes
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(told) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told) });
    const { to } = await post(button.dataset.answer, token, answer.toJSON());
    window.location.assign(to);
  }

  for (const button of document.querySelectorAll('button[data-passkey]')) {
    button.hidden = !supported;
    button.addEventListener('click', async () => {
      const says = document.getElementById(button.dataset.says);
      says.hidden = true;
      button.disabled = true;
      try {
        await run(button);
      } catch (problem) {
        /* Who closes the browser's dialogue, or waits too long, has changed her mind: not our problem. */
        if (problem.name !== 'NotAllowedError') {
          says.textContent = problem.name === 'InvalidStateError' ? says.dataset.known : problem.message || says.dataset.broken;
          says.hidden = false;
        }
      }
      button.disabled = false;
    });
  }
})();
