(function () {
  "use strict";
  var form = document.getElementById("filter");
  var rows = Array.from(document.querySelectorAll("tbody tr"));
  var selects = Array.from(form.querySelectorAll("select"));
  selects.forEach(function (select) {
    var values = new Set(rows.map(function (row) { return row.dataset[select.name]; }));
    Array.from(values).sort().forEach(function (value) {
      select.add(new Option(value, value));
    });
  });
  // What was chosen stands in the address, so that a choice can be passed on.
  new URLSearchParams(location.hash.slice(1)).forEach(function (value, name) {
    var select = form.elements[name];
    if (select && select.options) { select.value = value; }
  });
  function filter() {
    var shown = 0;
    rows.forEach(function (row) {
      row.hidden = selects.some(function (select) {
        return select.value && row.dataset[select.name] !== select.value;
      });
      if (!row.hidden) { shown += 1; }
    });
    form.querySelector("output").value = shown + " of " + rows.length + " submissions";
  }
  form.addEventListener("change", function () {
    var chosen = selects.filter(function (select) { return select.value; });
    history.replaceState(null, "", "#" + new URLSearchParams(chosen.map(function (select) {
      return [select.name, select.value];
    })));
    filter();
  });
  form.addEventListener("reset", function () { setTimeout(function () {
    history.replaceState(null, "", "#");
    filter();
  }); });
  form.hidden = false;
  filter();
}());
