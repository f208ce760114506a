// The tracker's own work once more, for those in Node that the bot is measured beside: rows become actions, it is decided
// of each what this person may see, the page is put in order and its card drawn. That its card is the bot's own, for
// whoever asks, is checked before anything is measured.
'use strict';

const PAGE = 15;
const SOON = 7;
const CLOSED = new Set(['Not possible', 'Not undertaken', 'Superseded', 'Transferred', 'Verified']);
const CLAIMS = new Set(['Done, to be verified', 'Not possible, to be verified']);
const STATUSES = new Set([
  ...CLOSED, ...CLAIMS, 'Acknowledged', 'Agreed', 'Blocked', 'Disseminated', 'In progress', 'More time asked for',
]);
const ARRANGE = ['Chair', 'Mental health team', 'Subgroup chair'];
const SEE = [...ARRANGE, 'Agency lead', 'Representative', 'Liaison', 'Referrer'];
const NO_CASE = /^[BbKk]\s*(?:[-‐‑–—]\s*)?[0-9]{1,9}$/u;
const CASE = /[Rr][A-Za-z]*\s*[-‐‑–—]?\s*0*([1-9][0-9]{0,8})/gu;
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November',
  'December',
];
const UK = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
const DAY_MS = 86400000;

// Days are numbers, since 1 January 1970; each text is read once, for the rows share a few hundred.
const known = new Map();

function dayOf(text) {
  if (typeof text !== 'string') return null;
  let day = known.get(text);
  if (day === undefined) {
    const at = new Date(text);
    day = Number.isNaN(at.getTime()) ? null : Date.parse(UK.format(at)) / DAY_MS;
    if (known.size < 4096) known.set(text, day);
  }
  return day;
}

function said(day) {
  const at = new Date(day * DAY_MS);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

const count = (number, one) => `${number} ${number === 1 ? one : `${one}s`}`;
const words = (text) => text.split(/\s+/u).filter(Boolean).join(' ');

function shortened(text, limit) {
  if (Buffer.byteLength(JSON.stringify(text)) <= limit) return text;
  let cut = text;
  while (Buffer.byteLength(JSON.stringify(cut)) > limit - 3) cut = cut.slice(0, -1);
  return `${cut}…`;
}

function actionOf(row) {
  const source = row.Source ?? '';
  const forum = row.Forum ?? '';
  return {
    id: row.Id,
    open: row.Open !== false,
    status: row.Status ?? '',
    what: row.What ?? '',
    ownerId: row.OwnerUserId ?? '',
    owner: row.OwnerName ?? '',
    agency: row.Agency ?? '',
    due: dayOf(row.DueDate),
    agreedOn: dayOf(row.AgreedOn),
    immediate: row.Priority === 'Immediate risk',
    source,
    ofCase: !((source && source.toLowerCase() === forum.toLowerCase()) || NO_CASE.test(source.trim())),
  };
}

const has = (member, roles) => roles.some((role) => member.roles.has(role));
const overdue = (action, today) => action.due !== null && action.due < today && !CLAIMS.has(action.status);
const soon = (action, today) =>
  action.due !== null && action.due >= today && action.due <= today + SOON && !CLAIMS.has(action.status);

// 0: nothing, 1: that it is there, 2: in full.
function sight(action, member, agency, today, restricted) {
  if (!member || !member.open || !agency || !agency.open) return 0;
  if (!action.ofCase) return 2;
  if (!has(member, SEE)) return 0;
  const owns = member.id !== '' && member.id === action.ownerId;
  const from = restricted.length ? [...action.source.matchAll(CASE)].map((found) => Number(found[1])) : [];
  const letIn = restricted.every((each) => {
    if (!from.includes(each.id)) return true;
    return member.id === each.referrer || member.id === (each.holder || each.referrer) || each.admitted.has(member.id);
  });
  const mine = owns || (letIn && (agency.code === action.agency || has(member, ARRANGE)));
  const current = agency.signed !== null && agency.signed <= today && (agency.lapses === null || today < agency.lapses);
  return mine && current ? 2 : 1;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const middle = sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  const down = Math.floor(middle);
  return middle - down === 0.5 ? down + (down % 2) : Math.round(middle); // half to even, as Python rounds
}

function totalsOf(actions, today) {
  const totals = { open: actions.length, overdue: 0, soon: 0, blocked: 0, toVerify: 0, median: 0, oldest: 0 };
  const ages = [];
  for (const action of actions) {
    if (action.agreedOn !== null) ages.push(today - action.agreedOn);
    if (CLAIMS.has(action.status)) totals.toVerify += 1;
    else if (overdue(action, today)) totals.overdue += 1;
    else if (soon(action, today)) totals.soon += 1;
    if (action.status === 'Blocked') totals.blocked += 1;
  }
  if (ages.length) {
    totals.median = median(ages);
    totals.oldest = Math.max(...ages, 0);
  }
  return totals;
}

const block = (text, looks) => ({ type: 'TextBlock', text, ...looks });
const quiet = (text) => block(text, { wrap: true, size: 'Small', isSubtle: true });
const run = (text, looks) => ({ type: 'TextRun', text, ...looks });

function line(action, amount, today) {
  const late = overdue(action, today) ? today - action.due : 0;
  const inlines = [run(`A-${action.id} `, { weight: 'Bolder' })];
  if (late) inlines.push(run(`${count(late, 'day')} overdue `, { weight: 'Bolder', color: 'Attention' }));
  if (amount === 2 && action.what) inlines.push(run(shortened(words(action.what), 240)));
  const owner = action.ownerId || amount === 2 ? action.owner : '';
  const due = action.due === null ? 'no due date' : `due ${said(action.due)}`;
  const status = STATUSES.has(action.status) ? action.status : 'status not stated';
  const mark = action.immediate ? ' · immediate risk' : '';
  const detail = `${shortened(owner, 120) || 'no owner'} · ${due} · ${status}${mark}`;
  const second = { type: 'RichTextBlock', spacing: 'None', inlines: [run(detail, { size: 'Small', isSubtle: true })] };
  return { type: 'Container', spacing: 'Small', items: [{ type: 'RichTextBlock', inlines }, second] };
}

function counts(totals) {
  const cells = [
    [totals.open, 'open', 4, 'default'],
    [totals.overdue, 'overdue', 6, totals.overdue ? 'attention' : 'default'],
    [totals.soon, 'due in 7 days', 6, 'default'],
    [totals.blocked, 'blocked', 6, 'default'],
    [totals.toVerify, 'to verify', 5, 'default'],
  ];
  const columns = cells.map(([number, word, width, color]) => ({
    type: 'Column',
    width,
    spacing: 'Small',
    items: [
      block(String(number), { size: 'ExtraLarge', weight: 'Bolder', wrap: true, color }),
      block(word, { size: 'Small', spacing: 'None', wrap: true }),
    ],
  }));
  return { type: 'ColumnSet', columns };
}

class Tracker {
  // `record` holds what SharePoint answered the bot, by the path that was asked.
  constructor(record) {
    const rows = (...parts) => {
      const path = Object.keys(record).find((each) => parts.every((part) => each.includes(part)));
      return record[path].value;
    };
    this.rows = { open: rows("'Actions'", 'Open'), gone: rows("'Actions'", 'ClosedOn%20ge'), held: rows("'Referrals'") };
    const closed = Object.keys(record).find((path) => path.includes('ClosedOn%20ge'));
    this.since = dayOf(/datetime'([^']+)'/u.exec(decodeURIComponent(closed))[1]); // the day of the last board
    this.members = new Map();
    for (const row of rows("'Members'")) {
      const roles = new Set((row.Roles ?? '').split(';').map((role) => role.trim()));
      const id = (row.UserId ?? '').trim().toLowerCase();
      if (!this.members.has(id)) this.members.set(id, { id, open: row.Open !== false, agency: row.Agency, roles });
    }
    this.agencies = new Map();
    for (const row of rows("'Agencies'")) {
      const [signed, lapses] = [dayOf(row.IsaSignedOn), dayOf(row.IsaLapsesOn)];
      const agency = { code: row.Agency, name: row.AgencyName, open: row.Open !== false, signed, lapses };
      if (!this.agencies.has(row.Agency)) this.agencies.set(row.Agency, agency);
    }
  }

  card(userId) {
    const today = dayOf(new Date().toISOString());
    const member = this.members.get(userId.toLowerCase());
    const agency = member && this.agencies.get(member.agency);
    const restricted = this.rows.held.map((row) => ({
      id: row.Id,
      referrer: row.ReferrerUserId ?? '',
      holder: row.HolderUserId ?? '',
      admitted: new Set((row.Admitted ?? '').split('\n').map((each) => each.trim().toLowerCase())),
    }));
    const actions = this.rows.open.map(actionOf);
    const gone = this.rows.gone.map(actionOf);
    const seen = actions
      .filter((action) => action.open && !CLOSED.has(action.status))
      .map((action) => ({ action, amount: sight(action, member, agency, today, restricted) }))
      .filter((each) => each.amount > 0);
    const late = new Map();
    for (const each of seen) {
      each.code = this.agencies.has(each.action.agency) ? each.action.agency : '';
      each.late = overdue(each.action, today);
      if (each.late) late.set(each.code, (late.get(each.code) ?? 0) + 1);
    }
    seen.sort(
      (a, b) =>
        (late.get(b.code) ?? 0) - (late.get(a.code) ?? 0) ||
        (a.code < b.code ? -1 : a.code > b.code ? 1 : 0) ||
        Number(b.late) - Number(a.late) ||
        (a.action.due ?? Infinity) - (b.action.due ?? Infinity) ||
        a.action.id - b.action.id,
    );
    const totals = totalsOf(seen.map((each) => each.action), today);
    const agreed = [...actions, ...gone].filter((each) => each.agreedOn !== null && each.agreedOn >= this.since).length;
    return this.drawn(seen, totals, agreed, gone.length, today, has(member, ARRANGE));
  }

  drawn(seen, totals, agreed, closed, today, exports) {
    const page = seen.slice(0, PAGE);
    const body = [
      block('OFFICIAL-SENSITIVE', { size: 'Small', weight: 'Bolder', isSubtle: true }),
      block('Action tracker', { style: 'heading', size: 'Large', weight: 'Bolder', wrap: true }),
      counts(totals),
    ];
    const age = `Half have been open ${count(totals.median, 'day')} or longer, the oldest ${totals.oldest}.`;
    body.push(quiet(`Since the board of ${said(this.since)}: ${agreed} agreed, ${closed} closed. ${age}`));
    const groups = new Map();
    for (const each of page) groups.set(each.code, [...(groups.get(each.code) ?? []), each]);
    for (const [code, rows] of groups) {
      const name = code ? shortened(words(this.agencies.get(code).name), 240) : 'Agency not stated';
      body.push(block(name, { weight: 'Bolder', wrap: true, spacing: 'Medium' }));
      for (const each of rows) body.push(line(each.action, each.amount, today));
    }
    body.push(quiet(`${page.length ? 1 : 0} to ${page.length} of ${totals.open}.`));
    const way = (title, verb, data) => ({ type: 'Action.Execute', title, verb, data, associatedInputs: 'none' });
    const actions = [];
    if (seen.length > PAGE) actions.push(way('Next page', 'tracker', { asked: '', page: '1' }));
    if (exports) actions.push(way('All as a workbook', 'command', { word: 'export tracker' }));
    const figures = `${totals.overdue} overdue, ${totals.soon} due in 7 days, ${totals.blocked} blocked.`;
    const speak = `Action tracker. ${totals.open} open, ${figures}`;
    const card = {
      type: 'AdaptiveCard',
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      version: '1.5',
      speak,
      fallbackText: speak,
      body,
    };
    return actions.length ? { ...card, actions } : card;
  }
}

// What a message of the work carries: what is given, or with a record among it a tracker that is made.
function attachmentsOf(work) {
  const tracker = work.record ? new Tracker(work.record) : null;
  return (text, userId) => {
    const given = work[text].attachments;
    if (tracker === null || text !== 'tracker') return given;
    return [{ contentType: given[0].contentType, content: tracker.card(userId) }];
  };
}

module.exports = { attachmentsOf };
