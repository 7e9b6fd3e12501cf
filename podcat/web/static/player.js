// The player of an episode's page: our controls over its <audio> or <video>, which plays on in the
// dock while one browses. Nothing is fetched before somebody presses play. Without this module the
// browser's own controls are there.

const BACK = 15;
const FORWARD = 30;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];
const MOST = 200; // positions that are remembered
const EVENTS = ["play", "pause", "playing", "waiting", "timeupdate", "seeking", "seeked", "loadedmetadata",
  "durationchange", "ratechange", "volumechange", "ended", "error"];
const root = document.documentElement;
const dock = document.getElementById("dock");

let here = null; // the player in the page: { part, view, sound, lists }
let current = null; // the sound that was started last; it plays on wherever one goes
let docked = null; // the view in the dock

// ---------------------------------------------------------------- what is remembered

function positions() {
  try {
    const kept = JSON.parse(podcat.memory.get("positions"));
    return Array.isArray(kept) ? kept.filter(Array.isArray) : [];
  } catch {
    return [];
  }
}

/** Remembers a second; null forgets it. The newest comes last, the oldest of too many goes. */
function keep(sound, second = now(sound)) {
  sound.kept = second;
  const others = positions().filter(([id]) => id !== sound.id);
  const own = second >= 1 ? [[sound.id, Math.floor(second)]] : [];
  podcat.memory.set("positions", JSON.stringify([...others, ...own].slice(-MOST)));
}

const recalled = (id) => Number(positions().find(([one]) => one === id)?.[1]) || 0;

function speed() {
  const kept = Number(podcat.memory.get("speed"));
  return SPEEDS.includes(kept) ? kept : 1;
}

// ---------------------------------------------------------------- times

// After an error the element forgets where it was.
const now = (sound) => (sound.media.error ? sound.at : sound.media.currentTime);
const lengthOf = (sound) => (Number.isFinite(sound.media.duration) ? sound.media.duration : sound.length);

function clock(seconds) {
  const [h, m, s] = split(seconds);
  const two = (number) => String(number).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function inWords(seconds) {
  const words = ["hour", "minute", "second"];
  const said = split(seconds).map((n, i) => (n ? `${n} ${words[i]}${n === 1 ? "" : "s"}` : ""));
  return said.filter(Boolean).join(" ") || "0 seconds";
}

const split = (seconds) => [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);

// ---------------------------------------------------------------- what one can do

function play(sound) {
  const { media } = sound;
  if (current !== sound) {
    if (current) leave(current);
    current = sound;
    // What lies in the dock is not touched when the page changes.
    if (dock && media.localName === "audio") dock.append(media);
  }
  if (media.error) {
    media.load();
    media.currentTime = sound.at;
  }
  if (dock) root.dataset.playing = "";
  media.defaultPlaybackRate = media.playbackRate = speed();
  media.play().catch(() => { /* an event tells why */ });
  announce(sound);
}

/** Stops what played; outside of its own page it is let go. */
function leave(sound) {
  if (!sound.media.ended) keep(sound);
  sound.media.pause();
  if (sound === current) current = null;
  if (!current) delete root.dataset.playing;
  if (here?.sound !== sound) {
    sound.media.removeAttribute("src");
    sound.media.load();
    sound.media.remove();
  }
  show(sound);
}

function seek(sound, second) {
  const most = lengthOf(sound);
  sound.at = sound.media.currentTime = Math.max(0, most ? Math.min(second, most) : second);
  show(sound);
}

function pace(sound, step) {
  const next = SPEEDS[SPEEDS.indexOf(speed()) + step];
  if (next) setSpeed(sound, next);
}

function setSpeed(sound, rate) {
  podcat.memory.set("speed", rate === 1 ? null : String(rate));
  sound.media.defaultPlaybackRate = sound.media.playbackRate = rate;
  show(sound);
}

const DO = {
  toggle: (sound) => (sound.media.paused ? play(sound) : sound.media.pause()),
  back: (sound) => seek(sound, now(sound) - BACK),
  forward: (sound) => seek(sound, now(sound) + FORWARD),
  slower: (sound) => pace(sound, -1),
  faster: (sound) => pace(sound, 1),
  mute: ({ media }) => { media.muted = !media.muted; },
  full: ({ media }) => media.requestFullscreen?.(),
  close(sound) {
    leave(sound);
    document.getElementById("main")?.focus();
  },
};

// ---------------------------------------------------------------- showing it

/** Controls made of a template; `of` says whose they are. */
function viewOf(template, of) {
  const view = template.content.firstElementChild.cloneNode(true);
  view.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    if (button) DO[button.dataset.do](of());
  });
  const slider = view.querySelector("[type=range]");
  slider?.addEventListener("input", () => {
    slider.held = true;
    tellTime(view, Number(slider.value), lengthOf(of()));
  });
  slider?.addEventListener("change", () => {
    slider.held = false;
    seek(of(), Number(slider.value));
  });
  view.querySelector("select")?.addEventListener("change", (event) => setSpeed(of(), Number(event.target.value)));
  return view;
}

function write(view, name, text) {
  const place = view.querySelector(`[data-show="${name}"]`);
  if (place && place.textContent !== text) place.textContent = text;
}

function tellTime(view, second, length) {
  const slider = view.querySelector("[type=range]");
  write(view, "now", clock(second));
  write(view, "length", length ? clock(length) : "");
  view.style.setProperty("--done", length ? String(second / length) : "0");
  if (!slider) return;
  slider.disabled = !length;
  slider.max = Math.ceil(length || 1);
  if (!slider.held) slider.value = Math.floor(second);
  slider.setAttribute("aria-valuetext", length ? `${inWords(second)} of ${inWords(length)}` : inWords(second));
}

function stateOf(sound) {
  const { media } = sound;
  if (media.error) return "failed";
  if (media.paused) return media.played.length ? "paused" : "new";
  return media.readyState < 3 ? "loading" : "playing";
}

function render(view, sound) {
  const state = stateOf(sound);
  const halted = sound.media.paused || state === "failed";
  const first = state === "new" && now(sound) ? `${sound.start ? "Starts" : "Goes on"} at ${clock(now(sound))}` : "";
  view.dataset.state = state;
  if (!view.querySelector("[type=range]")?.held) tellTime(view, now(sound), lengthOf(sound));
  write(view, "state", state === "loading" ? "Loading…" : first);
  write(view, "title", sound.title);
  write(view, "by", state === "failed" ? "The file does not play." : sound.by);
  view.querySelector("a[data-show=title]")?.setAttribute("href", sound.path);
  view.querySelector("[data-do=toggle]").setAttribute("aria-label", halted ? "Play" : "Pause");
  view.querySelector("[data-do=mute]")?.setAttribute("aria-pressed", String(sound.media.muted));
  const select = view.querySelector("select");
  if (select) select.value = String(speed());
}

function show(sound) {
  if (here?.sound === sound) {
    render(here.view, sound);
    here.part.querySelector(".trouble").hidden = !sound.media.error;
    follow(sound);
  }
  arrange();
}

/** The dock shows what plays, unless its own player can be seen. */
function arrange() {
  if (!dock) return;
  const wanted = Boolean(current && !(here?.sound === current && here.seen));
  root.toggleAttribute("data-docked", wanted);
  if (docked) docked.hidden = !wanted;
  if (wanted && docked) render(docked, current);
}

// ---------------------------------------------------------------- chapters and transcript

/** Links to moments, which jump, and know which of them is now. */
function listOf(box) {
  const links = [...box.querySelectorAll("a[data-t]")];
  const list = { box, links, times: links.map((link) => Number(link.dataset.t)), at: -1, follows: true };
  box.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-t]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    list.follows = true;
    seek(here.sound, Number(link.dataset.t));
    play(here.sound);
  });
  // Who reads elsewhere in it is not pulled away.
  for (const type of ["wheel", "touchmove"]) {
    box.addEventListener(type, () => { list.follows = false; }, { passive: true });
  }
  return list;
}

/** Place of the last time that is not after the second; times ascend. */
function placeOf(times, second) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= second + 0.05) low = middle + 1; else high = middle;
  }
  return low - 1;
}

function follow(sound) {
  const begun = stateOf(sound) !== "new" || now(sound) > 0;
  for (const list of here.lists) {
    const at = begun ? placeOf(list.times, now(sound)) : -1;
    if (at === list.at) continue;
    list.links[list.at]?.removeAttribute("aria-current");
    list.links[at]?.setAttribute("aria-current", "true");
    list.at = at;
    if (list.box.id === "chapters") write(here.view, "chapter", list.links[at]?.dataset.title ?? "");
    else if (at >= 0 && list.follows) list.box.scrollTop = list.links[at].offsetTop - list.box.clientHeight / 3;
  }
}

// ---------------------------------------------------------------- what the system shows

function announce(sound) {
  const session = navigator.mediaSession;
  if (!session) return;
  session.metadata = new MediaMetadata({
    title: sound.title, artist: sound.by, artwork: [{ src: sound.cover, type: "image/png" }],
  });
  const handlers = {
    play: () => play(sound),
    pause: () => sound.media.pause(),
    stop: () => leave(sound),
    seekbackward: (told) => seek(sound, now(sound) - (told.seekOffset || BACK)),
    seekforward: (told) => seek(sound, now(sound) + (told.seekOffset || FORWARD)),
    seekto: (told) => seek(sound, told.seekTime),
  };
  for (const [action, handler] of Object.entries(handlers)) {
    try { session.setActionHandler(action, handler); } catch { /* unknown to this browser */ }
  }
}

function place(sound) {
  const duration = lengthOf(sound);
  if (!navigator.mediaSession?.setPositionState || !duration) return;
  const position = Math.min(now(sound), duration);
  navigator.mediaSession.setPositionState({ duration, position, playbackRate: sound.media.playbackRate });
}

// ---------------------------------------------------------------- what happens

function happened(sound, type) {
  if (!sound.media.error) sound.at = now(sound);
  const apart = Math.abs(now(sound) - (sound.kept ?? -9));
  if (sound === current && (type === "pause" || (type === "timeupdate" && apart >= 5))) keep(sound);
  if (["playing", "seeked", "ratechange"].includes(type)) place(sound);
  if (type === "ended") {
    keep(sound, 0);
    if (sound === current) leave(sound);
  }
  if (type === "error" && sound === current && sound === here?.sound) leave(sound);
  show(sound);
}

// In a copy made of files, addresses are relative to the page that has them.
const full = (address) => new URL(address, document.baseURI).href;

/** The second at which a page asks to begin. In a copy made of files only its address says so. */
function startOf({ start }) {
  const given = new URLSearchParams(location.search).get("t") ?? "";
  const inAddress = /^\d{1,6}$|^\d{1,3}(:[0-5]\d){1,2}$/.test(given) ? given : "";
  return Number(start) || inAddress.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

function soundOf({ dataset }, media) {
  const sound = {
    media, id: Number(dataset.episode), title: dataset.title, by: dataset.by, path: full(dataset.href),
    cover: full(dataset.src), at: 0, length: Number(dataset.length) || 0, start: startOf(dataset),
  };
  media.controls = false;
  if (media.localName === "video") media.addEventListener("click", () => DO.toggle(sound));
  // Before anything is loaded this is where it will begin; it loads nothing.
  const from = sound.start || recalled(sound.id);
  if (from) media.currentTime = sound.at = from;
  EVENTS.forEach((type) => media.addEventListener(type, () => happened(sound, type)));
  return sound;
}

// ---------------------------------------------------------------- share from here

function setUpShare(box) {
  const [link, frame] = ["link", "frame"].map((name) => box.querySelector(`[data-${name}]`));
  const wish = box.querySelector("[type=checkbox]");
  const send = box.querySelector("[data-send]");
  const plain = frame.textContent;
  let second = 0;
  const tell = () => {
    const query = wish.checked && second ? `?t=${second}` : "";
    link.textContent = link.dataset.link + query;
    frame.textContent = plain.replace(frame.dataset.frame, frame.dataset.frame + query);
  };
  const freeze = () => {
    second = Math.floor(now(here.sound));
    write(box, "from", clock(second));
    wish.closest("p").hidden = !second;
    tell();
  };
  box.addEventListener("toggle", () => { if (box.open) freeze(); });
  wish.addEventListener("change", freeze);
  send.parentElement.hidden = !navigator.share;
  send.addEventListener("click", () => navigator.share({ title: here.sound.title, url: link.textContent }).catch(() => {}));
}

// ---------------------------------------------------------------- keys

const KEYS = {
  " ": "toggle", k: "toggle", j: "back", l: "forward", ArrowLeft: "back", ArrowRight: "forward",
  "<": "slower", ">": "faster", m: "mute",
};
const keysWanted = () => podcat.memory.get("keys") !== "off";

document.addEventListener("keydown", (event) => {
  const sound = current ?? here?.sound;
  const action = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!sound || !action || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const taken = "input:not([type=range], [type=checkbox]), select, textarea, [contenteditable], .scroll, [role=listbox]";
  const own = { " ": "button, summary, input, a", ArrowLeft: "[type=range]", ArrowRight: "[type=range]" };
  if (event.target.closest?.(taken) || (own[event.key] && event.target.closest?.(own[event.key])) || !keysWanted()) return;
  event.preventDefault();
  DO[action](sound);
});

// ---------------------------------------------------------------- setting it up

const observer = new IntersectionObserver(([seen]) => {
  if (here?.view !== seen.target) return;
  here.seen = seen.isIntersecting;
  arrange();
});

/** Puts the controls into a page's `part`; what plays already goes on under them. */
export function setUp(part) {
  if (here?.part === part || !part.isConnected) return;
  const fresh = part.querySelector("audio, video");
  const same = current?.id === Number(part.dataset.episode);
  const sound = same ? current : soundOf(part, fresh);
  if (same && sound.media.localName === "video") fresh.replaceWith(sound.media);
  else if (same) fresh.remove();
  here = { part, sound, seen: true, lists: [...document.querySelectorAll("#chapters, #transcript")].map(listOf) };
  here.view = viewOf(part.querySelector("template[data-player]"), () => sound);
  part.prepend(here.view);
  if (sound.media.isConnected && sound.media.localName === "video") part.prepend(sound.media);
  setUpDock(part.querySelector("template[data-dock]"));
  document.querySelectorAll("#share").forEach(setUpShare);
  setUpKeys(part);
  observer.disconnect();
  observer.observe(here.view);
  // A link to a moment jumps; the way back to a page that was opened by one does not.
  if (same && startOf(part.dataset) && !podcat.cameBack) seek(sound, startOf(part.dataset));
  show(sound);
}

function setUpDock(template) {
  if (!dock || !template || docked) return;
  docked = viewOf(template, () => current);
  docked.hidden = true;
  dock.append(docked);
}

function setUpKeys(part) {
  const box = part.querySelector(".keys input");
  if (!box) return;
  part.querySelector(".extras")?.append(box.closest(".keys"));
  box.checked = keysWanted();
  box.addEventListener("change", () => podcat.memory.set("keys", box.checked ? null : "off"));
}

// A page was put in the place of another: its player comes with `setUp`, if it has one.
podcat.onPage(() => {
  if (here && !here.part.isConnected) {
    const left = here.sound;
    here = null;
    // A film stops when it is taken out of the page: at once it goes on in the dock.
    if (left === current && !left.media.isConnected) {
      const played = !left.media.paused;
      dock.append(left.media);
      if (played) left.media.play().catch(() => {});
    }
  }
  arrange();
});

addEventListener("pagehide", () => { if (current) keep(current); });
document.addEventListener("visibilitychange", () => { if (current && document.hidden) keep(current); });
