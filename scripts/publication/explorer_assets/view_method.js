"use strict";
BCBV.view("method", {
  title: function () { return "Method and data"; },
  load: function () { return []; },
  render: function (root) { root.append(BCBV.empty("Not yet written.")); }
});
