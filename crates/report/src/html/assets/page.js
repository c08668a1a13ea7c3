// What every part of the script uses: making elements, and saying things aloud.
// All parts are one script in one scope, in the order in which they stand.

/** An element with properties, attributes (names with a dash) and children. */
function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.includes('-') || key === 'role' || key === 'for') made.setAttribute(key, value);
    else made[key] = value;
  }
  made.append(...children);
  return made;
}

/** A button that does something. */
function button(text, whenPressed, properties = {}) {
  const made = element('button', { type: 'button', className: 'plain-button', ...properties }, text);
  made.addEventListener('click', whenPressed);
  return made;
}

/** The element of this id; `null` if there is none. */
function byId(id) {
  return document.getElementById(id);
}

/** All elements that match, as an array. */
function all(selector, within = document) {
  return [...within.querySelectorAll(selector)];
}

/** The text without blanks around it. */
function textOf(node) {
  return node ? node.textContent.trim() : '';
}

/** `1 threat`, `3 threats`. */
function count(n, one, many) {
  return `${n} ${n === 1 ? one : many}`;
}

/** Orders texts as people do: `2` before `10`. */
const inOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;

const lessMotion = matchMedia('(prefers-reduced-motion: reduce)');

/** Brings something into sight if it is not. */
function show(node, block = 'nearest') {
  node.scrollIntoView({ block, behavior: lessMotion.matches ? 'auto' : 'smooth' });
}
