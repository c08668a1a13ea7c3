// The diagram: a window onto it that is dragged and zoomed, and picks.

const diagram = byId('diagram');
const picture = diagram.querySelector('svg');
const nodes = all('.ub-node', picture);

/** The whole picture, and what of it is seen. */
const whole = picture.viewBox.baseVal
  ? { x: picture.viewBox.baseVal.x, y: picture.viewBox.baseVal.y, width: picture.viewBox.baseVal.width, height: picture.viewBox.baseVal.height }
  : { x: 0, y: 0, width: 1, height: 1 };
let seen = { ...whole };

/** How far one may zoom in, and what can just be read. */
const MOST = 4;
const LEAST_LEGIBLE = 0.5;

/** How many pixels of the screen one of the picture takes. */
function scale() {
  return Math.min(picture.clientWidth / seen.width, picture.clientHeight / seen.height) || 1;
}

function look(box) {
  seen = box;
  picture.setAttribute('viewBox', `${box.x} ${box.y} ${box.width} ${box.height}`);
}

/** Keeps some of the picture in sight. */
function kept(box) {
  const x = Math.min(Math.max(box.x, whole.x - box.width * 0.8), whole.x + whole.width - box.width * 0.2);
  const y = Math.min(Math.max(box.y, whole.y - box.height * 0.8), whole.y + whole.height - box.height * 0.2);
  return { ...box, x, y };
}

/** Shows everything, no larger than it is drawn. */
function fit() {
  const { clientWidth: width, clientHeight: height } = picture;
  const most = Math.min(width / whole.width, height / whole.height, 1.15) || 1;
  const box = { width: width / most, height: height / most };
  look({
    x: whole.x - (box.width - whole.width) / 2,
    y: whole.y - (box.height - whole.height) / 2,
    ...box,
  });
}

/** Where one begins: everything if it can be read then, else its upper left part. */
function begin() {
  fit();
  const { clientWidth: width, clientHeight: height } = picture;
  if (scale() >= LEAST_LEGIBLE || width === 0) return;
  const most = Math.min(Math.max(width / whole.width, LEAST_LEGIBLE), 0.9);
  const box = { width: width / most, height: height / most };
  look({
    x: whole.x - Math.max(0, (box.width - whole.width) / 2),
    y: whole.y - Math.max(0, (box.height - whole.height) / 2),
    ...box,
  });
}

/** Brings boxes into sight if none of them is. */
function bringIntoSight(boxes) {
  const places = boxes.map((node) => node.querySelector('.ub-box').getBBox());
  const inside = (box) => box.x >= seen.x && box.y >= seen.y
    && box.x + box.width <= seen.x + seen.width && box.y + box.height <= seen.y + seen.height;
  if (places.length === 0 || places.some(inside)) return;
  const [{ x, y, width, height }] = places;
  look(kept({ ...seen, x: x + width / 2 - seen.width / 2, y: y + height / 2 - seen.height / 2 }));
}

/** The height that was given last; another one is the reader's. */
let given = '';

/** As high as the picture needs, and not much of the screen. */
function grow() {
  if (diagram.style.height !== given) return;
  const large = Math.max(LEAST_LEGIBLE, Math.min(1.15, picture.clientWidth / whole.width));
  const needed = whole.height * large + 8;
  given = `${Math.round(Math.max(160, Math.min(needed, innerHeight * 0.5, 620)))}px`;
  diagram.style.height = given;
}

/** Zooms; what is at a point of the screen stays there. */
function zoom(by, at) {
  const now = scale();
  const least = Math.min(picture.clientWidth / whole.width, picture.clientHeight / whole.height, 1) * 0.6;
  const next = Math.min(Math.max(now * by, least), MOST);
  const ratio = now / next;
  const frame = picture.getBoundingClientRect();
  const middle = { x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 };
  const { x, y } = at ?? middle;
  // The view box stands in the middle of the element, as wide as its shape allows.
  const fixed = { x: seen.x + seen.width / 2 + (x - middle.x) / now, y: seen.y + seen.height / 2 + (y - middle.y) / now };
  look(kept({
    x: fixed.x - (fixed.x - seen.x) * ratio,
    y: fixed.y - (fixed.y - seen.y) * ratio,
    width: seen.width * ratio,
    height: seen.height * ratio,
  }));
}

/** Moves what is seen by pixels of the screen. */
function pan(x, y) {
  const now = scale();
  look(kept({ ...seen, x: seen.x + x / now, y: seen.y + y / now }));
}

/* Dragging, one finger or two, and the wheel. */

const fingers = new Map();
let dragged = 0;

picture.addEventListener('pointerdown', (event) => {
  if (event.button !== 0) return;
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  dragged = 0;
});

addEventListener('pointermove', (event) => {
  const before = fingers.get(event.pointerId);
  if (!before) return;
  const now = { x: event.clientX, y: event.clientY };
  const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
  fingers.set(event.pointerId, now);
  dragged += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
  if (dragged < 4) return;
  diagram.classList.add('moving');
  if (!other) return pan(before.x - now.x, before.y - now.y);
  const apart = (one) => Math.hypot(one.x - other.x, one.y - other.y) || 1;
  zoom(apart(now) / apart(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
});

for (const end of ['pointerup', 'pointercancel']) {
  addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    if (fingers.size === 0) diagram.classList.remove('moving');
  });
}

const hint = element('div', { className: 'diagram-hint', hidden: true, 'aria-hidden': 'true' },
  'Click the diagram, then scroll to zoom');
let hintEnds = 0;

picture.addEventListener('wheel', (event) => {
  // A page that is scrolled through is not stopped by the diagram it passes.
  if (!event.ctrlKey && !event.metaKey && !diagram.contains(document.activeElement)) {
    hint.hidden = false;
    clearTimeout(hintEnds);
    hintEnds = setTimeout(() => { hint.hidden = true; }, 1500);
    return;
  }
  event.preventDefault();
  const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
  zoom(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0022)), { x: event.clientX, y: event.clientY });
}, { passive: false });

/* Keys. */

const KEYS = {
  '+': () => zoom(1.25),
  '=': () => zoom(1.25),
  '-': () => zoom(0.8),
  0: fit,
  ArrowLeft: () => pan(-60, 0),
  ArrowRight: () => pan(60, 0),
  ArrowUp: () => pan(0, -60),
  ArrowDown: () => pan(0, 60),
};

picture.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const node = event.target.closest('.ub-node');
  if (node && (event.key === 'Enter' || event.key === ' ')) {
    event.preventDefault();
    return pick(node);
  }
  if (node && event.key.startsWith('Arrow') && !event.shiftKey) {
    event.preventDefault();
    return stepFrom(node, event.key);
  }
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});

/** The next component in a direction takes the focus. */
function stepFrom(node, key) {
  const middle = (one) => {
    const box = one.querySelector('.ub-box').getBBox();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const here = middle(node);
  const sideways = key === 'ArrowLeft' || key === 'ArrowRight';
  const forth = key === 'ArrowRight' || key === 'ArrowDown' ? 1 : -1;
  let best = null;
  for (const other of nodes) {
    if (other === node) continue;
    const there = middle(other);
    const ahead = forth * (sideways ? there.x - here.x : there.y - here.y);
    const aside = Math.abs(sideways ? there.y - here.y : there.x - here.x);
    if (ahead < 8) continue;
    const cost = ahead + 2.5 * aside;
    if (!best || cost < best.cost) best = { other, cost };
  }
  if (best) focusNode(best.other);
}

function focusNode(node) {
  for (const other of nodes) other.setAttribute('tabindex', other === node ? '0' : '-1');
  node.focus({ preventScroll: true });
  bringIntoSight([node]);
}

/* Picking. */

/** The components drawn in an element, by their short names. */
function componentsIn(node) {
  const parts = node.matches('[data-component]') ? [node] : all('[data-component]', node);
  const ids = parts.map((part) => part.dataset.component);
  return [...new Set(ids)].map((id) => componentById.get(id)?.short).filter(Boolean);
}

/** Shows the threats of what a box, a row of it or a badge stands for. */
function pick(node) {
  const names = componentsIn(node);
  if (names.length === 0) return;
  const now = wanted.facets.get('component');
  const same = now.size === names.length && names.every((name) => now.has(name));
  only('component', same ? [] : names);
}

picture.addEventListener('click', (event) => {
  if (dragged >= 4) return;
  const target = event.target.closest('.ub-flow, [data-component], .ub-node');
  const flow = target?.closest('.ub-flow');
  if (flow) {
    const ends = [flow.dataset.from, flow.dataset.to].map(boxOf).filter(Boolean);
    only('component', ends.flatMap(componentsIn));
  } else if (target) {
    pick(target);
  } else if (wanted.facets.get('component').size > 0) {
    only('component', []);
  }
});

function boxOf(key) {
  return nodes.find((node) => node.dataset.box === key);
}

/** The boxes, rows and badges that stand for each component. */
const drawn = new Map();
for (const part of all('[data-component]', picture)) {
  const id = part.dataset.component;
  drawn.set(id, [...(drawn.get(id) ?? []), part]);
}

function drawnAs(name) {
  return drawn.get(components.get(name)?.id) ?? [];
}

/** What the table is narrowed to stands out, or else what a threat touches. */
function highlight(picked, touched = []) {
  for (const node of all('.picked, .touched, .near', picture)) node.classList.remove('picked', 'touched', 'near');
  const mark = (names, as) => {
    for (const name of names) {
      for (const part of drawnAs(name)) {
        part.classList.add(as);
        part.closest('.ub-node')?.classList.add(as);
      }
    }
  };
  mark(touched, 'touched');
  mark(picked, 'picked');
  const boxes = new Set(all('.ub-node.picked', picture).map((node) => node.dataset.box));
  for (const flow of all('.ub-flow', picture)) {
    const [from, to] = [boxes.has(flow.dataset.from), boxes.has(flow.dataset.to)];
    flow.classList.toggle('picked', from && to);
    flow.classList.toggle('near', from || to);
  }
  picture.classList.toggle('has-picked', boxes.size > 0);
  bringIntoSight(all('.ub-node.picked', picture));
  for (const node of nodes) node.setAttribute('aria-pressed', node.classList.contains('picked'));
}

/** The components of the road that is picked. */
let walked = [];

function highlightWanted() {
  const names = wanted.facets.get('component');
  highlight(names.size > 0 ? names : walked, []);
}

function startDiagram() {
  const fold = button('Hide', () => {
    const folded = diagram.classList.toggle('folded');
    fold.textContent = folded ? 'Show the diagram' : 'Hide';
    fold.setAttribute('aria-label', folded ? 'Show the diagram' : 'Hide the diagram');
  }, { 'aria-label': 'Hide the diagram' });
  diagram.append(hint, element('div', { className: 'diagram-tools' },
    button('+', () => zoom(1.25), { 'aria-label': 'Zoom in' }),
    button('−', () => zoom(0.8), { 'aria-label': 'Zoom out' }),
    button('Fit', fit, { 'aria-label': 'Fit the diagram' }),
    fold));
  picture.setAttribute('tabindex', '0');
  for (const [at, node] of nodes.entries()) {
    node.setAttribute('role', 'button');
    node.setAttribute('aria-pressed', 'false');
    node.setAttribute('tabindex', at === 0 ? '0' : '-1');
    const title = node.querySelector('title');
    if (title) node.setAttribute('aria-label', textOf(title).split('\n', 1)[0]);
  }
  new ResizeObserver(() => {
    grow();
    begin();
    bringIntoSight(all('.ub-node.picked', picture));
  }).observe(diagram);
  addEventListener('beforeprint', () => look({ ...whole }));
  addEventListener('afterprint', begin);
}
