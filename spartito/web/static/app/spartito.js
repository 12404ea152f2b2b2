// What every page does beside its links and forms: keys, the drawer, notes. Everything works without it.
(() => {
  const one = (what, within = document) => within.querySelector(what);
  const all = (what, within = document) => [...within.querySelectorAll(what)];
  const typing = (where) => where.closest("input, textarea, select, [contenteditable]");

  // ---- rows: j, k, Enter, and the keys a row's buttons carry --------------------------------------------
  let here = null;

  const rows = () => all("[data-row]").filter((row) => row.offsetParent !== null);

  function stand(row, { focus = true, scroll = true } = {}) {
    all("[data-row].here").forEach((other) => other.classList.remove("here"));
    here = row || null;
    if (!row) return;
    row.classList.add("here");
    fetchInside(row);
    fetchInside(rows()[rows().indexOf(row) + 1]);
    if (focus) {
      const target = row.matches("[tabindex]") ? row : one("a, button", row);
      target?.focus({ preventScroll: true });
      if (scroll) row.scrollIntoView({ block: "nearest" });
    }
  }

  // What a row shows when it is open is fetched when somebody stands on it, or just before.
  function fetchInside(row) {
    const inside = row && one(".score-more[hx-get]:not([data-fetching])", row);
    if (!inside || !window.htmx) return;
    inside.dataset.fetching = "";
    htmx.trigger(inside, "open");
  }

  function walk(by) {
    const list = rows();
    if (!list.length) return;
    const at = list.indexOf(here);
    stand(list[Math.min(list.length - 1, Math.max(0, at + by))]);
  }

  function press(key) {
    const inside = here && document.contains(here) ? one(`[data-key="${CSS.escape(key)}"]`, here) : null;
    const keyed = `[data-key="${CSS.escape(key)}"]`;
    const button = inside || all(`main ${keyed}:not([data-row] *), .score-open ${keyed}, #toasts ${keyed}`).pop();
    if (!button) return waitFor(key);
    button.matches("input, textarea, select") ? button.focus() : button.click();
    return true;
  }

  // A key pressed before the row has its buttons is kept for when they come.
  let kept = null;

  function waitFor(key) {
    kept = key.length === 1 && here && one(".score-more[hx-get]", here) ? { key, row: here } : null;
    return Boolean(kept);
  }

  document.addEventListener("htmx:afterSettle", () => {
    if (!kept || kept.row !== here || one(".score-more[hx-get]", here)) return;
    const { key } = kept;
    kept = null;
    press(key);
  });

  let going = false;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (one("dialog[open]")) return;
    const key = event.key;
    if (going) {
      going = false;
      const link = one(`.side [data-go="${CSS.escape(key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    const does = {
      j: () => walk(1),
      k: () => walk(-1),
      g: () => (going = true),
      "/": () => one("#find")?.select() ?? one("#find")?.focus(),
      "?": () => one("#keys")?.showModal(),
      Enter: () => here && event.target === here && one("[data-open]", here)?.click(),
    }[key];
    if (does) {
      if (key === "Enter" && event.target !== here) return;
      event.preventDefault();
      does();
    } else if (press(key)) {
      event.preventDefault();
    }
  });

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row && row !== here) stand(row, { focus: false });
  });

  // ---- the drawer, dialogs, notes -----------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-drawer], [data-show], [data-close], [data-dismiss], [data-print]");
    if (!target) {
      if (event.target.matches?.("dialog[open]")) event.target.close();
      return;
    }
    if (target.matches("[data-drawer]") && window.htmx && !event.ctrlKey && !event.metaKey && event.button === 0) {
      event.preventDefault();
      htmx.ajax("GET", target.href, { target: "#drawer-body", swap: "innerHTML", source: "#drawer-body" });
    } else if (target.matches("[data-show]")) {
      one(target.dataset.show)?.showModal();
    } else if (target.matches("[data-close]")) {
      target.closest("dialog")?.close();
    } else if (target.matches("[data-dismiss]")) {
      target.closest(".note")?.remove();
    } else if (target.matches("[data-print]")) {
      window.print();
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "drawer-body" && event.target.children.length) {
      const drawer = one("#drawer");
      if (!drawer.open) drawer.showModal();
      one("[autofocus], input:not([type=hidden]), select, textarea", event.target)?.focus();
    }
    fade();
  });

  // A form in the drawer that came back with errors is a page for htmx too.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    const where = one("#toasts");
    const words = { 403: where?.dataset.forbidden, 404: where?.dataset.missing }[event.detail.xhr.status] || where?.dataset.broken;
    if (where && words) tell(where, words);
  });
  document.addEventListener("htmx:sendError", () => {
    const where = one("#toasts");
    if (where) tell(where, where.dataset.offline);
  });

  function tell(where, words) {
    const note = document.createElement("div");
    note.className = "note note-error";
    note.setAttribute("role", "alert");
    note.textContent = words;
    where.append(note);
  }

  function fade() {
    all("#toasts .note-success:not([data-fading])").forEach((note) => {
      note.dataset.fading = "";
      let left = setTimeout(() => note.remove(), 9000);
      note.addEventListener("mouseenter", () => clearTimeout(left));
      note.addEventListener("mouseleave", () => (left = setTimeout(() => note.remove(), 3000)));
    });
  }

  // A form that opens in place takes the focus; Escape folds it again.
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".outcome-more[open]")) one("textarea, input:not([type=hidden]), select", event.target)?.focus();
  }, true);
  document.addEventListener("keydown", (event) => {
    const opened = event.key === "Escape" && event.target.closest?.(".outcome-more[open]");
    if (opened) {
      opened.open = false;
      opened.closest("[data-row]")?.focus();
    }
  });

  // A click anywhere on a row stands on it.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("article[data-row]");
    if (row && row !== here) stand(row, { focus: false });
  });

  // The row that follows takes over when one is done; a row with something left stays.
  let goTo = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const row = event.detail.target;
    if (!row?.matches?.("article[data-row]")) return;
    const list = rows();
    const after = list[list.indexOf(row) + 1] || list[list.indexOf(row) - 1];
    goTo = [row.id, after?.id];
  });
  document.addEventListener("htmx:afterSettle", () => {
    const next = goTo.map((id) => id && document.getElementById(id)).find(Boolean);
    if (goTo.length && next) stand(next);
    if (goTo.length && !next) location.reload();
    goTo = [];
  });

  // ---- small things -------------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-autosubmit], .filters select, .filters input[type=checkbox]")) field.form?.requestSubmit();
    if (field.matches("[data-all]")) all(field.dataset.all).forEach((box) => (box.checked = field.checked));
  });

  document.addEventListener("submit", (event) => {
    const words = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (words && !window.confirm(words)) event.preventDefault();
  }, true);

  // The list under the search box goes when the person leaves it.
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".find")) one("#found")?.replaceChildren();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest?.(".find")) return;
    const links = all("#found a");
    const at = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown" && links.length) links[Math.min(links.length - 1, at + 1)].focus();
    else if (event.key === "ArrowUp" && at > 0) links[at - 1].focus();
    else if (event.key === "Escape") one("#found").replaceChildren();
    else return;
    event.preventDefault();
  });

  document.addEventListener("DOMContentLoaded", () => {
    fade();
    stand(one("[data-row][data-first]") || null, { scroll: false });  // a page opens at its top
  });
})();
