import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import '@mantine/core/styles/ColorSwatch.css';
import { OUTCOME_SHOWN } from '../../../../../domain/shown/statuses.js';
import type { Schemas } from '../../../api/client.js';
import { counted } from '../../../parts/Count.js';
import { bucketLabel, outcomeCounts } from './buckets.js';
import { ChartCard } from './ChartCard.js';
import { OUTCOME_COLOURS } from './colours.js';

const HEIGHT_PX = 220;

/** How many calls began in each bucket, by what became of them. */
export function CallsOverTime({ series }: { series: Schemas['Series'] }) {
  const sent = series.points.reduce((sum, point) => sum + point.sent, 0);
  const shown = outcomeCounts(series);
  const data = series.points.map(({ at, outcomes }) => ({ at: bucketLabel(series, at), ...outcomes }));
  return (
    <ChartCard title="Calls over time" said={`${counted(sent, 'call was', 'calls were')} sent.`}>
      <BarChart
        h={HEIGHT_PX}
        barChartProps={{ accessibilityLayer: false }}
        data={data}
        dataKey="at"
        type="stacked"
        withLegend
        yAxisProps={{ allowDecimals: false }}
        series={shown.map(({ outcome }) => ({
          name: outcome,
          label: OUTCOME_SHOWN[outcome].label,
          color: OUTCOME_COLOURS[outcome],
        }))}
        barProps={{ isAnimationActive: false }}
        tickLine="none"
      />
    </ChartCard>
  );
}
