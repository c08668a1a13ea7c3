// The one way in: pages made by the program, opened in a real browser that is
// watched for errors, violations of the page's policy, and requests.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');
const PROGRAM = process.env.UNDERBELLY ?? join(ROOT, 'target/release/underbelly');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const QUIET = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

const folder = mkdtempSync(join(tmpdir(), 'underbelly-browser-'));
let browser;

/** Starts the browser; what `end` gives back must be awaited. */
export async function begin() {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
}

export async function end() {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The page of a folder of the project, or of files given by path; its path. */
export function made(name, source) {
  const page = join(folder, `${name}.html`);
  let paths = source;
  if (typeof source !== 'string') {
    paths = join(folder, name);
    for (const [path, text] of Object.entries(source)) {
      mkdirSync(dirname(join(paths, path)), { recursive: true });
      writeFileSync(join(paths, path), text);
    }
  }
  execFileSync(PROGRAM, ['model', paths, '-o', page, '--as-of', '2026-11-23'], { cwd: ROOT });
  return page;
}

/**
 * Opens a page; `use` gets it. Afterwards nothing may have gone wrong: no
 * error, nothing said in the console, no violation, no request.
 */
export async function opened(path, use, { hash = '', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const wrong = [];
  context.on('console', (message) => wrong.push(`console: ${message.text()}`));
  context.on('weberror', (error) => wrong.push(`error: ${error.error().stack}`));
  const address = pathToFileURL(path).href;
  context.on('request', (request) => {
    if (request.url().split('#')[0] !== address && !request.url().startsWith('data:')) {
      wrong.push(`request: ${request.url()}`);
    }
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  try {
    await page.goto(address + (hash ? `#${hash}` : ''));
    await use(page);
  } finally {
    await context.close();
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** A page of nothing, for what needs a browser and no report. */
export async function blank(use) {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    return await use(page);
  } finally {
    await context.close();
  }
}

/** What is found, in words. */
export async function foundSaid(page) {
  return page.locator('.found > span').first().textContent();
}

/** The names of the threats in the table, in its order. */
export async function names(page) {
  return page.locator('.live-threats tbody th[scope="row"]').evaluateAll((cells) =>
    cells.map((cell) => (cell.querySelector('a, button') ?? cell).textContent.trim()));
}
