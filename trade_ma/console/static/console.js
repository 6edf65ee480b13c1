// The one thing that htmx leaves to us: to say so when the server cannot be reached.
document.addEventListener("htmx:sendError", () => {
  document.getElementById("offline").hidden = false;
});
document.addEventListener("htmx:afterOnLoad", () => {
  document.getElementById("offline").hidden = true;
});
