// Comforts for browsers with JavaScript. Every page works without this file.
"use strict";

// The player comes from our own `?play=1` page, so the server alone decides what it looks like.
async function loadPlayer(event) {
  const link = event.currentTarget;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const place = document.getElementById("player");
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const loaded = document.importNode(page.getElementById("player"), true);
    // What is already playing goes on playing.
    const playing = place.querySelector("audio, video");
    loaded.querySelector("audio, video")?.replaceWith(playing);
    place.replaceWith(loaded);
    loaded.focus();
  } catch {
    location.assign(link.href);
  }
}

function addCopyButton(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-label", `Copy the ${text.dataset.copy}`);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  text.after(button);
}

// Fields left empty would only lengthen the address of a list and of its feeds.
function leaveOutEmptyFields(event) {
  for (const field of event.currentTarget.elements) {
    if (field.name && !field.value) field.disabled = true;
  }
}

document.querySelectorAll("[data-load]").forEach((link) => link.addEventListener("click", loadPlayer));
if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(addCopyButton);
document.querySelectorAll("form").forEach((form) => form.addEventListener("submit", leaveOutEmptyFields));
// Coming back must find the fields usable again.
addEventListener("pageshow", () => {
  document.querySelectorAll("form [disabled]").forEach((field) => { field.disabled = false; });
});
