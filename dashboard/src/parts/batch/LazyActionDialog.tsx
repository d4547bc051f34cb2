import { lazy, Suspense, type ComponentProps } from 'react';

const ActionDialog = lazy(async () => ({ default: (await import('./ActionDialog.js')).ActionDialog }));

/** The dialog of an action, loaded when the first one is opened. */
export function LazyActionDialog(props: ComponentProps<typeof ActionDialog>) {
  return (
    <Suspense>
      <ActionDialog {...props} />
    </Suspense>
  );
}
