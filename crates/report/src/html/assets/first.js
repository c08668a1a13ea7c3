// Run before anything is shown: that there is a script, and the reader's theme.
(() => {
  'use strict';
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const theme = localStorage.getItem('underbelly-theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  } catch {
    // A page from a file may keep nothing; then the system's theme holds.
  }
})();
