// Shows one page at a time, filters the table of KPIs, and switches light and dark. Without it everything stays visible.
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.add('js');
  var pages = Array.prototype.slice.call(document.querySelectorAll('.page'));
  var links = document.querySelectorAll('nav a');

  function show(focus) {
    var id = '';
    try { id = decodeURIComponent(location.hash.slice(1)); } catch (_) { /* an address that is none: the first page */ }
    var target = id && document.getElementById(id);
    var page = target && target.closest('.page');
    if (!page) { page = pages[0]; target = null; }
    pages.forEach(function (p) { p.hidden = p !== page; });
    links.forEach(function (a) {
      if (a.hash === '#' + page.id) a.setAttribute('aria-current', 'page'); else a.removeAttribute('aria-current');
    });
    document.title = page.querySelector('h1').textContent + ' – ' + document.body.dataset.project;
    if (!focus) return;
    if (target && target !== page) { target.scrollIntoView(); return; }
    window.scrollTo({ top: 0, behavior: 'instant' });
    var heading = page.querySelector('h1');
    if (heading) heading.focus({ preventScroll: true });
  }
  window.addEventListener('hashchange', function () { show(true); });
  show(false);
  // Past the navigation, while the address goes on saying which page this is.
  document.querySelector('.skip').addEventListener('click', function (event) {
    event.preventDefault();
    document.querySelector('.page:not([hidden]) h1').focus();
  });
  window.addEventListener('load', function () { if (document.querySelector('.page:not([hidden])').id === location.hash.slice(1)) window.scrollTo({ top: 0, behavior: 'instant' }); });

  // What a reader sees when pointing at a period: its line in the table of figures, put in when it is first needed.
  document.querySelectorAll('.h[data-x]').forEach(function (place) {
    place.closest('.gr').addEventListener('pointerenter', function () {
      if (place.firstChild) return;
      var table = place.closest('.page').querySelector('.fig');
      var lines = table ? Array.prototype.slice.call(table.tBodies[0].rows).reverse() : [];
      var slot = +place.getAttribute('stroke-width');
      lines.forEach(function (line, at) {
        var strip = document.createElementNS(place.namespaceURI, 'path');
        strip.setAttribute('d', 'M' + (+place.dataset.x + at * slot) + ' ' + place.dataset.y);
        var title = document.createElementNS(place.namespaceURI, 'title');
        var cells = Array.prototype.map.call(line.cells, function (cell) { return cell.textContent; });
        title.textContent = cells.shift() + ': ' + cells.filter(Boolean).join(' · ');
        strip.appendChild(title);
        place.appendChild(strip);
      });
    });
  });

  var form = document.querySelector('.filters');
  if (form) {
    form.hidden = false;
    var rows = Array.prototype.slice.call(document.querySelectorAll('#kpis tbody tr'));
    var found = document.getElementById('gevonden');
    // The name of a KPI, its title, and the definition on its page.
    var text = function (row) {
      if (!row.text) {
        var link = row.querySelector('a');
        row.text = (link.textContent + link.hash + document.querySelector(link.hash + ' .meaning').textContent).toLowerCase();
      }
      return row.text;
    };
    var apply = function () {
      var wanted = Array.prototype.map.call(form.querySelectorAll('[data-filter]'), function (field) {
        return [field.dataset.filter, field.value.trim()];
      });
      var count = 0;
      rows.forEach(function (row) {
        var fits = wanted.every(function (w) {
          if (!w[1]) return true;
          if (w[0] === 'tekst') return text(row).indexOf(w[1].toLowerCase()) >= 0;
          return row.dataset[w[0]].split('|').indexOf(w[1]) >= 0;
        });
        row.hidden = !fits;
        if (fits) count += 1;
      });
      found.textContent = count === rows.length ? count + " KPI's" : count + ' van de ' + rows.length + " KPI's";
    };
    form.addEventListener('input', apply);
    form.addEventListener('reset', function () { setTimeout(apply, 0); });
    form.addEventListener('submit', function (event) { event.preventDefault(); });
    apply();
  }

  var button = document.querySelector('.theme');
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  function isDark() { return root.dataset.theme ? root.dataset.theme === 'dark' : dark.matches; }
  function label() { button.textContent = isDark() ? 'Licht' : 'Donker'; }
  if (button) {
    button.hidden = false;
    label();
    dark.addEventListener('change', label);
    button.addEventListener('click', function () { root.dataset.theme = isDark() ? 'light' : 'dark'; label(); });
  }
})();
