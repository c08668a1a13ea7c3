// What those who open the report in a browser rely on.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';

import { begin, blank, end, foundSaid, made, names, opened } from './door.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const EVIL = '<img src=x onerror=alert(1)>"\u202e]]></script>';
const HOSTILE = {
  'template.json': `{
    "Resources": {
      ${JSON.stringify(EVIL)}: { "Type": "AWS::Lambda::Function", "Properties": { "Runtime": "nodejs12.x" } },
      "Open": { "Type": "AWS::Lambda::Url", "Properties": { "AuthType": "NONE", "TargetFunctionArn": { "Ref": ${JSON.stringify(EVIL)} } } }
    }
  }`,
};

/** So many open functions whose runtime gets no more fixes. */
function many(n) {
  const functions = Array.from({ length: n }, (_, at) =>
    `  Old${at}: { Type: AWS::Serverless::Function, Properties: { Runtime: nodejs12.x, Handler: a.b, FunctionUrlConfig: { AuthType: NONE } } }`);
  return { 'template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n${functions.join('\n')}\n` };
}

let orders;

before(async () => {
  await begin();
  orders = made('orders', 'examples/orders');
});
after(end);

/** The row of a threat by its name. */
function row(page, name) {
  return page.locator('.live-threats tbody tr', { has: page.getByRole('link', { name, exact: true }) });
}

/** What is on it must get the focus. */
function focused(page, text) {
  return page.waitForFunction((said) => document.activeElement.textContent === said, text);
}

describe('the page as a document', () => {
  it('means the same to a parser of HTML and to one of XML', async () => {
    for (const path of [orders, made('evil', HOSTILE)]) {
      const source = readFileSync(path, 'utf8');
      const plain = source.replace(/<(style|script)>[^]*?<\/\1>/g, '<$1></$1>');
      const [html, xml] = await blank((page) => page.evaluate((text) => {
        const outline = (node) => `${node.localName}(${[...node.children].map(outline).join()})`;
        return ['text/html', 'application/xhtml+xml'].map((type) => {
          const wanted = type === 'text/html' ? text : text.replace('<html ', '<html xmlns="http://www.w3.org/1999/xhtml" ');
          return outline(new DOMParser().parseFromString(wanted, type).documentElement);
        });
      }, plain));
      assert.ok(html.length > 2_000);
      assert.equal(html, xml);
    }
  });

  it('shows everything without its script', async () => {
    await opened(orders, async (page) => {
      assert.ok(await page.locator('#threat-rows').isVisible());
      const finding = page.locator('[id="function-url-open@PaymentWebhook:url"]');
      await finding.scrollIntoViewIfNeeded();
      assert.match(await finding.textContent(), /AuthType: NONE/);
      assert.ok(await finding.isVisible());
      assert.ok(await page.locator('#countermeasures .how').first().isVisible());
      assert.ok(await page.locator('#components-rows').isVisible());
    }, { javaScriptEnabled: false });
  });

  it('keeps hostile names as text', async () => {
    await opened(made('hostile', HOSTILE), async (page) => {
      const shown = await page.locator('.live-threats').innerText();
      assert.ok(shown.includes('<img src=x onerror=alert(1)>"'), shown);
      assert.ok(shown.includes('\\u{202e}'), shown);
      assert.equal(await page.locator('main img').count(), 0);
      await page.locator('.live-threats th a').first().click();
      assert.ok(await page.locator('.panel').isVisible());
      await page.locator('#diagram .ub-node').first().focus();
      await page.keyboard.press('Enter');
    });
  });
});

describe('finding threats', () => {
  it('begins with what is exposed, worst first', async () => {
    await opened(orders, async (page) => {
      const written = await page.locator('#threat-rows tbody[data-s="exposed"] tr:not(.heading) th').evaluateAll((cells) =>
        cells.map((cell) => cell.querySelector('a').textContent));
      assert.deepEqual(await names(page), [...new Set(written)]);
      const risks = await page.locator('.live-threats .risk b').allInnerTexts();
      assert.deepEqual(risks, [...risks].sort((a, b) => b - a));
      assert.equal(await page.locator('.standing-tag').count(), 0);
    });
  });

  it('searches, says how much is found, and clears', async () => {
    await opened(orders, async (page) => {
      const all = await foundSaid(page);
      await page.keyboard.press('/');
      await page.keyboard.type('webhook secret plain');
      assert.deepEqual(await names(page), ['Secret in plain text in an environment variable']);
      assert.equal(await page.getByRole('status').textContent(), '1 threat in 1 place');
      await page.getByRole('button', { name: 'Clear' }).click();
      assert.equal(await foundSaid(page), all);
    });
  });

  it('narrows by kind of component, and takes that back', async () => {
    await opened(orders, async (page) => {
      await page.locator('.facet summary', { hasText: 'Kind' }).click();
      await page.getByRole('checkbox', { name: /^Role/ }).check();
      const components = page.locator('.live-threats tbody td:nth-child(3)');
      for (const text of await components.allInnerTexts()) assert.match(text, /[Rr]ole/);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Remove Role' }).click();
      assert.ok((await names(page)).includes('Function URL open to anyone'));
    });
  });

  it('shows other states and bands by the numbers at the top', async () => {
    await opened(orders, async (page) => {
      const held = page.getByRole('button', { name: /held off/ });
      const exposed = page.getByRole('button', { name: /\d+ exposed/ });
      await exposed.click();
      await held.click();
      assert.equal(await held.getAttribute('aria-pressed'), 'true');
      assert.ok(await page.locator('.standing-tag.held-off').first().isVisible());
      await held.click();
      await exposed.click();
      await page.getByRole('button', { name: /^\d+ high/ }).click();
      const pills = await page.locator('.live-threats .risk').evaluateAll((found) => found.map((one) => one.className));
      assert.ok(pills.length > 0 && pills.every((one) => one === 'risk high'), pills.join());
    });
  });

  it('sorts by a column, either way', async () => {
    await opened(orders, async (page) => {
      const head = page.getByRole('columnheader', { name: 'Component', exact: true });
      await page.getByRole('combobox', { name: 'Group' }).selectOption('Not grouped');
      const order = () => page.locator('.live-threats tbody td:nth-child(3)').evaluateAll((cells) =>
        cells.map((cell) => cell.firstChild.textContent));
      const sorted = [...await order()].sort(new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare);
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), 'ascending');
      assert.deepEqual(await order(), sorted);
      await head.getByRole('button').click();
      assert.equal(await head.getAttribute('aria-sort'), 'descending');
      assert.deepEqual(await order(), sorted.reverse());
    });
  });

  it('groups by threat or component, folded until asked', async () => {
    await opened(made('grouped', many(20)), async (page) => {
      const fold = page.locator('.fold', { hasText: 'Runtime that gets no more fixes' });
      assert.equal(await fold.getAttribute('aria-expanded'), 'false');
      const before = await page.locator('.live-threats tbody tr').count();
      await fold.click();
      assert.equal(await page.locator('.live-threats tbody tr.inside').count(), 20);
      assert.equal(await page.locator('.live-threats tbody tr').count(), before + 20);
      await page.getByRole('combobox', { name: 'Group' }).selectOption('Not grouped');
      assert.equal(await page.locator('tr.group').count(), 0);
    });
  });

  it('says what to do where nothing is found', async () => {
    await opened(orders, async (page) => {
      await page.getByRole('searchbox').fill('Queue whose encryption');
      await page.locator('.empty').getByRole('button').click();
      assert.ok((await names(page)).length > 0);
    });
  });

  it('lays out no more of five thousand rows than are looked at', async () => {
    await opened(made('many', many(600)), async (page) => {
      await page.getByRole('combobox', { name: 'Group' }).selectOption('Not grouped');
      await page.getByRole('button', { name: /\d+ exposed/ }).click();
      const n = () => page.locator('.live-threats tbody tr').count();
      const total = Number(/in (\d+) places/.exec(await foundSaid(page))[1]);
      assert.ok(total >= 5_000, String(total));
      assert.ok(await n() <= 300, String(await n()));
      await page.getByRole('searchbox').fill('Old599');
      assert.ok(await n() < 100, String(await n()));
      await page.getByRole('searchbox').fill('');
      const before = await n();
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await page.waitForFunction((few) => document.querySelectorAll('.live-threats tbody tr').length > few, before);
    });
  });
});

describe('the evidence of a threat', () => {
  it('opens from its row, takes the focus, and gives it back', async () => {
    await opened(orders, async (page) => {
      const link = page.getByRole('link', { name: 'Authoriser defined but not attached' });
      await link.focus();
      await page.keyboard.press('Enter');
      const panel = page.getByRole('complementary');
      await focused(page, 'Authoriser defined but not attached');
      for (const said of ['What can happen', 'Why here', 'Countermeasures', 'Risk', 'Read more']) {
        assert.ok(await panel.getByRole('heading', { name: said, exact: true }).isVisible(), said);
      }
      assert.match(await panel.locator('.says').innerText(), /routes of ShopApi that its authoriser/);
      assert.ok((await panel.locator('mark').allInnerTexts()).includes('Customers'));
      assert.ok((await panel.locator('.against .verify').first().innerText()).length > 20);
      assert.match(page.url(), /#auth-defined-not-attached(@|%40)ShopApi$/);
      await page.keyboard.press('Escape');
      assert.ok(await panel.isHidden());
      await focused(page, 'Authoriser defined but not attached');
    });
  });

  it('is shown where the address names it, and walks on', async () => {
    await opened(orders, async (page) => {
      const open = 'Function URL open to anyone';
      const title = (name) => page.waitForFunction((said) => document.querySelector('#panel-title').textContent === said, name);
      await title(open);
      const order = await names(page);
      const next = order[order.indexOf(open) + 1];
      await page.getByRole('button', { name: 'Next threat' }).click();
      await title(next);
      assert.ok((await row(page, next).getAttribute('class')).includes('chosen'));
      await page.goBack();
      await title(open);
    }, { hash: 'function-url-open@PaymentWebhook:url' });
  });

  it('is told for what is held off and for what only code tells', async () => {
    await opened(orders, async (page) => {
      for (const state of ['held off', 'only code tells']) {
        const tile = page.getByRole('button', { name: new RegExp(`\\d+ ${state}`) });
        await tile.click();
        await page.locator(`.live-threats tr:not(.group) .standing-tag.${state.includes('code') ? 'only-code' : 'held-off'}`).first().click();
        await page.locator('.panel .facts li').first().waitFor();
        await page.keyboard.press('Escape');
        await tile.click();
      }
    });
  });

  it('walks by arrow keys from row to row', async () => {
    await opened(orders, async (page) => {
      const [first, second] = await names(page);
      await page.getByRole('link', { name: first, exact: true }).focus();
      await page.keyboard.press('ArrowDown');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), second);
    });
  });

  it('explains the name of a fact', async () => {
    await opened(orders, async (page) => {
      await page.locator('.panel .facts a', { hasText: 'open_to' }).first().click();
      assert.ok((await page.locator('.panel .meaning').first().innerText()).length > 10);
    }, { hash: 'function-url-open@PaymentWebhook:url' });
  });
});

describe('the diagram', () => {
  const box = (page, name) => page.locator(`.ub-node[data-component$="/${name}"]`);
  const seen = (page) => page.locator('#diagram svg.ub').getAttribute('viewBox');

  it('narrows the table to what is clicked, and shows it again', async () => {
    await opened(orders, async (page) => {
      await box(page, 'Pictures').click();
      assert.ok((await names(page)).includes('Bucket that anyone can read'));
      for (const text of await page.locator('.live-threats tbody td:nth-child(3)').allInnerTexts()) {
        assert.match(text, /^Pictures/);
      }
      assert.equal(await box(page, 'Pictures').getAttribute('aria-pressed'), 'true');
      await box(page, 'Pictures').click();
      assert.ok((await names(page)).includes('Function URL open to anyone'));
    });
  });

  it('narrows it to both ends of a flow', async () => {
    await opened(orders, async (page) => {
      await page.locator('.ub-flow[data-from$="/ShopApi"][data-to$="/ListOrders"] .ub-wire').dispatchEvent('click', { bubbles: true });
      const components = await page.locator('.live-threats tbody td:nth-child(3)').allInnerTexts();
      assert.ok(components.length > 0 && components.every((text) => /^(ShopApi|ListOrders)/.test(text)), components.join());
    });
  });

  it('shows where a threat is', async () => {
    await opened(orders, async (page) => {
      assert.ok((await box(page, 'PaymentWebhook:url').getAttribute('class')).includes('picked'));
    }, { hash: 'function-url-open@PaymentWebhook:url' });
  });

  it('is moved by dragging, the wheel and keys, and fitted again', async () => {
    await opened(orders, async (page) => {
      await page.getByRole('button', { name: 'Fit the diagram' }).click();
      const begun = await seen(page);
      const frame = await page.locator('#diagram svg.ub').boundingBox();
      const [x, y] = [frame.x + frame.width / 2, frame.y + 12];
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x - 80, y + 10, { steps: 4 });
      await page.mouse.up();
      const dragged = await seen(page);
      assert.notEqual(dragged, begun);
      await page.locator('#diagram svg.ub').focus();
      await page.mouse.wheel(0, -300);
      await page.waitForFunction((was) => document.querySelector('#diagram svg.ub').getAttribute('viewBox') !== was, dragged);
      const zoomed = await seen(page);
      assert.ok(Number(zoomed.split(' ')[2]) < Number(dragged.split(' ')[2]));
      await page.keyboard.press('ArrowRight');
      assert.notEqual(await seen(page), zoomed);
      await page.keyboard.press('0');
      assert.equal(await seen(page), begun);
    });
  });

  it('lets the page scroll past until it is used', async () => {
    await opened(orders, async (page) => {
      const before = await seen(page);
      await page.locator('#diagram').hover();
      await page.mouse.wheel(0, 300);
      await page.waitForFunction(() => scrollY > 0);
      assert.equal(await seen(page), before);
    });
  });

  it('is walked and picked from by keys', async () => {
    await opened(orders, async (page) => {
      await box(page, 'ShopApi').focus();
      await page.keyboard.press('ArrowRight');
      const there = await page.evaluate(() => document.activeElement.dataset.component);
      assert.notEqual(there, 'orders/ShopApi');
      await page.keyboard.press('Enter');
      assert.equal(await page.locator('.chip').count(), 1);
    });
  });
});

describe('the other parts', () => {
  it('are reached by the navigation, one at a time', async () => {
    await opened(orders, async (page) => {
      for (const [name, id] of [['Roads', 'roads'], ['Countermeasures', 'countermeasures'], ['Questions', 'questions'], ['Components', 'components'], ['Flows', 'flows'], ['Not understood', 'not-understood'], ['Threats', 'threats']]) {
        const link = page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) });
        await link.click();
        await page.locator('.views a[aria-current="page"]', { hasText: name }).waitFor();
        assert.deepEqual(await page.locator('main > .view:visible').evaluateAll((views) => views.map((view) => view.id)), [id]);
      }
    });
  });

  it('show the roads to the data, in the diagram too', async () => {
    await opened(orders, async (page) => {
      const road = page.locator('.glance li').first();
      await road.hover();
      assert.ok(await page.locator('.ub-node.picked').count() > 0);
      await road.getByRole('button').click();
      assert.match(await road.locator('.steps code').first().textContent(), /:\d+$/);
      await page.mouse.move(2, 2);
      assert.ok(await page.locator('.ub-node.picked').count() > 0);
      await road.getByRole('link').click();
      await page.locator('#road-1 .steps code').first().waitFor();
      await page.locator('#road-1').getByRole('button', { name: 'Show it in the diagram' }).click();
      assert.ok(await page.locator('.ub-node.picked').count() > 0);
      assert.ok(await page.locator('.chip').count() > 0);
    });
  });

  it('tell what to do and how to see that it works', async () => {
    await opened(orders, async (page) => {
      const measure = page.locator('#do-function-url-iam');
      assert.equal(await measure.getByRole('button').getAttribute('aria-expanded'), 'true');
      assert.match(await measure.locator('.write').first().innerText(), /AWS_IAM/);
      assert.ok((await measure.locator('.verify').innerText()).length > 20);
    }, { hash: 'do-function-url-iam' });
  });

  it('lead from a component to its threats', async () => {
    await opened(orders, async (page) => {
      await page.getByRole('button', { name: 'Pictures', exact: true }).click();
      assert.ok((await names(page)).includes('Bucket that anyone can read'));
    }, { hash: 'components' });
  });
});

describe('whoever reads it', () => {
  for (const colorScheme of ['light', 'dark']) {
    it(`meets no barrier that axe knows of, ${colorScheme}`, async () => {
      for (const hash of ['', 'function-url-open@PaymentWebhook:url', 'do-function-url-iam', 'roads', 'questions', 'components', 'flows', 'not-understood']) {
        await opened(orders, async (page) => {
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
          const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
          const said = bad.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join('; ')}`);
          assert.deepEqual(said, [], `#${hash}`);
        }, { hash, colorScheme, bypassCSP: true });
      }
    });
  }

  it('has the theme of the system, or the one that is chosen', async () => {
    await opened(orders, async (page) => {
      const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
      const dark = await ground();
      await page.getByRole('button', { name: 'Switch to the light theme' }).click();
      assert.notEqual(await ground(), dark);
    }, { colorScheme: 'dark' });
  });

  it('has room enough on a narrow screen', async () => {
    for (const hash of ['', 'function-url-open@PaymentWebhook:url', 'roads', 'countermeasures', 'questions', 'components', 'flows']) {
      await opened(orders, async (page) => {
        const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        assert.ok(wide <= room, `#${hash}: ${wide} of ${room}`);
      }, { hash, viewport: { width: 400, height: 800 } });
    }
  });

  it('gets a report on paper, with the evidence and without controls', async () => {
    await opened(orders, async (page) => {
      await page.emulateMedia({ media: 'print' });
      for (const unseen of ['.finder', '.views', '.tools', '.panel', '.live-threats', '.diagram-tools']) {
        for (const part of await page.locator(unseen).all()) assert.ok(await part.isHidden(), unseen);
      }
      for (const id of ['function-url-open@PaymentWebhook:url', 'auth-defined-not-attached@ShopApi']) {
        assert.ok(await page.locator(`[id="${id}"] mark`).first().isVisible(), id);
      }
      assert.ok(await page.locator('#threat-rows').isVisible());
      assert.ok(await page.locator('#do-function-url-iam .verify').isVisible());
      assert.ok((await page.pdf()).length > 50_000);
    }, { hash: 'function-url-open@PaymentWebhook:url' });
  });
});
