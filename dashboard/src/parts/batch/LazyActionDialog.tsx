import { Suspense, type ComponentProps } from 'react';
import { lazyPart } from '../../api/lazy-part.js';

const ActionDialog = lazyPart(async () => (await import('./ActionDialog.js')).ActionDialog);

/** The dialog of an action, loaded when the first one is opened. */
export function LazyActionDialog(props: ComponentProps<typeof ActionDialog>) {
  return (
    <Suspense>
      <ActionDialog {...props} />
    </Suspense>
  );
}
