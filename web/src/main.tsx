import '@picocss/pico/css/pico.min.css';
import './style.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { loadConfig } from './config.ts';

const root = document.getElementById('app') as HTMLElement;

loadConfig().then(
    (config) => render(<App config={config} />, root),
    (error: unknown) =>
        render(
            <main class="container">
                <h1>The order desk can’t start</h1>
                <p>Its settings could not be read. Please reload the page in a moment.</p>
                <p>
                    <small>{String(error)}</small>
                </p>
            </main>,
            root,
        ),
);
