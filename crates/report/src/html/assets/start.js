// Everything is there: begin.

/** The theme that is seen, whoever chose it. */
function theme() {
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  return document.documentElement.dataset.theme ?? (dark ? 'dark' : 'light');
}

function themeButton() {
  const other = () => (theme() === 'dark' ? 'light' : 'dark');
  const made = button('', () => {
    document.documentElement.dataset.theme = other();
    try {
      localStorage.setItem('underbelly-theme', theme());
    } catch {
      // Then it holds until the page is left.
    }
    name();
  });
  const name = () => {
    made.textContent = other() === 'dark' ? 'Dark' : 'Light';
    made.setAttribute('aria-label', `Switch to the ${other()} theme`);
  };
  name();
  return made;
}

byId('top').append(element('div', { className: 'tools' }, themeButton(), button('Print', () => print())));
startPanel();
startFinding();
startDiagram();
startViews();
