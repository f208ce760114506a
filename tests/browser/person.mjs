// One person at a keyboard: a JSON command a line in, what came of it a line out. `node person.mjs` under chat.py.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--enable-features=CDPScreenshotNewSurface,SkipListAccountsWithoutGaiaCookies,LangAttributeAwareFormControlUI",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true, args: FLAGS, timeout: 30_000 });
const page = await (await browser.newContext({ locale: "en-GB", timezoneId: "Europe/London" })).newPage();
page.setDefaultTimeout(10_000);
const TRIED = 400; // milliseconds for one try
const faults = [];
page.on("pageerror", (error) => faults.push(error.message));

// Where a person acts: the dialog while one is open, else the conversation.
async function here() {
  const dialog = page.locator("dialog[open]");
  return (await dialog.count()) ? dialog : page.locator("main");
}

// Does something there, again and again until it can be done: a dialog opens, and a card comes, in its own time.
async function patiently(act) {
  for (let tries = 0; ; tries++) {
    try {
      return await act(await here());
    } catch (error) {
      if (tries > 20) throw error;
      await page.waitForTimeout(100);
    }
  }
}

async function chosen(where, label, value) {
  const radio = where.getByRole("radio", { name: value });
  if (await radio.count()) await radio.last().check({ timeout: TRIED });
  else await where.getByLabel(label).last().selectOption({ label: value }, { timeout: TRIED });
}

// The name that a screen reader says of what has the focus: its label, or its own words.
const focused = () =>
  page.evaluate(() => {
    const el = document.activeElement;
    if (!el || el === document.body) return "";
    const by = (el.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.innerText ?? "");
    return [el.getAttribute("aria-label"), ...by, ...[...(el.labels ?? [])].map((each) => each.innerText), el.innerText].filter(Boolean).join(" ").trim();
  });

const COMMANDS = {
  open: async ({ url }) => {
    await page.goto(url);
    await page.getByLabel("Type a message").waitFor();
  },
  type: async ({ text }) => {
    await page.getByLabel("Type a message").fill(text);
    await page.keyboard.press("Enter");
  },
  click: ({ button }) => patiently((where) => where.getByRole("button", { name: button, exact: true }).last().click({ timeout: TRIED })),
  fill: ({ label, value }) => patiently((where) => where.getByLabel(label).last().fill(value, { timeout: TRIED })),
  choose: ({ label, value }) => patiently((where) => chosen(where, label, value)),
  reads: ({ text }) => patiently((where) => where.getByText(text).last().waitFor({ timeout: TRIED })),
  keys: async ({ keys }) => {
    for (const key of keys) await page.keyboard.press(key);
  },
  writes: async ({ text }) => page.keyboard.type(text),
  tabs: async ({ name }) => {
    for (let pressed = 0; pressed <= 80; pressed++) {
      if ((await focused()).includes(name)) return pressed;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the Tab key did not reach ${name}`);
  },
  holds: ({ label }) => patiently((where) => where.getByLabel(label).last().inputValue({ timeout: TRIED })),
};

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let told;
  try {
    const came = await COMMANDS[asked.do](asked);
    if (faults.length) throw new Error(`the page broke: ${faults.join("; ")}`);
    told = { came: came ?? null, said: await (await here()).innerText() };
  } catch (error) {
    told = { failed: `${asked.do}: ${error.message.split("\n")[0]}`, said: await page.locator("body").innerText() };
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
await browser.close();
