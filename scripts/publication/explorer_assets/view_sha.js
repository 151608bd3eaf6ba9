"use strict";
BCBV.view("sha", {
  title: function () { return "SHA"; },
  load: function () { return []; },
  render: function (root) { root.append(BCBV.empty("Not yet written.")); }
});
