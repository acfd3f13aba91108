/* Carts by the hour beside the usual. The table beside it says the same. */
(() => {
  'use strict';
  const canvas = document.getElementById('hours');
  if (!canvas || !window.Chart) return;
  const { hours, seen, usual } = JSON.parse(canvas.dataset.chart);
  const style = getComputedStyle(document.body);
  const narrow = canvas.clientWidth < 500;
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  window.Chart.defaults.color = style.getPropertyValue('--soft') || '#666';
  window.Chart.defaults.font.family = style.fontFamily;
  new window.Chart(canvas, {
    data: {
      labels: hours,
      datasets: [
        { type: 'bar', label: canvas.dataset.seen, data: seen, backgroundColor: '#8fb3e8' },
        { type: 'line', label: canvas.dataset.usual, data: usual, borderColor: '#a8476f', backgroundColor: '#a8476f', pointRadius: 0, stepped: 'middle' },
      ],
    },
    options: {
      animation: still ? false : undefined,
      aspectRatio: narrow ? 1.8 : undefined,
      scales: { x: { ticks: { maxTicksLimit: narrow ? 3 : 12, autoSkipPadding: 12, maxRotation: 0 } }, y: { beginAtZero: true, ticks: { precision: 0 } } },
    },
  });
})();
