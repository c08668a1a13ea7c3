// Which part of the report is seen, told by the address.

const views = all('main > .view');

/** Shows what the address names: a view, a countermeasure, a threat. */
function route() {
  const id = address();
  const threat = threatById.get(id);
  if (threat) {
    turnTo('threats');
    if (shown !== threat) openPanel(threat);
    return;
  }
  hidePanel();
  const target = id ? byId(id) : null;
  const view = target?.closest('.view');
  turnTo(view?.id ?? 'threats');
  if (!target || target === view) return;
  if (target.matches('.measure')) unfold(target, true);
  show(target, 'start');
  target.querySelector('button, a')?.focus({ preventScroll: true });
}

function address() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

function turnTo(id) {
  const changed = !byId(id).classList.contains('current');
  for (const view of views) view.classList.toggle('current', view.id === id);
  for (const link of all('.views a')) {
    const here = link.getAttribute('href') === `#${id}`;
    if (here) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const top = document.querySelector('.views').offsetTop;
  if (changed && scrollY > top) scrollTo(0, top);
}

/** Opens or closes what is told of a countermeasure. */
function unfold(measure, open) {
  measure.classList.toggle('open', open);
  measure.querySelector('h4 button').setAttribute('aria-expanded', String(measure.classList.contains('open')));
}

function foldMeasures() {
  for (const measure of all('.measure')) {
    const title = measure.querySelector('h4');
    const name = button('', () => unfold(measure), { className: '', 'aria-expanded': 'false' });
    name.append(...title.childNodes);
    title.append(name);
  }
}

/** A fact's name tells what it says. */
function tellMeaning(event) {
  const link = event.target.closest('a[href^="#fact-"]');
  if (!link) return;
  event.preventDefault();
  event.stopPropagation();
  const told = link.parentElement.querySelector(':scope > .meaning');
  if (told) return told.remove();
  const term = byId(link.getAttribute('href').slice(1));
  const after = link.parentElement.querySelector(':scope > .source, :scope > code');
  const meaning = element('span', { className: 'meaning', role: 'note' }, textOf(term?.querySelector('dd')));
  if (after) after.before(meaning);
  else link.parentElement.append(meaning);
}

/** A component's name leads to its threats. */
function leadToThreats() {
  for (const part of componentAt) {
    const cell = part.row.cells[0];
    const name = button('', () => {
      only('component', [part.short]);
      only('state', []);
      location.hash = 'threats';
      search.focus();
    }, { className: 'text-button', title: `Threats of ${part.short}` });
    name.append(...cell.childNodes);
    cell.append(name);
  }
}

/** Links that lead to the table narrowed to a state. */
function leadToStates() {
  for (const link of all('[data-only]')) {
    link.addEventListener('click', () => only('state', [link.dataset.only]));
  }
}

/** The components an element of the page is about. */
function namesWith(node) {
  return node.dataset.with.split(' ').map((index) => componentAt[Number(index)]?.short).filter(Boolean);
}

/** The steps of the road that is picked, under its line. */
const steps = element('div', { className: 'walked' });

/** Lights a road in the diagram and shows its steps, or no longer does. */
function pickRoad(road, name) {
  const again = road.contains(steps);
  for (const other of all('.glance .text-button')) other.setAttribute('aria-expanded', 'false');
  steps.remove();
  walked = [];
  if (!again) {
    const id = name.dataset.road;
    steps.replaceChildren(byId(id).querySelector('.steps').cloneNode(true),
      element('a', { href: `#${id}` }, 'Read it among all roads'));
    road.append(steps);
    name.setAttribute('aria-expanded', 'true');
    walked = namesWith(road);
  }
  markChosen();
}

/** A road shows itself in the diagram: pointed at for a while, or to stay. */
function showRoads() {
  for (const road of all('.glance [data-with]')) {
    const link = road.querySelector('a');
    const name = button(textOf(link), () => pickRoad(road, name), { className: 'text-button', 'aria-expanded': 'false' });
    name.dataset.road = link.getAttribute('href').slice(1);
    link.replaceWith(name);
    for (const type of ['mouseenter', 'focusin']) road.addEventListener(type, () => highlight(namesWith(road)));
    for (const type of ['mouseleave', 'focusout']) road.addEventListener(type, markChosen);
  }
  for (const road of all('.road')) {
    road.querySelector('.gist').append(' · ', button('Show it in the diagram', () => {
      location.hash = 'threats';
      only('component', namesWith(road));
      show(diagram, 'center');
    }, { className: 'text-button' }));
  }
}

function startViews() {
  showRoads();
  leadToStates();
  foldMeasures();
  leadToThreats();
  for (const id of ['components-rows', 'flows-rows']) {
    const table = byId(id);
    if (table) sortable(table);
  }
  document.addEventListener('click', tellMeaning, true);
  addEventListener('hashchange', route);
  route();
}
