import { cpSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { writeWorkflowBundle } from '../../worker/workflow-bundle.js';
import { projectRoot } from '../processes.js';
import { compileInto } from './compile.js';
import { buildDashboard } from './dashboard.js';
import { dashboardDir } from './dashboard-dir.js';

/** `npm run build`: the product in `dist/`, with the workflow code as one file, so that a worker starts at once, and the dashboard. */
const dist = path.join(projectRoot, 'dist');
compileInto(dist);
await writeWorkflowBundle(path.join(dist, 'workflow-bundle.js'));
buildDashboard((message) => console.log(message));
cpSync(realpathSync(dashboardDir), path.join(dist, 'dashboard'), { recursive: true });
