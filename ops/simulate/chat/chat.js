// Keeps the phones on the page up to date. Without this file the page works by reloading.
"use strict";

const TYPING_MS = 25_000;

// Puts drawn messages into the list: new ones at the end, known ones in place.
function place(list, html) {
  const drawn = document.createElement("template");
  drawn.innerHTML = html;
  for (const item of [...drawn.content.children]) {
    const known = document.getElementById(item.id);
    if (!known) list.append(item);
    else if (known.innerHTML !== item.innerHTML) known.replaceChildren(...item.childNodes);
  }
}

function watch(phone) {
  const { customer, version } = phone.dataset;
  const list = phone.querySelector("ol");
  const roster = document.getElementById("roster");
  const query = new URLSearchParams({ customer, after: version, open: roster.dataset.open });
  const events = new EventSource(`/_sim/whatsapp/events?${query}`);
  const read = () => {
    if (document.hidden) return;
    fetch(`/chat/${customer}/read`, { method: "POST" }).then((answer) => answer.text(), () => {});
  };
  let stopTyping;
  const typing = (on) => {
    clearTimeout(stopTyping);
    phone.toggleAttribute("data-typing", on);
    if (on) stopTyping = setTimeout(() => typing(false), TYPING_MS);
  };

  typing(phone.hasAttribute("data-typing"));
  events.addEventListener("message", ({ data }) => {
    place(list, data);
    if (data.includes('class="theirs"')) read();
  });
  events.addEventListener("chat", ({ data }) => {
    list.innerHTML = data;
    read();
  });
  events.addEventListener("presence", ({ data }) => typing(data === "typing"));
  events.addEventListener("roster", ({ data }) => {
    if (!roster.matches(":focus-within")) roster.innerHTML = data;
  });
  document.addEventListener("visibilitychange", read);
}

// Sends a form of a phone without leaving the page.
async function send(form, button) {
  const trouble = form.closest(".phone").querySelector(".trouble");
  form.closest("[popover]")?.hidePopover();
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const answer = await fetch(form.action, { method: "POST", body });
    await answer.text();
    if (!answer.ok) throw new Error(answer.status);
    trouble.textContent = "";
    form.reset();
    form.closest(".phone").querySelector(".log").scrollTop = 0;
  } catch {
    trouble.textContent = "Not sent: the simulator does not answer. Try again.";
  }
}

document.addEventListener("submit", (event) => {
  if (!event.target.closest(".phone")) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.querySelectorAll(".phone").forEach(watch);
// With a mouse there is a keyboard; on a phone, focus would cover half of the screen.
if (matchMedia("(hover: hover)").matches) document.querySelector(".say input")?.focus();
