import path from 'node:path';
import { projectRoot } from '../processes.js';

/** The built dashboard of this clone. */
export const dashboardDir = path.join(projectRoot, '.cache', 'dashboard');
