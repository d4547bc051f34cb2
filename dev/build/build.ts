import path from 'node:path';
import { writeWorkflowBundle } from '../../worker/workflow-bundle.js';
import { projectRoot } from '../processes.js';
import { compileInto } from './compile.js';

/** `npm run build`: the product in `dist/`, with the workflow code as one file, so that a worker starts at once. */
const dist = path.join(projectRoot, 'dist');
compileInto(dist);
await writeWorkflowBundle(path.join(dist, 'workflow-bundle.js'));
