// The page: sends what the resident says and shows the answers. Which conversation it is, a cookie says that the server has
// signed and this script cannot read. No library; all text is set as text, never as HTML.
"use strict";

const MESSAGES = "/page/messages";
const SESSIONS = "/page/sessions";
const GREETING = "/greet";
const CHECK_PAYMENT = "/check_payment";
const ANSWER_MILLISECONDS = 35000;
// Full-width punctuation and brackets end a link: Chinese sentences put them right behind it.
const LINK = /https?:\/\/[^\s<>"'，。；：！？、（）【】《》“”]+/g;

const messages = document.getElementById("messages");
const conversation = document.getElementById("conversation");
const composer = document.getElementById("composer");
const text = document.getElementById("text");
const send = document.getElementById("send");

let busy = false;
let cashierOpened = false;

// ---- drawing

function element(tag, className, content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

function addMessage(kind, content) {
  const item = element("li", "message " + kind);
  const bubble = element("div", "bubble");
  if (kind.includes("bot")) fillWithLinks(bubble, content);
  else bubble.textContent = content;
  item.append(bubble);
  messages.append(item);
  scrollDown();
  return item;
}

function fillWithLinks(bubble, content) {
  let rest = 0;
  for (const found of content.matchAll(LINK)) {
    bubble.append(content.slice(rest, found.index), link(found[0]));
    rest = found.index + found[0].length;
  }
  bubble.append(content.slice(rest));
}

function link(address) {
  const isCashier = new URL(address).pathname.startsWith("/cashier/");
  const anchor = element("a", isCashier ? "pay" : "", isCashier ? "去收银台付款" : address);
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  if (isCashier) anchor.addEventListener("click", () => { cashierOpened = true; });
  return anchor;
}

function addButtons(item, buttons) {
  const row = element("div", "buttons");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", "可以选");
  for (const button of buttons) {
    const made = element("button", "", String(button.title));
    made.type = "button";
    made.addEventListener("click", () => {
      if (busy) return;
      made.classList.add("chosen");
      say(String(button.payload || button.title), String(button.title));
    });
    row.append(made);
  }
  item.append(row);
}

function disableButtons() {
  for (const button of messages.querySelectorAll(".buttons button")) button.disabled = true;
}

function addTyping() {
  const item = element("li", "message bot typing");
  const bubble = element("div", "bubble");
  bubble.append(element("i"), element("i"), element("i"), element("span", "unseen", "正在输入"));
  item.append(bubble);
  messages.append(item);
  scrollDown();
  return item;
}

function scrollDown() {
  conversation.scrollTop = conversation.scrollHeight;
}

function setBusy(value) {
  busy = value;
  send.disabled = value;
}

// ---- talking

async function ask(payload) {
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), ANSWER_MILLISECONDS);
  try {
    const answer = await fetch(MESSAGES, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ message: payload }),
      signal: waiting.signal,
    });
    if (!answer.ok) throw new Error("status " + answer.status);
    const replies = await answer.json();
    if (!Array.isArray(replies)) throw new Error("not a list of replies");
    return replies;
  } finally {
    clearTimeout(timer);
  }
}

// Sends a payload; `shown` is what the resident sees as their own words, null for what the page says by itself.
async function say(payload, shown) {
  if (busy) return;
  setBusy(true);
  disableButtons();
  if (shown !== null) addMessage("resident", shown);
  await exchange(payload);
}

async function exchange(payload) {
  setBusy(true);
  const typing = addTyping();
  try {
    const replies = await ask(payload);
    typing.remove();
    replies.forEach(showReply);
  } catch {
    typing.remove();
    showFailure(payload);
  } finally {
    setBusy(false);
  }
}

function showReply(reply) {
  const words = typeof reply.text === "string" ? reply.text : "";
  const buttons = Array.isArray(reply.buttons) ? reply.buttons : [];
  if (!words && !buttons.length) return;
  const item = addMessage("bot", words);
  if (buttons.length) addButtons(item, buttons);
  scrollDown();
}

function showFailure(payload) {
  const item = addMessage("bot failure", "没有收到回音，这句话可能没有送到。请检查网络后重试，急事可拨打城市热线 12345。");
  const retry = element("button", "retry", "重试");
  retry.type = "button";
  retry.addEventListener("click", () => {
    if (busy) return;
    item.remove();
    exchange(payload);
  });
  item.append(retry);
  scrollDown();
}

// ---- what the resident does

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words || busy) return;
  text.value = "";
  fitHeight();
  say(words, words);
});

text.addEventListener("keydown", (event) => {
  // While an input method composes characters, Enter chooses one.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

function fitHeight() {
  text.style.height = "auto";
  text.style.height = text.scrollHeight + 2 + "px";
}
text.addEventListener("input", fitHeight);

document.getElementById("restart").addEventListener("click", async () => {
  if (busy) return;
  setBusy(true);
  try {
    const begun = await fetch(SESSIONS, { method: "POST", signal: AbortSignal.timeout(ANSWER_MILLISECONDS) });
    if (!begun.ok) throw new Error("status " + begun.status);
  } catch {
    // The former conversation stands, and is shown.
    addMessage("bot failure", "没有连上，还是刚才的对话。请检查网络后再试。");
    return;
  } finally {
    setBusy(false);
  }
  cashierOpened = false;
  messages.replaceChildren();
  say(GREETING, null);
});

// Back from the cashier's tab: ask whether the payment has arrived.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && cashierOpened && !busy) {
    cashierOpened = false;
    say(CHECK_PAYMENT, null);
  }
});

say(GREETING, null);
