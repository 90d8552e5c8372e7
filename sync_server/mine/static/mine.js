"use strict";
// Makes the member's pages quicker. Without it every page works by forms and links.
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const kept = {
  get(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* private window: ask again */ } },
  clear() { try { sessionStorage.clear(); } catch { /* nothing was kept */ } },
};
const RENEW_SECONDS = 45;

// The short code: shown at once, counted down, renewed before it ends; a page that comes back shows the one it had.
function code(box) {
  const key = `code ${box.dataset.code} ${box.dataset.csrf.slice(0, 8)}`, form = $("form", box);
  const picture = $("[data-picture]", box), typed = $("[data-typed]", box), bar = $("[data-bar]", box), time = $("[data-time]", box);
  let now = null, busy = false, wait = 0;
  const left = () => (now ? Math.round((now.until - Date.now()) / 1000) : 0);
  function draw() {
    picture.innerHTML = now ? now.svg : "";
    typed.replaceChildren(...(now ? now.groups : []).map((group) => Object.assign(document.createElement("span"), { textContent: group })));
  }
  async function renew() {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
      if (answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(answer.status);
      const made = await answer.json();
      now = { svg: made.svg, groups: made.groups, until: Date.now() + made.seconds * 1000 };
      kept.set(key, now);
      box.classList.remove("failed");
      draw();
    } catch {
      box.classList.add("failed");
      wait = 10;
    } finally {
      busy = false;
      tick();
    }
  }
  function tick() {
    const seconds = left();
    if (now && seconds <= 0) { now = null; draw(); }
    bar.value = Math.max(0, seconds);
    const failed = box.classList.contains("failed");
    time.classList.toggle("bad", failed);
    time.textContent = failed && !now ? box.dataset.failed : now ? box.dataset.left.replace("{time}", `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`) : "";
    if (seconds <= RENEW_SECONDS && --wait < 0) renew();
  }
  box.classList.add("live");
  form.addEventListener("submit", (event) => { event.preventDefault(); wait = 0; renew(); });
  now = kept.get(key);
  if (form.hasAttribute("data-shown")) now = null;
  if (left() > RENEW_SECONDS) draw(); else now = null;
  tick();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { wait = 0; tick(); awake(); } });
  awake();
}

// The screen stays on while a code is on it.
function awake() {
  if (navigator.wakeLock && !document.hidden) navigator.wakeLock.request("screen").catch(() => {});
}

function typedCode(form) {
  const field = $("input[name=code]", form);
  field.addEventListener("input", () => {
    const digits = field.value.replace(/\D/g, "");
    if (digits.length === 6 && !form.dataset.sent) { form.dataset.sent = "1"; field.value = digits; form.requestSubmit(); }
  });
}

function waiting(button) {
  const words = button.textContent, until = Date.now() + Number(button.dataset.wait) * 1000;
  const timer = setInterval(show, 500);
  function show() {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    button.disabled = seconds > 0;
    button.textContent = seconds > 0 ? button.dataset.words.replace("{seconds}", seconds) : words;
    if (seconds <= 0) clearInterval(timer);
  }
  show();
}

function more(link) {
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(link.href);
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const list = $("[data-list]"), added = $("[data-list]", page).children;
      const first = added[0], last = list.lastElementChild;
      if (first && last && $("h2", first).textContent === $("h2", last).textContent) {
        $("ul", last).append(...$("ul", first).children);
        first.remove();
      }
      list.append(...$("[data-list]", page).children);
      const next = $("[data-more]", page);
      if (next) link.href = next.href; else link.remove();
    } catch { location.href = link.href; }
    link.removeAttribute("aria-busy");
  });
}

function enlarge(button) {
  const dialog = $("dialog.big");
  button.addEventListener("click", () => { dialog.firstElementChild.innerHTML = button.innerHTML; dialog.showModal(); });
  dialog.addEventListener("click", () => dialog.close());
  awake();
}

// The till's own code, seen by the phone's camera: the browser's decoder, or ours where it has none.
const TILL = /\/m\/t\/([A-Z0-9]{2,8})$|^([A-Z0-9]{2,8})$/;
async function decoder(source) {
  if ("BarcodeDetector" in window) {
    try {
      if ((await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
        const native = new BarcodeDetector({ formats: ["qr_code"] });
        return async (video) => ((await native.detect(video))[0] || {}).rawValue;
      }
    } catch { /* not on this phone */ }
  }
  await new Promise((resolve, reject) => document.head.append(Object.assign(document.createElement("script"), { src: source, onload: resolve, onerror: reject })));
  const canvas = document.createElement("canvas"), paper = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, 640 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    paper.drawImage(video, 0, 0, canvas.width, canvas.height);
    const seen = jsQR(paper.getImageData(0, 0, canvas.width, canvas.height).data, canvas.width, canvas.height);
    return seen && seen.data;
  };
}
function scan(button) {
  const dialog = $("dialog.scan"), video = $("video", dialog), line = $("p", dialog);
  let stream = null;
  function stop() { if (stream) stream.getTracks().forEach((track) => track.stop()); stream = null; }
  dialog.addEventListener("close", stop);
  $(".close", dialog).addEventListener("click", () => dialog.close());
  if (!navigator.mediaDevices) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    line.textContent = button.dataset.look;
    dialog.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      video.srcObject = stream;
      await video.play();
      const read = await decoder(button.dataset.decoder);
      while (stream && dialog.open) {
        const text = video.videoWidth ? await read(video) : "";
        const found = text && TILL.exec(text.trim());
        if (found) { stop(); location.href = `/m/t/${found[1] || found[2]}`; return; }
        if (text) line.textContent = button.dataset.other;
        await new Promise((resolve) => setTimeout(resolve, 120));
      }
    } catch (error) {
      line.textContent = error && error.name === "NotAllowedError" ? button.dataset.denied : button.dataset.none;
    }
  });
}

// What is set aside changes at the till: look again while the page is looked at.
function live(part) {
  setInterval(async () => {
    if (document.hidden || $("dialog[open]")) return;
    try {
      const answer = await fetch(location.href);
      const next = answer.status < 500 && !answer.redirected && $("[data-live]", new DOMParser().parseFromString(await answer.text(), "text/html"));
      if (next && next.innerHTML !== part.innerHTML) { part.innerHTML = next.innerHTML; furnish(part); }
    } catch { /* no network now: what is shown still holds */ }
  }, Number(part.dataset.live) * 1000);
}

function furnish(part) { $$("[data-enlarge]", part).forEach(enlarge); }
if ($("[data-signed-out]")) kept.clear();
$$("[data-forget]").forEach((form) => form.addEventListener("submit", kept.clear));
$$("[data-code]").forEach(code);
$$("[data-code-form]").forEach(typedCode);
$$("[data-wait]").forEach(waiting);
$$("[data-more]").forEach(more);
$$("[data-scan]").forEach(scan);
$$("[data-live]").forEach(live);
furnish(document);
