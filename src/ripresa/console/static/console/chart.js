/* The chart of a report: bars for messages, a line for revenue. The table beside it says the same. */
(() => {
  'use strict';
  const canvas = document.getElementById('chart');
  if (!canvas || !window.Chart) return;
  const { days, sent, revenue } = JSON.parse(canvas.dataset.chart);
  const style = getComputedStyle(document.body);
  const ink = style.getPropertyValue('--soft') || '#666';
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  window.Chart.defaults.color = ink;
  window.Chart.defaults.font.family = style.fontFamily;
  new window.Chart(canvas, {
    data: {
      labels: days,
      datasets: [
        // The line is drawn over the bars: a day of much revenue and many messages shows both.
        { type: 'bar', order: 1, label: canvas.dataset.sent, data: sent, yAxisID: 'left', backgroundColor: '#8fb3e8' },
        { type: 'line', order: 0, label: canvas.dataset.revenue, data: revenue, yAxisID: 'right', borderColor: '#2b8a3e', backgroundColor: '#2b8a3e' },
      ],
    },
    options: {
      animation: still ? false : undefined,
      aspectRatio: canvas.clientWidth < 500 ? 1.4 : undefined,
      scales: {
        left: { position: 'left', beginAtZero: true, ticks: { precision: 0 } },
        right: { position: 'right', beginAtZero: true, grid: { drawOnChartArea: false } },
      },
    },
  });
})();
