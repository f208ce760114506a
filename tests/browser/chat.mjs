// One person's side of a conversation, in the Bot Framework's own protocol: activities out, posts and answers in.
/* global AdaptiveCards, crypto, document, fetch, location, markdownit, setTimeout */
import { hostConfig, styles } from "/teams.mjs";

const CARD = "application/vnd.microsoft.card.adaptive";
const { AdaptiveCard, ExecuteAction, HostConfig, OpenUrlAction, SerializationContext, SubmitAction, Versions } = AdaptiveCards;
const at = (id) => document.getElementById(id);
const config = await (await fetch(`/config${location.search}`)).json();

document.head.append(Object.assign(document.createElement("style"), { textContent: styles("light") }));
AdaptiveCards.GlobalSettings.setTabIndexAtCardRoot = false;
const markdown = markdownit("zero", { html: false }).enable(["emphasis", "link", "list"]);
AdaptiveCard.onProcessMarkdown = (text, result) => Object.assign(result, { outputHtml: markdown.render(text), didProcess: true });

async function send(activity) {
  const id = activity.type === "message" ? crypto.randomUUID() : `f:${crypto.randomUUID()}`;
  const conversation = { ...config.envelope.conversation };
  if (config.channel && activity.type === "message") conversation.id = `${config.channel};messageid=${id}`;
  const body = JSON.stringify({ ...config.envelope, ...activity, conversation: activity.conversation ?? conversation, id });
  const answer = await fetch("/api/messages", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const said = await answer.text();
  if (!answer.ok) throw new Error(`the bot answered ${answer.status}: ${said}`);
  return said ? JSON.parse(said) : null;
}

const invoke = (name, value, more = {}) => send({ type: "invoke", name, value, ...more });

// Draws a card into a place; `pressed` hears of each button once its inputs are in order.
function draw(json, where, pressed) {
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(hostConfig("light"));
  card.parse(json, new SerializationContext(Versions.v1_5));
  card.onExecuteAction = (action) => pressed(action).catch((error) => { at("status").textContent = error.message; });
  where.replaceChildren();
  where.append(card.render());
}

// What a dialog is answered with: another page, a sentence, or nothing, which closes it.
function turn(answer) {
  const task = answer?.task;
  if (!task) return at("dialog").close();
  const page = at("page");
  if (task.type === "continue") {
    at("dialog-title").textContent = task.value.title;
    draw(task.value.card.content, page, async (action) => {
      if (action instanceof SubmitAction) turn(await invoke("task/submit", { data: action.data, context: { theme: "default" } }));
    });
  } else page.replaceChildren(Object.assign(document.createElement("p"), { className: "says", textContent: task.value }));
  if (!at("dialog").open) at("dialog").showModal();
  return undefined;
}

async function pressed(action, post, where) {
  if (action instanceof OpenUrlAction) return;
  if (action instanceof ExecuteAction) {
    const executed = { type: "Action.Execute", verb: action.verb, data: action.data ?? {} };
    const answer = await invoke("adaptiveCard/action", { action: executed, trigger: "manual" }, { replyToId: post.id });
    if (answer?.type === CARD) draw(answer.value, where, (again) => pressed(again, post, where));
    else at("status").textContent = typeof answer?.value === "string" ? answer.value : (answer?.value?.message ?? "");
  } else if (action.data?.msteams?.type === "task/fetch") turn(await invoke("task/fetch", { data: action.data, context: { theme: "default" } }));
}

const shown = new Map();
function show(post) {
  if (shown.get(post.id)?.edits === post.edits) return;
  const frame = shown.get(post.id)?.frame ?? document.createElement("article");
  frame.className = "post alone";
  const card = post.activity.attachments?.find((each) => each.contentType === CARD)?.content;
  const says = Object.assign(document.createElement("p"), { className: "says", textContent: post.activity.text ?? "" });
  const where = document.createElement("div");
  frame.replaceChildren(...(post.activity.text ? [says] : []), where);
  if (card) draw(card, where, (action) => pressed(action, post, where));
  if (!frame.isConnected) at("posts").append(frame);
  shown.set(post.id, { edits: post.edits, frame });
}

async function look() {
  for (const post of await (await fetch(`/posts${location.search}`)).json()) show(post);
  setTimeout(look, 100);
}

document.querySelector("form.say").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = at("say").value;
  at("say").value = "";
  const said = config.channel ? { text: `<at>${config.bot}</at> ${text}`, entities: config.mention } : { text };
  await send({ type: "message", textFormat: "plain", ...said });
});
at("close").addEventListener("click", () => at("dialog").close());
look();
