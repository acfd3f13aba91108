/* Runs before the page is painted, so that a dark page never flashes white. */
(() => {
  'use strict';
  const root = document.documentElement;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');

  function chosen() {
    try {
      return localStorage.getItem('ripresa-theme') || 'auto';
    } catch (error) {
      return 'auto'; // storage may be blocked
    }
  }

  function paint() {
    const theme = chosen();
    const isDark = theme === 'dark' || (theme === 'auto' && dark.matches);
    root.setAttribute('data-bs-theme', isDark ? 'dark' : 'light');
  }

  dark.addEventListener('change', paint);
  window.ripresaTheme = {
    chosen,
    choose(theme) {
      try {
        localStorage.setItem('ripresa-theme', theme);
      } catch (error) {
        // then it lasts for this page only
      }
      paint();
    },
  };
  root.classList.add('scripted'); // buttons for pages without a script disappear
  paint();
})();
