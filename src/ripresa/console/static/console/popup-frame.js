/* In the frame of the preview: what the pop-up asks the install for is in the page already, for the frame reaches nothing. */
(() => {
  'use strict';
  const settings = JSON.parse(document.getElementById('settings').textContent);
  const dialog = HTMLDialogElement.prototype;
  // As a modal dialog it would take the focus away from whoever is still typing beside the frame.
  dialog.showModal = function () {
    this.popover = 'manual';
    this.showPopover();
  };
  dialog.close = function () {
    if (!this.matches(':popover-open')) return;
    this.hidePopover();
    this.dispatchEvent(new Event('close'));
  };
  window.fetch = async () => ({ status: 200, json: async () => settings });
})();
