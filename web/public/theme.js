// Runs before the first paint so that a dark room never sees a white flash. Kept out of index.html for a strict CSP.
(function () {
  try {
    const stored = JSON.parse(localStorage.getItem('cti.preferences') || '{}');
    const theme = (stored.state && stored.state.theme) || 'light';
    document.documentElement.dataset.theme = theme;
    document.documentElement.lang = (stored.state && stored.state.language) || 'zh-CN';
  } catch {
    document.documentElement.dataset.theme = 'light';
  }
})();
