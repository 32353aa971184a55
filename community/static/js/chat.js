// A room as it happens: <ol data-stream="address?after=number">, and the form #say below it.
// Each event names a line and gives it as this reader sees it, or empty where it is gone. A line stands once: it is
// found by its number, so what comes twice changes nothing. Without this script the page works by reloading.
const list = document.querySelector(".lines[data-stream]");
const form = document.getElementById("say");
const state = form?.querySelector("[data-said]");
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;

const lineOf = (number) => document.getElementById(`line-${number}`);
const made = (html) => {
  const around = document.createElement("template");
  around.innerHTML = html;
  return around.content.querySelector(".line");
};
const isAtTheEnd = () => list.getBoundingClientRect().bottom <= innerHeight + 80;

// The first line with a higher number: a new one stands before it.
const nextTo = (number) => [...list.querySelectorAll("[data-line]")].find((line) => Number(line.dataset.line) > number);

// A line of another day than the one before it stands under its day.
const sayDayOf = (line) => {
  const lines = [...list.querySelectorAll("[data-line]")];
  const before = lines[lines.indexOf(line) - 1];
  if (before?.dataset.day === line.dataset.day) return;
  const day = document.createElement("li");
  day.className = "lines__day";
  day.textContent = line.dataset.day;
  line.before(day);
};

const show = ({ line, html }) => {
  const known = lineOf(line);
  const fresh = made(html);
  if (!fresh) {
    known?.remove();
    return;
  }
  if (known) {
    known.replaceWith(fresh);
    return;
  }
  const next = nextTo(line);
  const isOlderThanThePage = next && next === list.querySelector("[data-line]") && "hasOlder" in list.dataset;
  if (isOlderThanThePage) return;
  const follows = isAtTheEnd();
  list.insertBefore(fresh, next ?? null);
  sayDayOf(fresh);
  document.querySelector("[data-when-empty]")?.remove();
  if (follows) form.scrollIntoView({ block: "end" });
};

let source = null;
let heard = new URL(list?.dataset.stream ?? location.href).searchParams.get("after");
let wait = FIRST_WAIT;

const listen = () => {
  const address = new URL(list.dataset.stream);
  address.searchParams.set("after", heard);
  source = new EventSource(address, { withCredentials: true });
  source.addEventListener("open", () => {
    wait = FIRST_WAIT;
    state.textContent = "";
  });
  source.addEventListener("line", (event) => {
    heard = event.lastEventId;
    show(JSON.parse(event.data));
  });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return; // the browser asks again by itself
    state.textContent = state.dataset.away;
    setTimeout(listen, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
};

const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const say = (words) => {
  state.classList.toggle("say__unsent", Boolean(words));
  state.textContent = words;
};

// The words go with the form's own fields and key: sent again after a break, they stand once.
const send = async () => {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
  if (answer.type !== "opaqueredirect") {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    say([...page.querySelectorAll("#say .errors li, #say .field__error")].map((one) => one.textContent.trim())[0] ?? form.dataset.unsent);
    return;
  }
  say("");
  form.elements.form_key.value = newKey();
  form.elements.body.value = "";
  form.elements.body.dispatchEvent(new Event("input", { bubbles: true }));
  if (source?.readyState !== EventSource.OPEN) location.reload();
};

if (list && form) {
  form.querySelector("[data-reload]").remove();
  if (!location.hash) (document.getElementById("new") ?? form).scrollIntoView({ block: "end" });
  listen();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      await send();
    } catch {
      say(form.dataset.unsent);
    } finally {
      button.disabled = false;
      form.elements.body.focus();
    }
  });
  form.elements.body.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
