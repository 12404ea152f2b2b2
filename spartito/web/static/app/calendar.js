// The due-date ledger: a contact dragged to a day opens the form that asks why. Without it the contact's link does.
(() => {
  let dragged = null;

  document.addEventListener("dragstart", (event) => {
    const chip = event.target.closest?.("[data-task]");
    if (!chip) return;
    dragged = chip;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", chip.textContent.trim());
  });

  const under = (event) => dragged && event.target.closest?.("[data-day]");

  document.addEventListener("dragover", (event) => {
    const day = under(event);
    if (!day) return;
    event.preventDefault();
    day.classList.add("is-over");
  });

  document.addEventListener("dragleave", (event) => {
    const day = under(event);
    if (day && !day.contains(event.relatedTarget)) day.classList.remove("is-over");
  });

  document.addEventListener("drop", (event) => {
    const day = under(event);
    if (!day) return;
    event.preventDefault();
    day.classList.remove("is-over");
    if (day.contains(dragged)) return;
    const address = `${dragged.getAttribute("href")}?on=${day.dataset.day}`;
    if (window.htmx) htmx.ajax("GET", address, { target: "#drawer-body", swap: "innerHTML", source: "#drawer-body" });
    else location.href = address;
  });

  document.addEventListener("dragend", () => {
    dragged = null;
    document.querySelectorAll(".is-over").forEach((day) => day.classList.remove("is-over"));
  });
})();
