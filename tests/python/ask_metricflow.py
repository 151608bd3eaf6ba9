"""Put several questions to MetricFlow in one process, for starting it takes seconds.

Run as a script with the questions as JSON, a list of [metrics, group by]; answers likewise, a list
of rows each, the columns as asked, groups first.
"""

import json
import sys

from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
from mf import engine


def main() -> None:
    """Answer what is asked."""
    metricflow = engine()
    answers = []
    for metrics, groups in json.loads(sys.argv[1]):
        request = MetricFlowQueryRequest.create(metric_names=metrics, group_by_names=groups)
        table = metricflow.query(request).result_df
        places = [table.column_names.index(name) for name in [*groups, *metrics]]
        answers.append([[row[place] for place in places] for row in table.rows])
    print("answers:" + json.dumps(answers, default=str))


if __name__ == "__main__":
    main()
