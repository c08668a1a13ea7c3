// The model, read from the tables of the page: what a row is about.

/** @typedef {{short: string, id: string, index: number, kind: string, zone: string,
 *   system: string, row: HTMLElement}} Part */
/** @typedef {{id: string, entry: string, name: string, state: string, risk: number,
 *   band: string, component: string, place: string, row: HTMLElement,
 *   finding: ?HTMLElement, words: string}} Threat */

/** Bands and states, worst first, with what people call them. */
const BANDS = ['critical', 'high', 'medium', 'low', 'very-low'];
const STATES = {
  exposed: 'exposed',
  question: 'question',
  'only-code': 'only code tells',
  included: 'included',
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
    all('tr', body)
      .filter((row) => !row.matches('.heading, .nothing'))
      .map((row) => readThreat(row, body.dataset.s)),
  );
}

function readThreat(row, state) {
  const [risk, name, component, , place] = row.cells;
  const link = name.querySelector('a');
  const id = row.id || decodeURIComponent(link.getAttribute('href').slice(1));
  const pill = risk.querySelector('.risk');
  const entry = id.slice(0, id.indexOf('@'));
  const short = component.firstChild.textContent.trim();
  return {
    id,
    entry,
    name: link ? textOf(link) : name.firstChild.textContent.trim(),
    state,
    risk: pill ? Number(textOf(pill.querySelector('b'))) : -1,
    band: pill ? BANDS.find((band) => pill.classList.contains(band)) : '',
    component: short,
    place: textOf(place),
    row,
    finding: row.id ? null : byId(id),
    words: [id, row.textContent, kindOf(short), strideOf(entry).join(' ')].join(' ').toLowerCase(),
  };
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
