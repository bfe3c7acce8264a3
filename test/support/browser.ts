import { spawnSync } from 'node:child_process';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** Opens the machine's Chromium; where there is none, it is installed from the distribution's packages first. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = found() ?? installed();
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--force-color-profile=srgb'] });
}

function found(): string | null {
  for (const name of NAMES) {
    const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (status === 0) return stdout.trim();
  }
  return null;
}

/** Needs a Debian and root, as CI has; elsewhere it says what is missing. */
function installed(): string {
  const install = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium';
  const { status, stderr } = spawnSync('sh', ['-c', install], { encoding: 'utf8' });
  const path = status === 0 ? found() : null;
  if (path === null) throw new Error(`this test needs Chromium, and it could not be installed: ${stderr}`);
  return path;
}
