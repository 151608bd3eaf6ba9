"use strict";
BCBV.view("england", {
  title: function () { return "England"; },
  load: function () { return ["e"]; },
  render: function (root, state) {
    var rows = BCBV.rows("e", "opportunity").filter(function (row) { return row.quarter === state.quarter; });
    root.append(BCBV.table({
      caption: "Opportunity by indicator, " + state.quarter, filename: "england",
      columns: [
        { key: "indicator_id", label: "Indicator", header: true },
        { key: "opportunity_annual_gbp", label: "£ a year", type: "number" }
      ],
      rows: rows
    }));
  }
});
