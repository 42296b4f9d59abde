// What the console adds to pages that work without it: they look again by themselves, and everything has a key.
"use strict";

(() => {
  // ---------------------------------------------------------------- looking again

  let source, watched, stale = false, again = false, gentle = false;

  /** Somebody is in the middle of something: a form with changes, a menu, a dialog, a selection. */
  const isBusy = () =>
    document.querySelector("dialog[open], .ask[open], .menu[open]") !== null ||
    // What was written into a form that is folded up again stays there, but nobody is at it.
    [...document.querySelectorAll("form[data-dirty]")].some((form) => form.checkVisibility()) ||
    String(getSelection()).length > 0 ||
    document.querySelector("input[name=job]:checked") !== null;

  const refresh = () => {
    if (document.hidden || isBusy()) {
      stale = true;
      note();
      return;
    }
    stale = false;
    note();
    again = gentle = true;
    Turbo.visit(location.href, { action: "replace" });
  };

  const note = () => {
    const pulse = document.getElementById("pulse");
    if (pulse) pulse.hidden = !(stale && isBusy());
  };

  const watch = () => {
    const address = document.hidden ? null : document.body.dataset.live ?? null;
    if (address === watched && source) return;
    source?.close();
    source = undefined;
    watched = address;
    if (!address) return;
    source = new EventSource(address);
    source.addEventListener("refresh", refresh);
  };

  document.addEventListener("turbo:load", watch);
  document.addEventListener("visibilitychange", () => {
    watch();
    if (!document.hidden && stale) refresh();
  });
  document.addEventListener("turbo:before-fetch-request", (event) => {
    if (again) event.detail.fetchOptions.headers["X-Holdfast-Again"] = "1";
    again = false;
  });
  // What was waiting goes on once the hands are off.
  const settle = () => setTimeout(() => (stale && !isBusy() ? refresh() : note()), 150);
  for (const name of ["toggle", "close", "change", "reset"]) document.addEventListener(name, settle, true);

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (form && form.method === "post") form.dataset.dirty = "";
  });
  document.addEventListener("reset", (event) => delete event.target.dataset.dirty);
  // Open things and what is being written survive a refresh; what somebody sends is answered in full.
  document.addEventListener("turbo:submit-start", () => (gentle = false));
  document.addEventListener("turbo:load", () => (gentle = false));
  document.addEventListener("turbo:before-morph-attribute", (event) => {
    if (gentle && event.detail.attributeName === "open" && event.target.matches("details, dialog")) event.preventDefault();
  });
  document.addEventListener("turbo:before-morph-element", (event) => {
    if (gentle && event.target.matches?.("form[data-dirty], form:focus-within, #help")) event.preventDefault();
  });

  // Turbo takes links of drawings for links of text, and stumbles over them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("svg a");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    Turbo.visit(link.href.baseVal);
  }, true);

  // ---------------------------------------------------------------- keys

  const rows = () => [...document.querySelectorAll("tbody tr:has(a.row-link)")];
  const here = () => document.querySelector("tr.here");

  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.indexOf(here());
    const to = all[Math.min(Math.max(at + step, 0), all.length - 1)];
    here()?.classList.remove("here");
    to.classList.add("here");
    to.querySelector("a.row-link").focus();
    to.scrollIntoView({ block: "nearest" });
  };

  const press = (selector) => {
    const target = document.querySelector(selector);
    if (!target) return;
    if (target.matches("summary")) target.parentElement.open = true;
    target.matches("summary") ? target.parentElement.querySelector("input:not([type=hidden]), button")?.focus() : target.click();
  };

  /** Ticks the row under the cursor, if none is ticked, and presses the button for the selection; else the page's own. */
  const act = (verb) => {
    const bar = document.querySelector("#selection");
    if (!bar) return press(`[data-act="${verb}"]`);
    if (!document.querySelector("input[name=job]:checked")) here()?.querySelector("input[name=job]")?.click();
    press(`#selection [data-act="${verb}"]`);
  };

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: () => here()?.querySelector("input[name=job]")?.click(),
    r: () => act("retry"),
    c: () => act("cancel"),
    ".": () => refresh(),
    "?": () => document.getElementById("help")?.showModal(),
    "/": () => document.getElementById("query")?.focus() ?? document.getElementById("find")?.focus(),
  };

  let first = "";
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll(".ask[open], .menu[open]").forEach((open) => {
        open.open = false;
        open.querySelector("summary").focus();
      });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]")) return;
    if (first === "g") {
      const place = document.querySelector(`[data-key="g ${CSS.escape(event.key)}"]`);
      first = "";
      if (place) {
        event.preventDefault();
        place.click();
      }
      return;
    }
    first = event.key === "g" ? "g" : "";
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".ask[open], .menu[open]").forEach((open) => {
      if (!open.contains(event.target)) open.open = false;
    });
  });

  // ---------------------------------------------------------------- the selection

  // What ends work must be explained; the rest need not.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#selection button");
    const reason = button?.form?.querySelector("#selection [name=reason]");
    if (reason) reason.required = "needsReason" in button.dataset;
  });

  const select = () => {
    const boxes = [...document.querySelectorAll("input[name=job]")];
    const ticked = boxes.filter((box) => box.checked).length;
    const bar = document.getElementById("selection");
    if (bar) {
      bar.dataset.ticked = ticked;
      bar.querySelectorAll("[data-count]").forEach((count) => (count.textContent = ticked));
      bar.querySelectorAll("[data-act]").forEach((button) => (button.disabled = ticked === 0));
    }
    const all = document.getElementById("tick-all");
    if (all) {
      all.checked = ticked > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.id === "tick-all") {
      document.querySelectorAll("input[name=job]").forEach((box) => (box.checked = event.target.checked));
    }
    if (event.target.matches("#tick-all, input[name=job]")) select();
  });
  document.addEventListener("turbo:load", select);
  document.addEventListener("turbo:morph", select);

  // ---------------------------------------------------------------- suggestions for the query

  const suggest = (input) => {
    const list = document.getElementById("suggestions");
    if (!list) return;
    const word = input.value.slice(0, input.selectionStart).split(/\s+/).pop();
    const known = JSON.parse(list.dataset.known);
    const fits = word === "" ? known.slice(0, 12) : known.filter((one) => one.text.startsWith(word.replace(/^-/, "")) && one.text !== word);
    list.replaceChildren(...fits.slice(0, 12).map((one, n) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `suggestion-${n}`;
      item.dataset.text = one.text;
      item.append(one.text);
      const more = document.createElement("span");
      more.className = "soft";
      more.append(one.more ?? "");
      item.append(more);
      return item;
    }));
    list.hidden = fits.length === 0;
    input.setAttribute("aria-expanded", String(fits.length > 0));
    input.removeAttribute("aria-activedescendant");
  };

  const take = (input, text) => {
    const before = input.value.slice(0, input.selectionStart);
    const after = input.value.slice(input.selectionStart);
    const kept = before.replace(/-?\S*$/, (word) => (word.startsWith("-") ? "-" : ""));
    const end = text.endsWith(":") ? "" : " ";
    input.value = kept + text + end + after.trimStart();
    input.selectionStart = input.selectionEnd = (kept + text + end).length;
    suggest(input);
  };

  document.addEventListener("input", (event) => event.target.id === "query" && suggest(event.target));
  document.addEventListener("focusin", (event) => event.target.id === "query" && suggest(event.target));
  document.addEventListener("focusout", (event) => {
    const list = document.getElementById("suggestions");
    if (event.target.id === "query" && list) setTimeout(() => (list.hidden = true), 120);
  });
  document.addEventListener("mousedown", (event) => {
    const item = event.target.closest("#suggestions [role=option]");
    if (!item) return;
    event.preventDefault();
    take(document.getElementById("query"), item.dataset.text);
  });
  document.addEventListener("keydown", (event) => {
    const list = document.getElementById("suggestions");
    if (event.target.id !== "query" || !list || list.hidden) return;
    const items = [...list.children];
    const at = items.findIndex((item) => item.ariaSelected === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const to = items[(at + (event.key === "ArrowDown" ? 1 : items.length - (at < 0 ? 0 : 1))) % items.length];
      items.forEach((item) => (item.ariaSelected = String(item === to)));
      event.target.setAttribute("aria-activedescendant", to.id);
    } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) {
      event.preventDefault();
      take(event.target, items[at].dataset.text);
    } else if (event.key === "Escape") {
      list.hidden = true;
    }
  });
})();
