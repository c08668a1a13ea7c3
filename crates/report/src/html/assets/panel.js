// One threat beside the table: what can happen, why here, how bad, what helps.

const panelTitle = element('h2', { tabIndex: -1, id: 'panel-title' });
const panelBody = element('div', { className: 'panel-body', tabIndex: 0, role: 'group', 'aria-label': 'Evidence' });
const panelAt = element('span');
const previous = button('↑', () => step(-1), { 'aria-label': 'Previous threat' });
const next = button('↓', () => step(1), { 'aria-label': 'Next threat' });
const panel = element('aside', { className: 'panel', hidden: true, 'aria-labelledby': 'panel-title' },
  element('div', { className: 'panel-bar' }, panelAt, previous, next,
    button('Close', () => closePanel(), { 'aria-label': 'Close the evidence' })),
  panelBody);

/** The threat that is shown, and what had the focus before. */
let shown = null;
let cameFrom = null;

/** Where the panel covers the page, nothing behind it can be reached. */
const covers = matchMedia('(max-width: 62rem)');

function cover() {
  for (const part of document.body.children) {
    if (part !== panel) part.inert = !panel.hidden && covers.matches;
  }
}

/** Shows a threat; its address can be passed on. */
function openPanel(threat) {
  const was = shown;
  shown = threat;
  panelTitle.textContent = threat.name;
  panelBody.replaceChildren(...told(threat));
  panelBody.scrollTop = 0;
  panel.hidden = false;
  document.documentElement.classList.add('with-panel');
  cover();
  if (!was) cameFrom = document.activeElement;
  const row = markChosen();
  if (row && !isSeen(row)) show(row, 'center');
  panelTitle.focus({ preventScroll: true });
}

/** Closes the panel; the row of its threat gets the focus back. */
function closePanel() {
  const row = shown && threatTable.reveal(shown);
  if (!hidePanel()) return;
  history.replaceState(null, '', '#threats');
  const back = row?.querySelector('th a') ?? cameFrom;
  back?.focus?.();
}

/** Hides the panel; whether it was there. */
function hidePanel() {
  if (!shown) return false;
  shown = null;
  panel.hidden = true;
  document.documentElement.classList.remove('with-panel');
  cover();
  markChosen();
  return true;
}

/** Goes to the threat before or after in the table. */
function step(by) {
  const { order } = threatTable;
  const at = order.indexOf(shown);
  const to = order[at < 0 ? 0 : at + by];
  if (to) location.hash = encodeURIComponent(to.id);
}

/** Marks the row of the threat that is shown, says where it stands, and gives it. */
function markChosen() {
  for (const row of all('tr.chosen', threatTable.shelf)) {
    row.classList.remove('chosen');
    row.querySelector('th a')?.removeAttribute('aria-current');
  }
  if (!shown) {
    highlightWanted();
    return null;
  }
  const row = threatTable.reveal(shown);
  if (row) {
    row.classList.add('chosen');
    row.querySelector('th a')?.setAttribute('aria-current', 'true');
  }
  const { order } = threatTable;
  const at = order.indexOf(shown);
  panelAt.textContent = at < 0 ? STATES[shown.state] : `${at + 1} of ${order.length}`;
  previous.disabled = at <= 0;
  next.disabled = at < 0 || at >= order.length - 1;
  const others = (shown.finding?.dataset.with ?? '').split(' ').filter(Boolean);
  highlight([shown.component], others.map((index) => componentAt[Number(index)]?.short).filter(Boolean));
  return row;
}

function isSeen(row) {
  const { top, bottom } = row.getBoundingClientRect();
  return top > 80 && bottom < innerHeight - 20;
}

/** Everything told of a threat. */
function told(threat) {
  const entry = entries.get(threat.entry);
  const { finding } = threat;
  const parts = [panelTitle, whereLine(threat)];
  const about = entry?.querySelector('.about')?.cloneNode(true);
  const references = about?.querySelector('.references');
  const known = about?.querySelector('.known');
  references?.remove();
  known?.remove();
  if (about) {
    nameWhatItMeans(about, threat);
    parts.push(heading('What can happen'), about);
  }
  // What is the same for all findings of an entry is written there once.
  const own = (name) => finding?.querySelector(`.${name}`) ?? entry?.querySelector(`:scope > .shared > .${name}`);
  if (finding) {
    parts.push(heading('Why here'));
    const by = finding.querySelector('.by');
    if (by) parts.push(by.cloneNode(true));
    parts.push(withLines(finding.querySelector('.why').cloneNode(true)));
    const asks = threat.state === 'question' && own('asks');
    if (asks) parts.push(asks.cloneNode(true));
  } else if (threat.state === 'only-code') {
    const ask = entry?.querySelector(':scope > .code');
    parts.push(heading('What only its code can tell'));
    if (ask) parts.push(ask.cloneNode(true));
    parts.push(proof(threat));
  } else {
    parts.push(heading('What holds it off'), proof(threat));
  }
  const against = threat.state === 'only-code' ? entry?.querySelector('.of-code') : own('against');
  if (against && threat.state !== 'held-off') parts.push(heading('Countermeasures'), measures(against));
  const factors = own('factors');
  if (factors && finding && threat.band) parts.push(heading('Risk'), bars(factors));
  if (known) parts.push(heading('Known as'), known);
  if (references) parts.push(heading('Read more'), references);
  return parts;
}

function heading(text) {
  return element('h3', {}, text);
}

/** How bad, on what, when. */
function whereLine(threat) {
  const line = element('p', { className: 'panel-where' });
  const pill = pillOf(threat);
  if (pill) line.append(pill);
  if (threat.state !== 'exposed') {
    line.append(element('span', { className: `standing-tag ${threat.state}` }, STATES[threat.state]));
  }
  const on = button(threat.component, () => only('component', [threat.component]),
    { className: 'text-button', title: `All threats of ${threat.component}` });
  line.append(on);
  // When it is so, on which points, in which system.
  const smalls = threat.row ? all('th small, td:nth-child(3) small', threat.row) : all('small', threat.item);
  line.append(...smalls.map((small) => element('span', { className: 'point' }, textOf(small))));
  return line;
}

/** Puts the names of here into a sentence that is told of all. */
function nameWhatItMeans(about, threat) {
  for (const name of all('[data-path]', about)) {
    const { path } = name.dataset;
    const here = path === 'component' ? threat.component : threat.finding?.getAttribute(`data-to-${path}`);
    if (here) name.textContent = here;
  }
}

/** Lines of source that stand elsewhere are shown here too. */
function withLines(why) {
  for (const figure of all('[id]', why)) figure.removeAttribute('id');
  for (const place of all('[data-lines]', why)) {
    const lines = byId(`lines-${place.dataset.lines}`)?.querySelector('pre');
    if (!lines) continue;
    place.replaceWith(element('figure', { className: 'source' },
      element('figcaption', {}, ...place.childNodes), lines.cloneNode(true)));
  }
  return why;
}

/** What is told in a list, as evidence. */
function proof(threat) {
  const list = element('ul', { className: 'facts' });
  for (const line of proofOf(threat)) list.append(element('li', {}, ...line.childNodes));
  if (threat.place) list.append(element('li', {}, element('code', {}, threat.place)));
  return list;
}

/** Factors with their weights drawn. */
function bars(factors) {
  const list = element('ul', { className: 'factors' });
  for (const factor of factors.children) {
    const [name, finding, weight] = [...factor.childNodes].map(textOf);
    const bar = element('span');
    bar.style.width = `${Math.min(Number(weight), 1) * 100}%`;
    list.append(element('li', {}, element('span', {}, name), element('b', {}, finding),
      element('span', { className: 'bar', 'aria-hidden': 'true' }, bar), element('data', {}, weight)));
  }
  return list;
}

/** Countermeasures with what to do; the first that is missing is open. */
function measures(against) {
  const list = against.cloneNode(true);
  let open = true;
  for (const item of list.children) {
    const link = item.querySelector('a');
    const article = byId(decodeURIComponent(link.getAttribute('href').slice(1)));
    const how = article?.querySelector('.how')?.cloneNode(true);
    if (!how) continue;
    const there = item.classList.contains('in-place');
    const details = element('details', { open: open && !there }, element('summary', {}, 'What to do, and how to see that it works'), how);
    if (!there) open = false;
    item.append(details);
  }
  return list;
}

function startPanel() {
  document.body.append(panel);
  covers.addEventListener('change', cover);
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closePanel();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden && !event.defaultPrevented) closePanel();
  });
}
