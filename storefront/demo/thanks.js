// The page after an order.

const number = new URLSearchParams(location.search).get('order');
document.querySelector('[data-number]').textContent = number || '';
