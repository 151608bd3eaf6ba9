"use strict";
BCBV.view("compare", {
  title: function () { return "Compare"; },
  load: function () { return []; },
  render: function (root) { root.append(BCBV.empty("Not yet written.")); }
});
