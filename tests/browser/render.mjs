// Renders Adaptive Cards with Microsoft's renderer in one headless Chromium: `node render.mjs OUT [FILE]`, JSON in, PNGs and a report out.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { countColours, focused, inspect, missed, show } from "./in-page.mjs";
import { FRAMES, hostConfig, pageFor, schemeOf, THEMES } from "./teams.mjs";

const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const SECONDS = Number(process.env.RENDER_SECONDS || 80);
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // The last --enable-features wins, so playwright's own two are named again (without the first, screenshots hang).
  // The third has date inputs follow the page's en-GB: day first.
  "--enable-features=CDPScreenshotNewSurface,SkipListAccountsWithoutGaiaCookies,LangAttributeAwareFormControlUI",
  "--host-resolver-rules=MAP * ~NOTFOUND", // no name resolves, so nothing can leave the machine
];
const LIBRARIES = ["adaptivecards/dist/adaptivecards.min.js", "markdown-it/dist/browser/markdown-it.umd.min.js", "axe-core/axe.min.js"];

class Refused extends Error {}

function read(file) {
  let asked;
  try {
    asked = JSON.parse(readFileSync(file ?? 0, "utf8"));
  } catch (error) {
    throw new Refused(`The cards could not be read as JSON: ${error.message}`);
  }
  if (!Array.isArray(asked) || asked.length === 0) throw new Refused("The JSON must be a list of at least one card.");
  const seen = new Set();
  return asked.map((one, i) => {
    const wanted = { theme: "light", frame: "message", text: 1, picture: true, width: one?.frame === "dialog" ? 600 : 680, ...one };
    const where = `Card ${i + 1} (${wanted.name ?? "no name"})`;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(wanted.name ?? "")) throw new Refused(`${where}: name must be letters, digits, dots, dashes or underscores.`);
    if (!wanted.card || typeof wanted.card !== "object" || Array.isArray(wanted.card)) throw new Refused(`${where}: card must be an object.`);
    if (!THEMES.includes(wanted.theme)) throw new Refused(`${where}: theme must be one of ${THEMES.join(", ")}.`);
    if (!Object.hasOwn(FRAMES, wanted.frame)) throw new Refused(`${where}: frame must be one of ${Object.keys(FRAMES).join(", ")}.`);
    if (!Number.isInteger(wanted.width) || wanted.width < 240 || wanted.width > 2000) throw new Refused(`${where}: width must be a whole number from 240 to 2000.`);
    if (![1, 2].includes(wanted.text)) throw new Refused(`${where}: text must be 1 or 2.`);
    const key = `${wanted.name}-${wanted.theme}`;
    if (seen.has(key)) throw new Refused(`${where}: there is already a card of this name and theme.`);
    seen.add(key);
    return wanted;
  });
}

async function press(page, title) {
  const button = page.locator("#card").getByRole("button", { name: title, exact: true });
  if ((await button.count()) === 0) throw new Refused(`there is no button "${title}" to press.`);
  await button.first().click();
  await page.mouse.move(0, 0);
  return page.evaluate(() => window.sent);
}

// Walks through the card with Tab to what stands behind it: where the keyboard went, and what it never reached.
async function walk(page) {
  await page.evaluate(() => {
    document.activeElement.blur();
    window.scrollTo(0, 0);
    const before = document.createElement("button");
    before.textContent = "Before";
    document.body.prepend(before);
    document.body.append(before.cloneNode(true));
    before.focus();
  });
  const stops = [];
  for (let steps = 0; steps < 300; steps += 1) {
    await page.keyboard.press("Tab");
    const where = await page.evaluate(focused);
    if (where === null) break;
    stops.push(where);
  }
  const out = await page.evaluate(() => document.activeElement === document.body.lastElementChild);
  return { stops, out, missed: await page.evaluate(missed, stops.map((stop) => stop.at)) };
}

// One page draws card after card: setContent clears the document and keeps the libraries, which are slow to send.
async function openPage(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const blocked = [];
  await page.route("**/*", (route) => {
    blocked.push(route.request().url());
    return route.abort();
  });
  return { page, blocked };
}

async function shot(page, wanted, out) {
  const picture = join(out, `${wanted.name}-${wanted.theme}.png`);
  const png = await page.locator("#frame").screenshot({ path: picture, animations: "disabled" });
  return { picture, ...(await page.evaluate(countColours, png.toString("base64"))) };
}

async function renderOne({ page, blocked }, wanted, out, libraries) {
  blocked.length = 0;
  try {
    await page.setViewportSize({ width: wanted.width, height: 900 });
    await page.emulateMedia({ colorScheme: schemeOf(wanted.theme), reducedMotion: "reduce" });
    await page.setContent(pageFor(wanted));
    if (!(await page.evaluate(() => "axe" in window))) {
      for (const content of libraries) await page.addScriptTag({ content });
    }
    const shown = await page.evaluate(show, { card: wanted.card, hostConfig: hostConfig(wanted.theme, wanted.text) });
    if (shown.empty) throw new Refused("the renderer drew nothing.");
    const pressed = wanted.press ? await press(page, wanted.press) : null;
    const found = await page.evaluate(inspect);
    const { picture, pixels, colours } = wanted.picture ? await shot(page, wanted, out) : { picture: "", pixels: [0, 0], colours: 0 };
    const walked = wanted.walk ? await walk(page) : null;
    return {
      name: wanted.name,
      theme: wanted.theme,
      frame: wanted.frame,
      width: wanted.width,
      bytes: Buffer.byteLength(JSON.stringify(wanted.card)),
      picture,
      pixels,
      colours,
      warnings: shown.warnings,
      fallbacks: shown.fallbacks,
      blocked: [...blocked],
      pressed,
      walked,
      ...found,
    };
  } catch (error) {
    throw new Refused(`Card ${wanted.name} (${wanted.theme}) was not rendered: ${error.message.split("\n")[0]}`);
  }
}

async function main([out, file]) {
  if (!out) throw new Refused("Say where the pictures go: node render.mjs OUT [FILE].");
  const cards = read(file);
  if (!existsSync(CHROMIUM)) throw new Refused(`There is no Chromium at ${CHROMIUM}; run tests/browser/ensure-chromium or set CHROMIUM.`);
  const folder = new URL("node_modules/", import.meta.url);
  if (!existsSync(new URL("playwright-core/package.json", folder))) throw new Refused("node_modules is missing; run npm ci in tests/browser.");
  const libraries = LIBRARIES.map((path) => readFileSync(new URL(path, folder), "utf8"));
  const { chromium } = await import("playwright-core");
  mkdirSync(out, { recursive: true });

  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: FLAGS, timeout: 30_000 });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    browser.close(); // whatever is under way fails at once, and ends below
  }, SECONDS * 1000);
  try {
    const context = await browser.newContext({ deviceScaleFactor: 2, locale: "en-GB", timezoneId: "Europe/London", offline: true });
    const opened = await openPage(context);
    const reports = [];
    for (const wanted of cards) reports.push(await renderOne(opened, wanted, out, libraries)); // at once is no faster
    process.stdout.write(`${JSON.stringify(reports, null, 2)}\n`);
  } catch (error) {
    throw late ? new Refused(`Rendering took longer than ${SECONDS} seconds and was stopped.`) : error;
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error instanceof Refused ? error.message : `Rendering failed: ${error.message}`}\n`);
  process.exitCode = 1;
});
