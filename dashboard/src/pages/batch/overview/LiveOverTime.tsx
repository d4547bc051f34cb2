import { AreaChart } from '@mantine/charts';
import type { Schemas } from '../../../api/client.js';
import { count } from '../../../parts/Count.js';
import { bucketLabel } from './buckets.js';
import { ChartCard } from './ChartCard.js';

const HEIGHT_PX = 160;

/** How many calls were live at the end of each bucket. */
export function LiveOverTime({ series }: { series: Schemas['Series'] }) {
  const most = Math.max(0, ...series.points.map(({ live }) => live));
  const data = series.points.map(({ at, live }) => ({ at: bucketLabel(series, at), live }));
  return (
    <ChartCard title="Live calls" said={`${count(most)} at once at most, as each bar above ends.`}>
      <AreaChart
        h={HEIGHT_PX}
        areaChartProps={{ accessibilityLayer: false }}
        data={data}
        dataKey="at"
        series={[{ name: 'live', label: 'Live', color: 'indigo.6' }]}
        curveType="stepAfter"
        withDots={false}
        yAxisProps={{ allowDecimals: false }}
        areaProps={{ isAnimationActive: false }}
      />
    </ChartCard>
  );
}
