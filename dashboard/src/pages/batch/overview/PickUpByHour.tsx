import { BarChart } from '@mantine/charts';
import type { Schemas } from '../../../api/client.js';
import { placeOf } from '../../../parts/moments.js';
import { byHour } from './buckets.js';
import { ChartCard } from './ChartCard.js';

const HEIGHT_PX = 160;

/** At which hour of the day people pick up. */
export function PickUpByHour({ series }: { series: Schemas['Series'] }) {
  const hours = byHour(series);
  const [best] = [...hours].sort((a, b) => b.pickedUp / b.sent - a.pickedUp / a.sent);
  if (!best) return null;
  const share = (pickedUp: number, sent: number): number => Math.round((100 * pickedUp) / sent);
  return (
    <ChartCard
      title="Picked up by hour"
      said={
        best.pickedUp === 0
          ? 'Nobody has picked up yet.'
          : `Best at ${best.hour}:00 in ${placeOf(series.timeZone)}: ${share(best.pickedUp, best.sent)}% of the calls.`
      }
    >
      <BarChart
        h={HEIGHT_PX}
        barChartProps={{ accessibilityLayer: false }}
        data={hours.map(({ hour, sent, pickedUp }) => ({ hour: `${hour}:00`, share: share(pickedUp, sent) }))}
        dataKey="hour"
        series={[{ name: 'share', label: 'Picked up, %', color: 'green.8' }]}
        barProps={{ isAnimationActive: false }}
        maxBarWidth={40}
        yAxisProps={{ allowDecimals: false }}
      />
    </ChartCard>
  );
}
