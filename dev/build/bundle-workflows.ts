import { fileURLToPath } from 'node:url';
import { writeWorkflowBundle } from '../../worker/workflow-bundle.js';

/** Part of `npm run build`: the workflow code as one file beside the compiled sources, so that a worker starts at once. */
await writeWorkflowBundle(fileURLToPath(new URL('../../workflow-bundle.js', import.meta.url)));
