// The model, read from the tables of the page: what a row is about.

/** @typedef {{short: string, id: string, index: number, kind: string, zone: string,
 *   system: string, place: string, row: HTMLElement}} Part */
/** @typedef {{id: string, entry: string, name: string, state: string, risk: number,
 *   band: string, component: string, place: string, words: string,
 *   row: ?HTMLElement, item: ?HTMLElement, finding: ?HTMLElement}} Threat
 *  A threat stands in a row of its own, or in an item of a row of those told alike. */

/** Bands and states, worst first, with what people call them. */
const BANDS = ['critical', 'high', 'medium', 'low', 'very-low'];
const STATES = {
  exposed: 'exposed',
  question: 'question',
  'only-code': 'only code tells',
  included: 'included',
  decided: 'decided',
  'held-off': 'held off',
};

function spaced(word) {
  return word.replaceAll('-', ' ');
}

/** The components, by their short names. @returns {Map<string, Part>} */
function readComponents() {
  const table = byId('components-rows');
  const found = new Map();
  if (!table) return found;
  const titles = all('thead th', table).map(textOf);
  all('tbody tr', table).forEach((row, index) => {
    // What stands under the main thing of a cell is told apart.
    const cell = (title) => textOf(row.cells[titles.indexOf(title)]?.firstChild);
    const short = cell('Component');
    found.set(short, {
      short,
      id: row.dataset.id,
      index,
      kind: cell('Kind'),
      zone: cell('Zone'),
      system: cell('System'),
      place: cell('Where'),
      row,
    });
  });
  return found;
}

/** What is told of each entry, by its id. @returns {Map<string, HTMLElement>} */
function readEntries() {
  return new Map(all('#findings > .entry').map((entry) => [entry.dataset.e, entry]));
}

/** The threats, in the order of the page. @returns {Threat[]} */
function readThreats() {
  return all('#threat-rows > tbody').flatMap((body) =>
    [...body.rows].flatMap((row) => {
      if (row.matches('.heading, .nothing')) return [];
      const items = all('.listed > li', row);
      if (items.length === 0) return [readRow(row, body.dataset.s)];
      const name = textOf(row.cells[1]);
      const risk = textOf(row.cells[0].querySelector('b')) || -1;
      const alike = { entry: row.dataset.e, name, risk, state: body.dataset.s, said: all('p', row).map(textOf).join(' ') };
      return items.map((item) => readItem(item, alike));
    }),
  );
}

/** A threat with a row of its own. */
function readRow(row, state) {
  const [risk, name, component, , place] = row.cells;
  const link = name.querySelector('a');
  const id = decodeURIComponent(link.getAttribute('href').slice(1));
  return threatOf(id, {
    name: textOf(link),
    state,
    risk: Number(textOf(risk.querySelector('.risk b')) || -1),
    component: textOf(component.firstChild),
    place: textOf(place),
    row,
    item: null,
    finding: byId(id),
  });
}

/** A threat in a list of those told alike. */
function readItem(item, { entry, name, risk, state, said }) {
  const component = textOf(item.firstChild);
  return threatOf(item.id || `${entry}@${component}`, {
    name,
    state,
    risk: Number(item.dataset.r ?? risk),
    component,
    place: components.get(component)?.place ?? '',
    row: null,
    item,
    finding: null,
  }, said);
}

function threatOf(id, known, said = '') {
  const entry = id.slice(0, id.indexOf('@'));
  const told = (known.row ?? known.item).textContent;
  return {
    id,
    entry,
    ...known,
    band: bandOf(known.risk),
    words: [id, known.name, told, said, kindOf(known.component), strideOf(entry).join(' ')].join(' ').toLowerCase(),
  };
}

/** What is told of a threat in a list, as copies. */
function proofOf(threat) {
  const lines = [...all(':scope > p', threat.item.closest('td')), ...all('span', threat.item)];
  return lines.map((line) => element('p', {}, ...line.cloneNode(true).childNodes));
}

/** The band of a risk; none where there is no risk. */
function bandOf(risk) {
  if (risk < 0) return '';
  return BANDS[Math.max(0, 4 - Math.floor(risk / 20))];
}

/** A risk as a shape, a number and a word; `null` where there is none. */
function pillOf(threat) {
  if (!threat.band) return null;
  const certain = threat.state === 'exposed' ? '' : ' perhaps';
  return element('span', { className: `risk ${threat.band}${certain}` },
    element('b', {}, String(threat.risk)), ` ${spaced(threat.band)}`);
}

const components = readComponents();
const entries = readEntries();
const threats = readThreats();
const threatById = new Map(threats.map((threat) => [threat.id, threat]));
const componentById = new Map([...components.values()].map((part) => [part.id, part]));
const componentAt = [...components.values()];

/** What a threat may be found by; `tiles`: by the numbers at the top. */
const FACETS = {
  state: { title: 'State', tiles: true, of: (threat) => [threat.state], order: Object.keys(STATES), say: (value) => STATES[value] },
  band: { title: 'Risk', tiles: true, of: (threat) => (threat.band ? [threat.band] : []), order: BANDS, say: spaced },
  system: { title: 'System', of: (threat) => known(components.get(threat.component)?.system) },
  kind: { title: 'Kind', of: (threat) => known(kindOf(threat.component)) },
  stride: { title: 'STRIDE', of: (threat) => strideOf(threat.entry), say: spaced },
  component: { title: 'Component', of: (threat) => [threat.component] },
};

function known(value) {
  return value ? [value] : [];
}

function kindOf(component) {
  return components.get(component)?.kind ?? '';
}

function strideOf(entry) {
  return (entries.get(entry)?.dataset.stride ?? '').split(' ').filter(Boolean);
}
