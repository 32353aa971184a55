// Tells how long and how far an article was read: <article data-reading="article:12">
// Counts only seconds in which the page is seen; each message carries those since the last one, and the furthest
// share reached. Sent when the page is left or hidden, and every 30 seconds. The server keeps it under consent alone.
const EVERY = 30_000;
const article = document.querySelector("[data-reading]");

if (article) {
  let seen = 0; // milliseconds that were not told yet
  let since = document.hidden ? null : performance.now();
  let share = 0;

  const look = () => {
    const box = article.getBoundingClientRect();
    if (box.height) share = Math.max(share, Math.min(1, (innerHeight - box.top) / box.height));
  };

  const tell = () => {
    if (since !== null) seen += performance.now() - since;
    since = document.hidden ? null : performance.now();
    const seconds = Math.floor(seen / 1000);
    if (!seconds) return;
    seen -= seconds * 1000;
    const words = new URLSearchParams({ item: article.dataset.reading, seconds, share: share.toFixed(2) });
    navigator.sendBeacon("/read", words);
  };

  addEventListener("scroll", look, { passive: true });
  document.addEventListener("visibilitychange", tell);
  addEventListener("pagehide", tell);
  setInterval(tell, EVERY);
  look();
}
