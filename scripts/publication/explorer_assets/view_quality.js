"use strict";
BCBV.view("quality", {
  title: function () { return "Data quality"; },
  load: function () { return []; },
  render: function (root) { root.append(BCBV.empty("Not yet written.")); }
});
