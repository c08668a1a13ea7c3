// Finding threats: search, facets, grouping, and what is found said in words.

/** What is looked for. */
const wanted = { words: [], facets: new Map(Object.keys(FACETS).map((name) => [name, new Set()])) };

/** Where one begins: with the worst there is. */
const FIRST_STATE = Object.keys(STATES).find((state) => threats.some((threat) => threat.state === state)) ?? 'exposed';

const found = element('p', { className: 'unseen', role: 'status', 'aria-live': 'polite' });
const foundLine = element('div', { className: 'found' });
const search = element('input', {
  type: 'search',
  placeholder: 'Search threats',
  title: 'Press / to search',
  'aria-label': 'Search threats',
  autocomplete: 'off',
  spellcheck: false,
});
const facets = new Map();

const threatTable = liveTable({
  label: 'Threats',
  className: 'threats live-threats',
  columns: [
    { title: 'Risk', key: (threat) => threat.risk, descending: true },
    { title: 'Threat', key: (threat) => threat.name },
    { title: 'Component', key: (threat) => threat.component },
    { title: 'First step, or what shows it', key: (threat) => threat.row ? textOf(threat.row.cells[3]) : proofOf(threat).map(textOf).join(' ') },
    { title: 'Where', key: (threat) => threat.place },
  ],
  draw: threatRow,
  drawGroup: threatGroup,
  empty: nothingFound,
});

/** A threat as a row to be picked. */
function threatRow(threat) {
  const row = threat.row ? threat.row.cloneNode(true) : rowOfItem(threat);
  row.classList.add('choosable');
  if (threat.state !== 'exposed') {
    row.cells[0].append(element('span', { className: `standing-tag ${threat.state}` }, STATES[threat.state]));
  }
  row.addEventListener('click', (event) => {
    if (event.target.closest('a, button') || getSelection().toString()) return;
    row.querySelector('th a').click();
  });
  return row;
}

/** A row made of what stands in a list. */
function rowOfItem(threat) {
  const pill = pillOf(threat);
  const link = element('a', { href: `#${encodeURIComponent(threat.id)}` }, threat.name);
  return element('tr', {},
    element('td', {}, ...(pill ? [pill] : [])),
    element('th', { scope: 'row' }, link),
    element('td', {}, threat.component, ...all('small', threat.item).map((small) => small.cloneNode(true))),
    element('td', {}, ...proofOf(threat)),
    element('td', {}, element('code', {}, threat.place)));
}

/** Several threats of one name, or of one component, as one line. */
function threatGroup(members, fold) {
  const [worst] = members;
  const several = (name, one, many) => {
    const values = new Set(members.map((threat) => threat[name]));
    return values.size === 1 ? [worst[name]] : [count(values.size, one, many)];
  };
  const pill = pillOf(worst);
  const byName = fold.textContent === worst.name;
  const title = element('th', { scope: 'row' }, fold);
  const name = byName ? title : element('td', {}, ...several('name', 'threat', 'threats'));
  const on = byName ? element('td', {}, ...several('component', 'component', 'components')) : title;
  const step = element('td', {}, ...(byName && worst.row ? [...worst.row.cells[3].cloneNode(true).childNodes] : []));
  return [element('td', {}, ...(pill ? [pill] : [])), name, on, step, element('td')];
}

function matches(threat, but) {
  for (const [name, values] of wanted.facets) {
    if (name === but || values.size === 0) continue;
    if (!FACETS[name].of(threat).some((value) => values.has(value))) return false;
  }
  return wanted.words.every((word) => threat.words.includes(word));
}

/** Shows what matches, and says how much that is. */
function find() {
  const rows = threats.filter((threat) => matches(threat));
  const narrowed = wanted.words.length > 0 || [...wanted.facets].some(([name, values]) => name !== 'state' && values.size > 0);
  threatTable.show(rows, narrowed);
  const names = new Set(rows.map((threat) => threat.entry)).size;
  const said = `${count(names, 'threat', 'threats')} in ${count(rows.length, 'place', 'places')}`;
  found.textContent = said;
  foundLine.replaceChildren(element('span', {}, said), ...chips());
  for (const [name, facet] of facets) facet.summary.parentElement.classList.toggle('used', wanted.facets.get(name).size > 0);
  for (const tile of all('.tally [aria-pressed]')) {
    tile.setAttribute('aria-pressed', wanted.facets.get(tile.dataset.facet).has(tile.dataset.value));
  }
  markChosen();
}

/** Values of one facet told one by one, and offered in a menu. */
const FEW = 5;
const OFFERED = 300;

/** What narrows the table, each to be taken away. */
function chips() {
  const made = [];
  const chip = (said, remove) => {
    const taken = button('', remove, { className: 'chip', 'aria-label': `Remove ${said}` });
    taken.append(element('span', {}, said));
    made.push(taken);
  };
  for (const [name, values] of wanted.facets) {
    const { title, tiles, say = (value) => value } = FACETS[name];
    if (tiles) continue;
    if (values.size > FEW) chip(`${title}: ${values.size}`, () => only(name, []));
    else for (const value of values) chip(say(value), () => toggle(name, value, false));
  }
  if (made.length > 0 || wanted.words.length > 0) {
    made.push(button('Clear', clear, { className: 'text-button' }));
  }
  return made;
}

function clear() {
  for (const [name, values] of wanted.facets) if (name !== 'state') values.clear();
  wanted.words = [];
  search.value = '';
  find();
}

/** Wants a value of a facet, or does not any more. */
function toggle(name, value, on) {
  const values = wanted.facets.get(name);
  if (on ?? !values.has(value)) values.add(value);
  else values.delete(value);
  find();
}

/** Wants these values of a facet alone. */
function only(name, values) {
  wanted.facets.set(name, new Set(values));
  find();
}

/** What to do where nothing is found. */
function nothingFound() {
  const states = wanted.facets.get('state');
  const elsewhere = threats.filter((threat) => matches(threat, 'state'));
  const said = element('p', {}, 'No threat matches. ');
  if (states.size > 0 && elsewhere.length > 0) {
    const n = count(elsewhere.length, 'stands', 'stand');
    said.append(button(`${n} otherwise: show`, () => only('state', []), { className: 'text-button' }));
  }
  return [said];
}

/** A menu of a facet's values; what stands in it is made when it is opened. */
function facetMenu(name) {
  const { title, order, say = (value) => value } = FACETS[name];
  const menu = element('div', { className: 'menu', role: 'group', 'aria-label': title });
  const summary = element('summary', {}, title);
  const details = element('details', { className: 'facet' }, summary, menu);
  details.addEventListener('toggle', () => {
    if (!details.open) return;
    const counts = new Map();
    for (const threat of threats) {
      if (!matches(threat, name)) continue;
      for (const value of FACETS[name].of(threat)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const value of wanted.facets.get(name)) if (!counts.has(value)) counts.set(value, 0);
    const values = [...counts.keys()].sort((a, b) =>
      order ? order.indexOf(a) - order.indexOf(b) : counts.get(b) - counts.get(a) || inOrder(a, b));
    menu.replaceChildren(...values.slice(0, OFFERED).map((value) => {
      const box = element('input', { type: 'checkbox', checked: wanted.facets.get(name).has(value) });
      box.addEventListener('change', () => toggle(name, value, box.checked));
      return element('label', {}, box, element('span', {}, say(value)), element('span', {}, String(counts.get(value))));
    }));
    const more = values.length - OFFERED;
    if (more > 0) menu.append(element('p', { className: 'nothing' }, `and ${more} more: search for them`));
    if (values.length === 0) menu.append(element('p', { className: 'nothing' }, 'Nothing to choose'));
  });
  facets.set(name, { details, summary });
  return details;
}

/** Closes menus that are left. */
function closeMenus(but) {
  for (const { details } of facets.values()) if (details !== but) details.open = false;
}

function finder() {
  const groups = {
    'By threat': (threat) => threat.name,
    'By component': (threat) => threat.component,
    'Not grouped': null,
  };
  const grouping = element('select', { className: 'plain-button', 'aria-label': 'Group' },
    ...Object.keys(groups).map((by) => element('option', { value: by }, by)));
  grouping.addEventListener('change', () => threatTable.groupBy(groups[grouping.value]));
  threatTable.groupBy(groups['By threat']);
  const several = (name) => new Set(threats.flatMap(FACETS[name].of)).size > 1;
  const menus = Object.keys(FACETS).filter((name) => !FACETS[name].tiles && several(name)).map(facetMenu);
  search.addEventListener('input', () => {
    wanted.words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    find();
  });
  document.addEventListener('click', (event) => closeMenus(event.target.closest('.facet')));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      const open = [...facets.values()].find(({ details }) => details.open);
      if (open) {
        closeMenus();
        open.summary.focus();
        event.stopPropagation();
      }
    }
    if (event.key === '/' && !event.target.closest('input, textarea, select') && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
  }, true);
  return element('div', { className: 'finder', role: 'search', 'aria-label': 'Threats' },
    search, ...menus, grouping);
}

/** The numbers at the top, to press. */
function pressTally() {
  for (const item of all('.tally li')) {
    const { facet, value } = item.dataset;
    const tile = element('button', { type: 'button', 'aria-pressed': 'false', title: item.title }, ...item.childNodes);
    Object.assign(tile.dataset, { facet, value });
    item.removeAttribute('title');
    item.classList.toggle('none', textOf(tile.firstElementChild) === '0');
    tile.addEventListener('click', () => toggle(facet, value));
    item.append(tile);
  }
}

/** Arrow keys walk through the names of the table. */
function walkTable(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const link = event.target.closest('tbody th :is(a, .fold)');
  if (!step || !link) return;
  const links = all('tbody th[scope="row"] :is(a, .fold)', threatTable.shelf);
  const next = links[links.indexOf(link) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

function startFinding() {
  pressTally();
  threatTable.shelf.addEventListener('keydown', walkTable);
  byId('threat-rows').before(finder(), foundLine, found, threatTable.shelf);
  only('state', [FIRST_STATE]);
}
