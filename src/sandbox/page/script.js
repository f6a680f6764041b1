// The page: who one is, their calendar and mail, and the calls. Asks the sandbox every second what is new.

import { drawChat, listenToComposer } from "/chat.js";
import { el, plain, safeUrl } from "/text.js";

const $ = (id) => document.getElementById(id);
const CALLS = 40;
let model = null;
let tag = "";
let drawnFor = "";

const wanted = () => decodeURIComponent(location.hash.slice(1)).toLowerCase();
const person = () =>
  model.people.find((it) => it.email === wanted()) ?? model.people.find((it) => it.email === model.organizer) ?? model.people[0];

/** Times as this person has them. */
function timesOf(zone) {
  const format = (options) => {
    try {
      return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
    } catch {
      return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
    }
  };
  const [day, time] = [format({ weekday: "long", day: "numeric", month: "long" }), format({ hour: "2-digit", minute: "2-digit" })];
  const short = format({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
  const date = format({ year: "numeric", month: "2-digit", day: "2-digit" });
  return {
    day: (text) => day.format(new Date(text)),
    time: (text) => time.format(new Date(text)),
    moment: (text) => (date.format(new Date(text)) === date.format(now()) ? time.format(new Date(text)) : short.format(new Date(text)).replace(",", "")),
    full: (text) => short.format(new Date(text)).replace(",", ""),
  };
}

const now = () => (model.clockStands ? new Date(model.now) : new Date());

function draw() {
  if (!model) return;
  const me = person();
  const people = new Map(model.people.map((it) => [it.email, it]));
  const times = timesOf(me.timezone);
  drawChooser(me);
  drawClock(me, times);
  const key = `${me.email} ${tag} ${times.full(now())}`;
  if (key !== drawnFor) {
    drawnFor = key;
    drawMeetings(me, people, times);
    drawMails(me, people, times);
  }
  drawChat(model, me, people, times, draw);
  document.title = `${me.name} – Webex sandbox`;
}

function drawClock(me, times) {
  $("zone").textContent = model.clockStands ? `${me.timezone} · the clock stands still` : me.timezone;
  $("clock").textContent = times.full(now());
}

function drawChooser(me) {
  const select = $("person");
  const humans = model.people.filter((it) => it.email !== model.bot);
  if (select.options.length !== humans.length) {
    const option = (it) => el("option", { value: it.email }, it.department ? `${it.name} · ${it.department}` : it.name);
    select.replaceChildren(...humans.map(option));
  }
  if (select.value !== me.email) select.value = me.email;
}

function drawMeetings(me, people, times) {
  const mine = model.meetings.filter((it) => it.host === me.email || it.invitees.some((other) => other.email === me.email));
  const byStart = (a, b) => a.start.localeCompare(b.start);
  const ahead = mine.filter((it) => new Date(it.end) > now()).sort(byStart);
  const over = mine.filter((it) => new Date(it.end) <= now()).sort(byStart).reverse();
  const box = $("meetings");
  const open = new Set([...box.querySelectorAll("details[open]")].map((it) => it.dataset.key));
  const parts = days(ahead, me, people, times);
  if (!ahead.length) parts.push(el("p", { class: "nothing" }, "No meetings ahead."));
  if (over.length) {
    const summary = el("summary", {}, `Earlier (${over.length})`);
    parts.push(el("details", { class: "earlier", "data-key": "earlier" }, summary, ...days(over, me, people, times)));
  }
  box.replaceChildren(...parts);
  for (const details of box.querySelectorAll("details")) details.open = open.has(details.dataset.key);
}

function days(meetings, me, people, times) {
  const parts = [];
  let day = "";
  for (const meeting of meetings) {
    if (times.day(meeting.start) !== day) {
      day = times.day(meeting.start);
      parts.push(el("h3", {}, day));
    }
    parts.push(drawMeeting(meeting, me, people, times));
  }
  return parts;
}

/** Somebody is in a meeting from now until its end; or was, from its beginning. */
async function attend(meeting, me) {
  const [start, end] = [new Date(meeting.start), new Date(meeting.end)];
  const joined = now() > start && now() < end ? now() : start;
  const body = { meeting: meeting.id, email: me.email, joined: joined.toISOString(), left: end.toISOString() };
  await fetch("/sandbox/join", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  await look();
}

function drawMeeting(meeting, me, people, times) {
  const others = meeting.invitees.filter((it) => it.email !== me.email).map((it) => it.name);
  const host = people.get(meeting.host)?.name ?? meeting.host;
  const notes = [];
  if (meeting.cancelled) notes.push(el("span", { class: "chip" }, "Cancelled"));
  else if (meeting.movedFrom) notes.push(el("span", { class: "chip" }, `Moved from ${times.full(meeting.movedFrom)}`));
  if (meeting.came.includes(me.email)) notes.push(el("span", { class: "chip" }, "You were there"));
  const link = safeUrl(meeting.webLink, ["https:"]);
  const join = el("a", { class: "button", href: link, "aria-label": `Join ${meeting.title}` }, "Join");
  join.addEventListener("click", (event) => {
    event.preventDefault();
    attend(meeting, me);
  });
  return el(
    "article",
    { class: meeting.cancelled ? "meeting cancelled" : "meeting" },
    el("p", { class: "span" }, el("time", {}, times.time(meeting.start)), el("time", {}, times.time(meeting.end))),
    el(
      "div",
      { class: "about" },
      el("h4", {}, meeting.title),
      el("p", { class: "people" }, others.length ? `with ${others.join(" · ")}` : "nobody else is invited", meeting.host === me.email ? "" : ` · by ${host}`),
      notes.length ? el("p", { class: "chips" }, ...notes) : null,
      meeting.agenda ? el("details", { class: "agenda", "data-key": meeting.id }, el("summary", {}, "Agenda"), ...plain(meeting.agenda)) : null,
    ),
    meeting.cancelled ? null : join,
  );
}

const ABOUT = {
  invitation: ["Invitation", "invites you to a Webex meeting.", "host a Webex meeting."],
  update: ["Changed", "changed this Webex meeting.", "changed this Webex meeting."],
  cancellation: ["Cancelled", "cancelled this Webex meeting.", "cancelled this Webex meeting."],
};

function drawMails(me, people, times) {
  const mine = model.emails.filter((it) => it.to === me.email).reverse();
  const box = $("mails");
  const open = new Set([...box.querySelectorAll("details[open]")].map((it) => it.dataset.key));
  const mails = mine.slice(0, 100).map((mail, index) => {
    const meeting = model.meetings.find((it) => it.id === mail.meeting);
    const [word, sentence, own] = ABOUT[mail.about] ?? [mail.about, "", ""];
    const host = meeting ? (people.get(meeting.host)?.name ?? meeting.host) : "Webex";
    const key = `mail ${mine.length - index}`;
    const who = (meeting?.invitees ?? []).map((it) => it.name).join(" · ");
    const summary = el("summary", {}, el("span", { class: "subject" }, `${word}: ${mail.title}`), el("time", {}, times.moment(mail.at)));
    const link = mail.about === "cancellation" ? null : safeUrl(meeting?.webLink, ["https:"]);
    return el(
      "details",
      { class: "mail", "data-key": key, open: open.has(key) },
      summary,
      el("p", {}, meeting?.host === me.email ? `You ${own}` : `${host} ${sentence}`),
      el("p", {}, el("strong", {}, `${times.day(mail.start)}, ${times.time(mail.start)}–${times.time(mail.end)}`), ` (${me.timezone})`),
      who ? el("p", {}, `Invited: ${who}`) : null,
      link ? el("p", {}, el("a", { href: link, target: "_blank", rel: "noopener noreferrer" }, "Join the meeting")) : null,
    );
  });
  box.replaceChildren(...(mails.length ? mails : [el("p", { class: "nothing" }, "No mail.")]));
}

function drawCalls(calls) {
  const recent = calls.slice(-CALLS).reverse();
  const line = (call) => {
    const status = call.status === null ? "…" : String(call.status);
    const bad = status === "dropped" || status >= "400";
    return [el("i", { class: bad ? "bad" : "" }, status), " ", el("b", {}, call.method), " ", el("span", { title: call.path }, call.path)];
  };
  $("calls").replaceChildren(...recent.map((call) => el("li", {}, el("span", { class: "number" }, String(call.number)), ...line(call))));
  $("last-call").replaceChildren(...(recent.length ? line(recent[0]) : ["none yet"]));
}

let lastCall = 0;
async function look() {
  try {
    const answer = await fetch("/sandbox/model", { headers: tag ? { "if-none-match": tag } : {}, cache: "no-store" });
    if (answer.status === 200) {
      tag = answer.headers.get("etag") ?? "";
      model = await answer.json();
    }
    const calls = await (await fetch(`/sandbox/calls?from=${Math.max(0, lastCall - CALLS)}`, { cache: "no-store" })).json();
    lastCall = calls.at(-1)?.number ?? 0;
    drawCalls(calls);
    $("lost").hidden = true;
    draw();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    $("lost").hidden = false;
  }
}

async function watch() {
  if (!document.hidden) await look().catch(console.error);
  setTimeout(watch, 1000);
}

$("person").addEventListener("change", (event) => (location.hash = event.target.value));
addEventListener("hashchange", () => {
  $("text").value = "";
  draw();
});
for (const button of document.querySelectorAll(".tabs button")) {
  button.addEventListener("click", () => showPart(button.dataset.part));
}
function showPart(part) {
  document.querySelector("main").dataset.part = part;
  for (const button of document.querySelectorAll(".tabs button")) {
    button.setAttribute("aria-pressed", String(button.dataset.part === part));
  }
}
$("skip").addEventListener("click", (event) => {
  // The address names the person.
  event.preventDefault();
  showPart("chat");
  $("text").focus();
});
// It goes on while nothing else is new, and while the sandbox does not answer.
setInterval(() => model && drawClock(person(), timesOf(person().timezone)), 1000);
showPart("chat");
listenToComposer(() => person().email, () => look());
watch();
