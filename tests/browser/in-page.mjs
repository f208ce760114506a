// Functions that run inside the page, so each is complete in itself: playwright sends its text to Chromium.
/* global AdaptiveCards, axe, document, NodeFilter, getComputedStyle, Image, markdownit, window */

// Draws the card into #card and answers what the renderer had to say about it.
export async function show({ card: json, hostConfig }) {
  const { AdaptiveCard, HostConfig, SerializationContext, Versions, ValidationEvent } = AdaptiveCards;
  AdaptiveCards.GlobalSettings.setTabIndexAtCardRoot = false;

  // Card markdown is bold, italic, lists and links; what else markdown-it knows, Teams shows as typed.
  const markdown = markdownit({ html: false, linkify: false }).disable([
    "heading", "lheading", "table", "image", "blockquote", "code", "fence", "backticks", "hr", "strikethrough", "reference", "autolink",
  ]);
  const mentions = new Set((json.msteams?.entities ?? []).map((entity) => entity.text));
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown
      .render(text)
      .replace(/&lt;at&gt;(.*?)&lt;\/at&gt;/g, (typed, who) =>
        mentions.has(`<at>${who}</at>`) ? `<span class="mention">${who}</span>` : typed,
      );
    result.didProcess = true;
  };
  window.sent = null;
  AdaptiveCard.onExecuteAction = (action) => {
    const { type, verb, data, url } = { ...action.toJSON(), data: action.data };
    window.sent = { title: action.title ?? null, type, verb: verb ?? null, data: data ?? null, url: url ?? null };
  };

  const card = new AdaptiveCard();
  window.card = card;
  card.maxVersion = Versions.v1_5;
  card.hostConfig = new HostConfig(hostConfig);
  const context = new SerializationContext(Versions.v1_5);
  card.parse(json, context);
  const events = [];
  for (let i = 0; i < context.eventCount; i++) events.push(context.getEventAt(i));
  events.push(...card.validateProperties().validationEvents);
  const drawn = card.render(document.getElementById("card"));
  if (drawn && !drawn.isConnected) document.getElementById("card").append(drawn);
  for (const input of drawn?.querySelectorAll("input[type=date],input[type=time]") ?? []) {
    const { type } = input;
    input.type = "text"; // made before it stood in the page, it missed the page's language: month first
    input.type = type;
  }
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));

  // An unknown type that has a fallback, or stands inside something that has one, is as its author meant.
  const unknown = new Set(
    events
      .filter((e) => [ValidationEvent.UnknownElementType, ValidationEvent.UnknownActionType].includes(e.event))
      .map((e) => /"(.*?)"/.exec(e.message)?.[1]),
  );
  const warnings = [];
  const fallbacks = [];
  const walk = (node, covered) => {
    if (Array.isArray(node)) return node.forEach((item) => walk(item, covered));
    if (!node || typeof node !== "object") return undefined;
    const safe = covered || (node !== json && "fallback" in node);
    if (unknown.has(node.type)) {
      if (safe) fallbacks.push(node.type);
      else warnings.push({ event: "UnknownType", message: `Unknown type "${node.type}" and no fallback.` });
    }
    for (const [key, value] of Object.entries(node)) {
      if (key !== "data" && key !== "msteams") walk(value, safe);
    }
    return undefined;
  };
  walk(json, false);
  for (const e of events) {
    if (unknown.has(/"(.*?)"/.exec(e.message)?.[1]) && /^Unknown/.test(ValidationEvent[e.event])) continue;
    const id = e.source?.id;
    const found = {
      event: ValidationEvent[e.event],
      message: id && !e.message.includes(id) ? `${e.message} (${id})` : e.message,
    };
    if (!warnings.some((w) => w.event === found.event && w.message === found.message)) warnings.push(found);
  }
  return { warnings, fallbacks, empty: !drawn };
}

// Measures the drawn card: its inputs and their names, what the keyboard reaches, what does not fit, what axe finds.
export async function inspect() {
  const root = document.getElementById("card");
  const visible = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== "hidden";

  axe.setup(document);
  const inputs = window.card.getAllInputs().map((input) => {
    const control = input.renderedInputControlElement;
    const box = control?.matches("input,select,textarea") ? control : control?.querySelector("input,select,textarea");
    const group = control?.matches("[role=group],[role=radiogroup]") ? control : box;
    return {
      id: input.id ?? null,
      type: input.getJsonTypeName(),
      label: input.label ?? null,
      name: group?.isConnected ? axe.commons.text.accessibleText(group) : null,
      required: Boolean(input.isRequired),
      error: input.errorMessage ?? null,
      shown: Boolean(group?.isConnected && visible(group)),
    };
  });
  axe.teardown();

  const focusable = [...root.querySelectorAll("a[href],button,input,select,textarea,[tabindex]")].filter(
    (el) => el.tabIndex >= 0 && !el.disabled && visible(el),
  ).length;

  // Overflow: something reaches past the card's edge. Truncated: words cut inside it, with or without an ellipsis.
  const edge = root.getBoundingClientRect();
  const overflowing = [...root.querySelectorAll("*")].filter((el) => {
    const rect = el.getBoundingClientRect();
    return visible(el) && rect.width > 0 && (rect.right > edge.right + 1 || rect.left < edge.left - 1);
  });
  const truncated = [...root.querySelectorAll("div,p,td,span,label")]
    .filter((el) => visible(el) && getComputedStyle(el).overflowX !== "visible" && el !== root)
    .filter((el) => el.scrollWidth > el.clientWidth + 1 || (el.style.webkitLineClamp && el.scrollHeight > el.clientHeight + 1))
    .map((el) => el.innerText.trim())
    .filter((text, i, all) => text && all.indexOf(text) === i);

  // A word that goes on in the next line: its box is narrower than it. Hyphens, slashes and the like may end a line.
  const broken = [];
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!visible(node.parentElement)) continue;
    for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const tops = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
      if (tops.size > 1) broken.push(word);
    }
  }

  // Of what stands in a row of choices the whole row is pressed, not its mark alone.
  const pressed = [...root.querySelectorAll("a[href],button,input,select,textarea")].filter(visible);
  const small = pressed
    .map((el) => (el.matches("[type=radio],[type=checkbox]") ? el.parentElement : el))
    .filter((el) => el.getBoundingClientRect().height < 24 || el.getBoundingClientRect().width < 24)
    .map((el) => el.innerText.trim() || el.outerHTML.slice(0, 80));

  const results = await axe.run(
    { include: ["#card"] },
    { resultTypes: ["violations"], rules: { "target-size": { enabled: true } } },
  );
  return {
    inputs,
    says: root.innerText,
    links: [...root.querySelectorAll("a[href]")].map((el) => el.getAttribute("href")),
    pictures: [...root.querySelectorAll("img,svg image,iframe,object,script")].map((el) => el.tagName.toLowerCase()),
    marked: [...root.querySelectorAll("strong,em,b,i,li,h1,h2,h3,h4,h5,h6,code,blockquote,.mention")].map((el) =>
      el.tagName.toLowerCase(),
    ),
    focusable,
    small,
    broken: [...new Set(broken)],
    overflow: overflowing.length > 0 || root.scrollWidth > root.clientWidth + 1,
    truncated,
    violations: results.violations.map((v) => ({
      id: v.id,
      impact: v.impact ?? null,
      nodes: v.nodes.length,
      help: v.help,
      examples: v.nodes.slice(0, 3).map((node) => node.html.slice(0, 200)),
    })),
    cardWidth: Math.round(edge.width),
  };
}

// Where the keyboard is: the focused element's number in the card, its place in the document, whether the focus is seen.
export function focused() {
  const el = document.activeElement;
  const root = document.getElementById("card");
  if (!root.contains(el)) return null;
  const { left, top, bottom } = el.getBoundingClientRect();
  const at = [...root.querySelectorAll("*")].indexOf(el);
  return { at, left, top: top + scrollY, bottom: bottom + scrollY, seen: getComputedStyle(el).outlineStyle !== "none" };
}

// What the keyboard should have reached and did not; of a group of choices one is enough, arrow keys do the rest.
export function missed(reached) {
  const root = document.getElementById("card");
  const all = [...root.querySelectorAll("*")];
  const been = new Set(reached.map((at) => all[at]));
  const groups = new Set([...been].filter((el) => el.type === "radio").map((el) => el.name));
  return [...root.querySelectorAll("a[href],button,input,select,textarea,[tabindex]")]
    .filter((el) => el.tabIndex >= 0 && !el.disabled && el.getClientRects().length > 0)
    .filter((el) => !been.has(el) && !(el.type === "radio" && groups.has(el.name)))
    .map((el) => el.outerHTML.slice(0, 120));
}

// Measures a picture and counts its colours: a blank one has one.
export async function countColours(base64) {
  const image = new Image();
  image.src = `data:image/png;base64,${base64}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  brush.drawImage(image, 0, 0);
  const pixels = new Uint32Array(brush.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const colours = new Set();
  for (let i = 0; i < pixels.length; i += 5) colours.add(pixels[i]); // every fifth is enough to tell, and quicker
  return { pixels: [canvas.width, canvas.height], colours: colours.size };
}
