// A form with data-drop takes a file dropped on it, and goes on as soon as a file was chosen.
(function () {
  "use strict";
  document.querySelectorAll("form[data-drop]").forEach((form) => {
    const input = form.querySelector("input[type=file]");
    const on = (event) => { event.preventDefault(); form.classList.add("is-over"); };
    const off = (event) => { event.preventDefault(); form.classList.remove("is-over"); };
    form.addEventListener("dragenter", on);
    form.addEventListener("dragover", on);
    form.addEventListener("dragleave", off);
    form.addEventListener("drop", (event) => {
      off(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      form.requestSubmit();
    });
  });
})();
