// Lets files be dropped on a field for files. Without this script the field is a plain one.
for (const ground of document.querySelectorAll("[data-drop]")) {
  const input = ground.querySelector("input[type=file]");
  const mark = (on) => ground.classList.toggle("over", on);
  ground.addEventListener("dragover", (event) => {
    event.preventDefault();
    mark(true);
  });
  ground.addEventListener("dragleave", () => mark(false));
  ground.addEventListener("drop", (event) => {
    event.preventDefault();
    mark(false);
    const taken = new DataTransfer();
    for (const file of event.dataTransfer.files) {
      if (input.multiple || !taken.files.length) taken.items.add(file);
    }
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
