// How Teams looks: colours of its three themes, a host config for the renderer, and the post or dialog around a card.
// Microsoft publishes no complete list of these; the values are near enough to judge a card by, not a promise.

const FONT =
  '"Segoe UI", Selawik, "Open Sans", "Liberation Sans", "DejaVu Sans", "Symbola", system-ui, sans-serif';

const PALETTES = {
  light: {
    scheme: "light",
    canvas: "#f0f0f0", post: "#ffffff", card: "#ffffff", line: "#e0e0e0", shadow: "0 1px 3px #0000001f",
    text: "#242424", subtle: "#616161",
    accent: "#4f52b2", good: "#1f7244", warning: "#835c00", attention: "#c4314b",
    field: "#ffffff", fieldLine: "#d1d1d1", fieldBase: "#616161", focus: "#5b5fc7",
    button: "#ffffff", buttonLine: "#d1d1d1", buttonText: "#242424",
    primary: "#5b5fc7", primaryText: "#ffffff", danger: "#c4314b", dangerText: "#ffffff",
    fills: { emphasis: "#f5f5f5", accent: "#e8ebfa", good: "#e7f2da", warning: "#fbf6d9", attention: "#fcf4f6" },
  },
  dark: {
    scheme: "dark",
    canvas: "#1a1a1a", post: "#292929", card: "#292929", line: "#454545", shadow: "0 1px 3px #00000066",
    text: "#ffffff", subtle: "#c2c2c2",
    accent: "#a6a7f0", good: "#92c353", warning: "#f8d22a", attention: "#f38ba8",
    field: "#1f1f1f", fieldLine: "#666666", fieldBase: "#adadad", focus: "#7f85f5",
    button: "#292929", buttonLine: "#666666", buttonText: "#ffffff",
    primary: "#5b5fc7", primaryText: "#ffffff", danger: "#c4314b", dangerText: "#ffffff",
    fills: { emphasis: "#1f1f1f", accent: "#2f2f4a", good: "#16351f", warning: "#3a3210", attention: "#3f1d26" },
  },
  contrast: {
    scheme: "dark",
    canvas: "#000000", post: "#000000", card: "#000000", line: "#ffffff", shadow: "none",
    text: "#ffffff", subtle: "#ffffff",
    accent: "#1aebff", good: "#3ff23f", warning: "#ffff01", attention: "#ff9a9a",
    field: "#000000", fieldLine: "#ffffff", fieldBase: "#ffffff", focus: "#ffff01",
    button: "#000000", buttonLine: "#ffffff", buttonText: "#ffffff",
    primary: "#1aebff", primaryText: "#000000", danger: "#000000", dangerText: "#ff9a9a",
    fills: { emphasis: "#000000", accent: "#000000", good: "#000000", warning: "#000000", attention: "#000000" },
  },
};

export const THEMES = Object.keys(PALETTES);
export const schemeOf = (theme) => PALETTES[theme].scheme;

export function hostConfig(theme, text = 1) {
  const p = PALETTES[theme];
  const larger = (sizes) => Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, size * text]));
  const both = (colour, subtle = colour) => ({ default: colour, subtle });
  const foregroundColors = {
    default: both(p.text, p.subtle),
    dark: both(p.text, p.subtle),
    light: both(p.subtle),
    accent: both(p.accent),
    good: both(p.good),
    warning: both(p.warning),
    attention: both(p.attention),
  };
  const filled = (name) => ({ backgroundColor: p.fills[name], borderColor: p.line, foregroundColors });
  const label = { size: "default", weight: "default", color: "default", isSubtle: false };
  return {
    supportsInteractivity: true,
    fontFamily: FONT,
    fontTypes: {
      default: {
        fontFamily: FONT,
        fontSizes: larger({ small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 }),
        fontWeights: { lighter: 300, default: 400, bolder: 600 },
      },
      monospace: {
        fontFamily: 'Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
        fontSizes: larger({ small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 }),
        fontWeights: { lighter: 300, default: 400, bolder: 600 },
      },
    },
    lineHeights: larger({ small: 16, default: 20, medium: 22, large: 24, extraLarge: 32 }),
    spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: p.line },
    imageSizes: { small: 32, medium: 52, large: 100 },
    imageSet: { imageSize: "medium", maxImageHeight: 100 },
    textBlock: { headingLevel: 2 },
    textStyles: { heading: { size: "large", weight: "bolder" }, columnHeader: { weight: "bolder" } },
    factSet: {
      title: { weight: "bolder", wrap: true, maxWidth: 160 * text },
      value: { wrap: true },
      spacing: 8,
    },
    inputs: {
      label: {
        inputSpacing: "small",
        requiredInputs: { ...label, suffix: " *", suffixColor: "attention" },
        optionalInputs: label,
      },
      errorMessage: { size: "small", color: "attention", weight: "default" },
    },
    actions: {
      maxActions: 6,
      spacing: "large",
      buttonSpacing: 8,
      actionsOrientation: "horizontal",
      actionAlignment: "left",
      showCard: { actionMode: "inline", inlineTopMargin: 12, style: "emphasis" },
    },
    adaptiveCard: { allowCustomStyle: false },
    containerStyles: {
      default: { backgroundColor: p.card, borderColor: p.line, foregroundColors },
      emphasis: filled("emphasis"),
      accent: filled("accent"),
      good: filled("good"),
      warning: filled("warning"),
      attention: filled("attention"),
    },
  };
}

// High contrast has one background, so there a line tells a styled container from its surroundings.
const OUTLINED = `:is(.ac-container, .ac-columnSet)[style*="background-color"]:not(.ac-adaptiveCard, [role="cell"], [role="columnheader"]) { box-shadow: inset 0 0 0 1px #ffffff; }`;

// The page's own sizes grow with its text, as Teams' do: letters, lines, and what has one line of them inside.
const grown = (css, text) =>
  css.replace(/(font(?:-size)?: [^;]*?|line-height: |height: )(\d+)px(?:\/(\d+)px)?/g, (_, what, size, line) =>
    `${what}${size * text}px${line ? `/${line * text}px` : ""}`,
  );

export function styles(theme) {
  const p = PALETTES[theme];
  const drawn = (body) => `url("data:image/svg+xml,${encodeURIComponent(body)}")`;
  const chevron = drawn(
    `<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12" fill="none" stroke="${p.subtle}" ` +
      `stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round"><path d="M2.5 4.5 6 8l3.5-3.5"/></svg>`,
  );
  return `
:root { color-scheme: ${p.scheme}; }
* { box-sizing: border-box; }
body { margin: 0; background: ${p.canvas}; color: ${p.text}; font: 14px/20px ${FONT}; -webkit-font-smoothing: antialiased; }
#frame { width: 100%; padding: 16px; background: ${p.canvas}; }
.post, .dialog { background: ${p.post}; border: 1px solid ${theme === "light" ? "#ebebeb" : p.line}; border-radius: 8px; box-shadow: ${p.shadow}; }
.post { padding: 14px 16px 0; }
.post.alone { padding-bottom: 16px; }
.who { display: flex; align-items: center; gap: 10px; margin-bottom: 10px; }
.who svg { flex: none; }
.who b { font-weight: 600; }
.who .time { color: ${p.subtle}; font-size: 12px; margin-left: 8px; }
.subject { font-size: 18px; line-height: 24px; font-weight: 600; margin: 0 0 10px; }
.post #card { border: 1px solid ${p.line}; border-radius: 6px; overflow: hidden; }
.reply { display: flex; align-items: center; gap: 8px; height: 44px; margin: 14px -16px 0; padding: 0 16px; border-top: 1px solid ${p.line}; color: ${p.subtle}; }
.dialog { overflow: hidden; box-shadow: ${theme === "contrast" ? "none" : "0 8px 24px #00000033"}; }
.dialog .bar { display: flex; align-items: center; gap: 10px; padding: 18px 20px 6px; font-size: 18px; line-height: 24px; font-weight: 600; }
.dialog .bar .close { margin-left: auto; color: ${p.subtle}; }
.dialog #card { padding: 0 4px 4px; }
@media (max-width: 479px) { #frame { padding: 8px; } .post { padding: 12px 12px 0; } .reply { margin: 12px -12px 0; padding: 0 12px; } .dialog .bar { padding: 14px 16px 4px; } .dialog #card { padding: 0; } }

.ac-textBlock p, .ac-textBlock ul, .ac-textBlock ol { margin: 0 0 8px; }
.ac-textBlock ul, .ac-textBlock ol { padding-left: 22px; }
.ac-textBlock strong { font-weight: 600; }
.ac-anchor, .mention { color: ${p.accent}; text-decoration: ${theme === "contrast" ? "underline" : "none"}; }
.ac-textBlock p .ac-anchor { text-decoration: underline; }
.ac-container:not([role="cell"], [role="columnheader"]), .ac-columnSet { border-radius: 4px; }
${theme === "contrast" ? OUTLINED : ""}
.ac-selectable { cursor: pointer; }
.ac-factset td { padding-bottom: 2px; }

.ac-actionSet { flex-wrap: wrap; gap: 8px; }
.ac-actionSet > div:not([class]):empty { display: none; }
.ac-pushButton, .ac-pushButton-disabled { font: 600 14px/20px ${FONT}; min-width: 72px; min-height: 32px; max-width: 100%; padding: 5px 12px; border: 1px solid ${p.buttonLine}; border-radius: 4px; background: ${p.button}; color: ${p.buttonText}; cursor: pointer; }
.ac-pushButton.style-positive { background: ${p.primary}; border-color: ${p.primary}; color: ${p.primaryText}; }
.ac-pushButton.style-destructive { background: ${p.danger}; border-color: ${theme === "contrast" ? p.dangerText : p.danger}; color: ${p.dangerText}; }
.ac-pushButton.expandable::after { content: ""; flex: none; width: 12px; height: 12px; margin-left: 8px; background: ${chevron}; }
.ac-pushButton.expanded::after { transform: rotate(180deg); }
.ac-pushButton-disabled { opacity: .55; cursor: default; }
:focus-visible { outline: 2px solid ${p.focus}; outline-offset: 1px; }

.ac-textInput, .ac-numberInput, .ac-dateInput, .ac-timeInput, .ac-multichoiceInput.ac-choiceSetInput-compact, .ac-choiceSetInput-filtered, .ac-choiceSetInput-filtered-textbox { font: 400 14px/20px ${FONT}; width: 100%; height: 32px; padding: 5px 10px; color: ${p.text}; background: ${p.field}; border: 1px solid ${p.fieldLine}; border-bottom-color: ${p.fieldBase}; border-radius: 4px; }
.ac-textInput.ac-multiline { height: 76px; resize: none; }
.ac-multichoiceInput.ac-choiceSetInput-compact { appearance: none; padding-right: 32px; background: ${p.field} ${chevron} no-repeat right 10px center; text-overflow: ellipsis; }
.ac-choiceSetInput-filtered-container { position: relative; width: 100%; }
.ac-choiceSetInput-filtered-dropdown { display: none; }
::placeholder { color: ${p.subtle}; opacity: 1; }
.ac-choiceSetInput-expanded > div, .ac-choiceSetInput-multiSelect > div, .ac-toggleInput { min-height: 26px; }
input[type=radio], input[type=checkbox] { width: 16px; height: 16px; accent-color: ${p.primary}; }
.ac-input-container + .ac-textBlock { margin-top: 4px; }
.ac-input-validation-failed { border-color: ${p.attention} !important; }
.ac-inlineActionButton { font: 600 14px/20px ${FONT}; color: ${p.accent}; background: none; border: 0; padding: 0 10px; cursor: pointer; }
`;
}

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// Teams cuts a bot's picture to a hexagon with soft corners.
const hexagon = (size, letters) =>
  `<svg width="${size}" height="${size}" viewBox="0 0 32 32" aria-hidden="true"><path d="M11 3h10q2 0 3 1.700l5 8.600q1.400 2.700 0 5.400l-5 8.600q-1 1.700-3 1.700H11q-2 0-3-1.700l-5-8.600q-1.400-2.700 0-5.400l5-8.600Q9 3 11 3Z" fill="#444791" stroke="#ffffff66" stroke-width=".5"/>` +
  `<text x="16" y="20.200" text-anchor="middle" font-size="11.500" font-weight="600" fill="#fff">${escaped(letters)}</text></svg>`;

function post({ bot = "MHRMB", avatar = true, time = "09:30", subject, reply = true }) {
  const picture = avatar ? hexagon(34, bot.slice(0, 2)) : "";
  const head = subject ? `<p class="subject">${escaped(subject)}</p>` : "";
  const foot = reply
    ? `<div class="reply" aria-hidden="true"><svg width="16" height="16" fill="none" stroke="currentColor" stroke-width="1.300" stroke-linecap="round" stroke-linejoin="round"><path d="M6 3 2.500 6.500 6 10M2.500 6.500H9a4.500 4.500 0 0 1 4.500 4.500v2"/></svg>Reply</div>`
    : "";
  return `<div class="post${reply ? "" : " alone"}"><div class="who">${picture}<div><b>${escaped(bot)}</b><span class="time">${escaped(time)}</span></div></div>${head}<div id="card"></div>${foot}</div>`;
}

function dialog({ bot = "MHRMB", avatar = true, title = bot }) {
  const picture = avatar ? hexagon(26, bot.slice(0, 2)) : "";
  return `<div class="dialog"><div class="bar">${picture}<span>${escaped(title)}</span><svg class="close" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="1.400" stroke-linecap="round"><path d="m3.500 3.500 9 9m0-9-9 9"/></svg></div><div id="card"></div></div>`;
}

export const FRAMES = { message: post, dialog };

export function pageFor(wanted) {
  return `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>${escaped(wanted.name)}</title><style>${grown(styles(wanted.theme), wanted.text)}</style></head><body><main id="frame">${FRAMES[wanted.frame](wanted)}</main></body></html>`;
}
