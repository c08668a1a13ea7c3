// Tables that sort and stay fast: of any number of rows only as many are laid
// out as somebody has scrolled to.

/** Rows laid out at once. */
const CHUNK = 100;

/**
 * A table that is drawn as far as somebody looks.
 * `columns`: for each column its title and `key`, what a row is sorted by.
 * `draw`: a row as an element; `drawGroup`: the cells of a folded group.
 */
function liveTable({ label, className, columns, draw, drawGroup, empty }) {
  let rows = [];
  let sorting = null;
  let grouping = null;
  let unfolded = false;
  const opened = new Set();
  /** What is shown: rows, and groups before their rows. */
  let lines = [];
  let drawn = 0;
  const elements = new Map();

  const body = element('tbody');
  const heads = columns.map((column, at) => {
    const head = element('th', { scope: 'col' });
    head.append(column.key ? element('button', { type: 'button' }, column.title) : column.title);
    head.querySelector('button')?.addEventListener('click', () => sortBy(at));
    return head;
  });
  const table = element(
    'table',
    { className, 'aria-label': label },
    element('colgroup', {}, ...columns.map(() => element('col'))),
    element('thead', {}, element('tr', {}, ...heads)),
    body,
  );
  const more = element('div', { className: 'more-rows', hidden: true });
  more.append(button('Show more', () => drawMore()));
  const nothing = element('div', { className: 'empty', hidden: true });
  const shelf = element('div', { className: 'shelf live' }, table, nothing, more);

  const watcher = new IntersectionObserver((seen) => {
    if (seen.some((entry) => entry.isIntersecting)) drawMore();
  }, { rootMargin: '600px' });

  function sortBy(at) {
    const descending = sorting?.at === at ? !sorting.descending : Boolean(columns[at].descending);
    sorting = { at, descending };
    heads.forEach((head, index) => {
      if (index !== at) head.removeAttribute('aria-sort');
      else head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    });
    redraw();
  }

  function sorted() {
    if (!sorting) return rows;
    const { key } = columns[sorting.at];
    const turn = sorting.descending ? -1 : 1;
    return [...rows].sort((a, b) => turn * compare(key(a), key(b)));
  }

  /** Rows, those of one group together behind its line; a group of one needs none. */
  function lineUp() {
    const order = sorted();
    if (!grouping) return order.map((row) => ({ row }));
    const groups = new Map();
    for (const row of order) {
      const title = grouping(row);
      if (!groups.has(title)) groups.set(title, []);
      groups.get(title).push(row);
    }
    return [...groups].flatMap(([title, members]) => {
      const inside = members.map((row) => ({ row, title }));
      if (members.length === 1) return [{ row: members[0] }];
      const open = unfolded || opened.has(title);
      return [{ title, members, open }, ...(open ? inside : [])];
    });
  }

  function redraw() {
    const looked = drawn;
    lines = lineUp();
    drawn = 0;
    body.replaceChildren();
    nothing.hidden = lines.length > 0;
    nothing.replaceChildren(...(lines.length > 0 ? [] : empty()));
    table.hidden = lines.length === 0;
    drawMore(Math.max(CHUNK, looked));
  }

  function drawMore(upTo = drawn + CHUNK) {
    const next = lines.slice(drawn, upTo);
    body.append(...next.map((line) => (line.members ? groupLine(line) : rowOf(line))));
    drawn += next.length;
    more.hidden = drawn >= lines.length;
    // A watched element tells only of changes: looked at anew, it tells again.
    watcher.unobserve(more);
    if (!more.hidden) watcher.observe(more);
  }

  function rowOf({ row, title }) {
    if (!elements.has(row)) elements.set(row, draw(row));
    elements.get(row).classList.toggle('inside', title !== undefined);
    return elements.get(row);
  }

  function groupLine({ title, members, open }) {
    const fold = button(title, () => {
      if (open) opened.delete(title);
      else opened.add(title);
      redraw();
      all('tr.group button', body).find((other) => other.textContent === title)?.focus();
    }, { className: 'fold', 'aria-expanded': String(open), disabled: unfolded });
    return element('tr', { className: 'group' }, ...drawGroup(members, fold));
  }

  return {
    shelf,
    /** Shows these rows; `unfold`: whatever group they are in. */
    show(wanted, unfold = false) {
      rows = wanted;
      unfolded = unfold;
      drawn = 0;
      redraw();
    },
    groupBy(wanted) {
      grouping = wanted;
      redraw();
    },
    /** The element of a row, drawn if it is among those shown. */
    reveal(row) {
      if (!rows.includes(row)) return null;
      const title = grouping?.(row);
      if (!lines.some((line) => line.row === row)) {
        opened.add(title);
        redraw();
      }
      const at = lines.findIndex((line) => line.row === row);
      if (at >= drawn) drawMore(at + CHUNK / 2);
      return elements.get(row);
    },
    /** The rows in the order in which they are shown, folded or not. */
    get order() {
      return lines.flatMap((line) => (line.members && !line.open ? line.members : line.row ?? []));
    },
  };
}

function compare(a, b) {
  return typeof a === 'number' && typeof b === 'number' ? a - b : inOrder(String(a), String(b));
}

/** A table of the page as one that sorts. */
function sortable(source, draw = (row) => row) {
  const titles = all('thead th', source).map(textOf);
  const live = liveTable({
    label: titles[0],
    className: 'plain',
    columns: titles.map((title, at) => ({ title, key: (row) => textOf(row.cells[at]) })),
    draw,
    empty: () => ['Nothing'],
  });
  live.shelf.classList.replace('shelf', 'wide');
  live.show([...source.tBodies[0].rows]);
  source.replaceWith(live.shelf);
  return live;
}
