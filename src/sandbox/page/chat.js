// The chat: the spaces of a person, their messages and cards, and what they answer.

import { drawCard } from "/card.js";
import { el, markdown, plain } from "/text.js";

const $ = (id) => document.getElementById(id);
const drawn = new Map();
let room = null;
let shown = "";
/** Whether somebody has just written or tapped: what comes next is the answer. */
let awaits = false;

export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((part) => [...part][0].toUpperCase()).join("");
}

async function send(path, body) {
  awaits = true;
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return answer.ok ? null : (await answer.json()).errors[0].description;
  } catch {
    return "The sandbox does not answer.";
  }
}

function drawRooms(rooms, titleOf, onChoose) {
  const buttons = rooms.map((it) => {
    const button = el("button", { type: "button", "aria-pressed": String(it === room) }, titleOf(it));
    button.addEventListener("click", () => onChoose(it));
    return button;
  });
  $("rooms").replaceChildren(...buttons);
}

/** Draws what is new; a card that somebody is filling in stays as it is. */
export function drawChat(model, person, people, times, again) {
  const direct = (it) => !it.title;
  const withBot = { id: null, title: null, members: [person.email, model.bot] };
  const own = model.rooms.filter((it) => it.members.includes(person.email));
  const rooms = [own.find((it) => direct(it) && it.members.includes(model.bot)) ?? withBot, ...own.filter((it) => !direct(it))];
  const nameOf = (key) => people.get(key === model.botId ? model.bot : key)?.name ?? key;
  const titleOf = (it) => it.title ?? nameOf(it.members.find((email) => email !== person.email));
  room = rooms.find((it) => shown === `${person.email} ${titleOf(it)}`) ?? rooms[0];
  const title = `${person.email} ${titleOf(room)}`;
  const log = $("messages");
  if (title !== shown) {
    shown = title;
    drawn.clear();
    log.replaceChildren();
  }
  drawRooms(rooms, titleOf, (chosen) => {
    shown = "";
    room = chosen;
    choose(`${person.email} ${titleOf(chosen)}`, log);
    again();
  });
  $("text").placeholder = room.title ? `Write to ${room.title} (@${nameOf(model.bot)} … asks the bot)` : `Write to ${titleOf(room)}`;

  const messages = room.id ? model.messages.filter((it) => it.room === room.id) : [];
  const there = new Set(messages.map((it) => it.id));
  for (const [id, node] of drawn) {
    if (!there.has(id)) {
      node.remove();
      drawn.delete(id);
    }
  }
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const fresh = messages.filter((it) => !drawn.has(it.id));
  if (!fresh.length && messages.length) return;
  log.querySelector(".nothing")?.remove();
  for (const message of fresh) {
    const node = drawMessage(message, person, nameOf, times);
    drawn.set(message.id, node);
    log.append(node);
  }
  if (!messages.length) log.append(el("p", { class: "nothing" }, `Nothing yet. Say hello to ${titleOf(room)}.`));
  const isAnswer = awaits && fresh.some((it) => it.author !== person.email);
  if (fresh.length && (atEnd || awaits)) log.scrollTop = log.scrollHeight;
  if (isAnswer) awaits = false;
}

function choose(title, log) {
  shown = title;
  drawn.clear();
  log.replaceChildren();
}

function drawMessage(message, person, nameOf, times) {
  const name = nameOf(message.author);
  const own = message.author === person.email;
  const words = message.markdown ? markdown(message.markdown, nameOf) : plain(message.text);
  const submit = (inputs) => send("/sandbox/press", { email: person.email, messageId: message.id, inputs });
  const body = message.card ? drawCard(message.card, submit) : el("div", { class: "words" }, ...words);
  return el(
    "article",
    { class: own ? "message own" : "message", "aria-label": `${name}, ${times.moment(message.created)}` },
    el("span", { class: "avatar", "aria-hidden": "true" }, initials(name)),
    el("p", { class: "by" }, el("strong", {}, own ? "You" : name), " ", el("time", {}, times.moment(message.created))),
    body,
  );
}

/** What is typed goes to the space that is shown. */
export function listenToComposer(who, again) {
  $("say").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = $("text").value.trim();
    if (!text) return;
    const body = { email: who(), text };
    if (room?.title) body.room = room.id;
    const failed = await send("/sandbox/say", body);
    if (failed) return alert(failed);
    $("text").value = "";
    again();
  });
}
