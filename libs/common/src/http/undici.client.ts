// Of undici what is used here: its index also loads fetch, caches and mocks, and a start would wait for them.
import { connect } from 'undici/lib/api/index.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

// As its index does; tunnels through proxies are opened by it.
Object.assign(Dispatcher.prototype, { connect });

export { Pool, ProxyAgent };
