// Comforts for browsers with JavaScript. Every page works without this file. It stands in the head
// so that a chosen colour scheme holds before anything is painted.
"use strict";

const podcat = (() => {
  const setUps = [];
  const rememberedAs = (name) => `podcat.${name}`;

  // A browser that keeps nothing (private windows, blocked storage) is no reason to fail.
  const memory = {
    get(name) {
      try { return localStorage.getItem(rememberedAs(name)); } catch { return null; }
    },
    set(name, value) {
      try {
        if (value === null) localStorage.removeItem(rememberedAs(name));
        else localStorage.setItem(rememberedAs(name), value);
      } catch { /* then it holds for this page */ }
    },
  };

  /** Calls `setUp` for the document once it is read, and for each piece that is put in later. */
  function onPage(setUp) {
    setUps.push(setUp);
    if (document.readyState !== "loading") setUp(document);
  }

  function present(root) {
    setUps.forEach((setUp) => setUp(root));
  }

  document.addEventListener("DOMContentLoaded", () => present(document));

  // ---------------------------------------------------------------- pages without a reload

  const OURS = 'link[rel="alternate"], link[rel="canonical"], script[type="application/ld+json"]';
  let asked = null;

  /**
   * Puts another page of ours in the place of this one: `<main>`, or only the element `part`.
   * What cannot be had that way is opened as usual. The newest call wins.
   */
  async function visit(address, { replace = false, part = null, keepFocus = false, y = 0 } = {}) {
    asked?.abort();
    const asking = asked = new AbortController();
    const url = new URL(address, location.href);
    const place = document.getElementById(part ?? "main");
    place?.setAttribute("aria-busy", "true");
    try {
      const page = await pageAt(url, asking.signal);
      const coming = page.getElementById(part ?? "main");
      if (!coming || !place) throw new Error("the page is of another kind");
      moved(url, replace);
      retitled(page);
      const put = document.importNode(coming, true);
      place.replaceWith(put);
      present(put);
      if (!part) arrived(put, keepFocus, y, url.hash);
    } catch (trouble) {
      if (trouble.name !== "AbortError") location.assign(url);
    } finally {
      place?.removeAttribute("aria-busy");
    }
  }

  async function pageAt(url, signal) {
    const answer = await fetch(url, { signal, headers: { Accept: "text/html" } });
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error("no page");
    if (new URL(answer.url).pathname !== url.pathname) url.pathname = new URL(answer.url).pathname;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  // Each entry of the history knows how far its page was scrolled.
  function moved(url, replace) {
    if (url.href === location.href) return;
    if (!replace) history.replaceState({ y: scrollY }, "");
    history[replace ? "replaceState" : "pushState"]({ y: 0 }, "", url);
    here = url.pathname + url.search;
  }

  function retitled(page) {
    document.title = page.title;
    document.head.querySelectorAll(OURS).forEach((old) => old.remove());
    page.head.querySelectorAll(OURS).forEach((one) => document.head.append(document.importNode(one, true)));
    const current = page.querySelector(".main-nav [aria-current]")?.getAttribute("href");
    document.querySelectorAll(".main-nav a").forEach((link) => {
      if (link.getAttribute("href") === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
  }

  function arrived(main, keepFocus, y, hash) {
    const target = hash && document.getElementById(hash.slice(1));
    if (!keepFocus) (target || main).focus({ preventScroll: true });
    if (target) target.scrollIntoView(); else scrollTo(0, y);
    const told = document.getElementById("told");
    if (told) told.textContent = document.title;
  }

  let here = location.pathname + location.search;
  addEventListener("popstate", (event) => {
    if (here === location.pathname + location.search) return;
    here = location.pathname + location.search;
    visit(location.href, { replace: true, y: event.state?.y ?? 0 });
  });

  // While something plays, a click does not stop it: only then do links go this way.
  const isPlaying = () => "playing" in document.documentElement.dataset;
  const isOurs = (url) => url.origin === location.origin && !/\.\w{2,4}$|^\/static\//.test(url.pathname);

  function isPlain(event) {
    return !(event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !isPlaying() || !isPlain(event) || link.target || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    const sameView = url.pathname + url.search === location.pathname + location.search;
    if (!isOurs(url) || (sameView && url.hash)) return;
    event.preventDefault();
    visit(url);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "get" || !isPlaying()) return;
    event.preventDefault();
    visit(asAddress(form));
  });

  /** The address that a form leads to; fields left empty would only lengthen it. */
  function asAddress(form) {
    const url = new URL(form.action);
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    url.search = new URLSearchParams(given).toString();
    return url;
  }

  return { onPage, visit, asAddress, memory };
})();

// ---------------------------------------------------------------- day and night, pictures

(() => {
  const SCHEMES = ["auto", "light", "dark"];
  const WORDS = { auto: "as the system", light: "light", dark: "dark" };
  const root = document.documentElement;

  function paint(scheme) {
    if (scheme === "auto") delete root.dataset.theme; else root.dataset.theme = scheme;
  }

  const chosen = () => {
    const scheme = podcat.memory.get("theme");
    return SCHEMES.includes(scheme) ? scheme : "auto";
  };

  paint(chosen());
  // Another tab's choice holds here, too.
  addEventListener("storage", (event) => { if (event.key === "podcat.theme") paint(chosen()); });

  podcat.onPage((page) => page.querySelectorAll("[data-scheme]").forEach((button) => {
    const tell = () => {
      button.setAttribute("aria-label", `Colours: ${WORDS[chosen()]}`);
      button.title = `Colours: ${WORDS[chosen()]}`;
      button.dataset.scheme = chosen();
    };
    button.hidden = false;
    tell();
    button.addEventListener("click", () => {
      const next = SCHEMES[(SCHEMES.indexOf(chosen()) + 1) % SCHEMES.length];
      podcat.memory.set("theme", next === "auto" ? null : next);
      paint(next);
      tell();
    });
  }));

  // Pictures lie with their publishers, who would learn of each visit: so they come when asked for.
  const wanted = () => podcat.memory.get("pictures") === "yes";

  function show(page) {
    page.querySelectorAll("img[data-src]").forEach((picture) => {
      picture.addEventListener("error", () => { picture.hidden = true; }, { once: true });
      picture.hidden = !wanted();
      if (wanted()) picture.src = picture.dataset.src; else picture.removeAttribute("src");
    });
    root.toggleAttribute("data-pictures", wanted());
  }

  podcat.onPage((page) => {
    show(page);
    page.querySelectorAll("[data-pictures-switch]").forEach((button) => {
      button.hidden = !document.querySelector("img[data-src]");
      button.setAttribute("aria-pressed", String(wanted()));
      button.addEventListener("click", () => {
        podcat.memory.set("pictures", wanted() ? null : "yes");
        button.setAttribute("aria-pressed", String(wanted()));
        show(document);
      });
    });
  });
})();

// ---------------------------------------------------------------- small things

(() => {
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
    if (text.nextElementSibling?.matches(".copy")) return;
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

  podcat.onPage((page) => {
    page.querySelectorAll("[data-load]").forEach((link) => link.addEventListener("click", loadPlayer));
    if (navigator.clipboard) page.querySelectorAll("[data-copy]").forEach(addCopyButton);
    // A part of a page that wants a module of its own names it.
    page.querySelectorAll("[data-module]").forEach(async (part) => {
      (await import(part.dataset.module)).setUp?.(part);
    });
  });

  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "get") return;
    for (const field of event.target.elements) {
      if (field.name && !field.value) field.disabled = true;
    }
  });
  // Coming back must find the fields usable again.
  addEventListener("pageshow", () => {
    document.querySelectorAll("form [disabled]").forEach((field) => { field.disabled = false; });
  });
})();
