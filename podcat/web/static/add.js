// Adding from the browser: takes a page that hands itself over, and says what is too large.

// What another page says is only something to look at: nothing is kept before a click.
function takePage(form) {
  const note = document.getElementById("handover-note");
  const say = (name) => { note.textContent = form.dataset[name]; };
  const fail = (name) => {
    say(name);
    document.querySelector("h1").textContent = form.dataset.failed;
  };
  const giver = window.opener;
  if (!giver) { fail("alone"); return; }
  say("waiting");
  const patience = setTimeout(fail, 15000, "alone");
  addEventListener("message", function take(event) {
    if (event.source !== giver || typeof event.data?.html !== "string") return;
    removeEventListener("message", take);
    clearTimeout(patience);
    if (new Blob([event.data.html]).size > Number(form.dataset.limit)) { fail("large"); return; }
    say("taken");
    form.elements.html.value = event.data.html;
    form.elements.url.value = ownAddress(event);
    form.submit();
  });
  giver.postMessage("podcat: ready", "*");
}

// The browser vouches for the site of the sender, so no page passes itself off as another site's.
function ownAddress(event) {
  try {
    const url = new URL(event.data.url);
    return url.origin === event.origin && url.protocol.startsWith("http") ? url.href : "";
  } catch {
    return "";
  }
}

// Said before the upload, and not after minutes of it.
function sizeOf(form) {
  let size = 0;
  for (const field of form.elements) {
    for (const file of field.files ?? []) size += file.size;
    if (field.tagName === "TEXTAREA") size += new Blob([field.value]).size;
  }
  return size;
}

function watchSize(form) {
  const field = form.querySelector("input[type=file], textarea");
  field.addEventListener("input", () => field.setCustomValidity(
    sizeOf(form) > Number(form.dataset.limit) ? form.dataset.large : ""));
}

function keepForTheBar(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("bookmarklet-note").hidden = false;
  });
}

// A window that comes to the front below a double click must not take the second one for a yes.
function noHaste(form) {
  const button = form.querySelector("button");
  let pause;
  const wait = () => {
    clearTimeout(pause);
    button.setAttribute("aria-disabled", "true");
    pause = setTimeout(() => button.removeAttribute("aria-disabled"), 600);
  };
  addEventListener("focus", wait);
  wait();
  form.addEventListener("submit", (event) => {
    if (button.hasAttribute("aria-disabled")) event.preventDefault();
  });
}

/** Sets up the part of a page that names this module. */
export function setUp(part) {
  if (part.id === "handover") takePage(part);
  part.querySelectorAll("[data-no-haste]").forEach(noHaste);
  part.querySelectorAll("form[data-large]").forEach(watchSize);
  part.querySelectorAll("[data-bookmarklet]").forEach(keepForTheBar);
}
