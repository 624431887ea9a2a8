import '@picocss/pico/css/pico.orange.min.css';
import './styles/page.css';
import './styles/menu.css';
import './styles/orders.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { loadConfig } from './config.ts';
import { createDesk } from './desk.ts';

const root = document.getElementById('app') as HTMLElement;

async function start(): Promise<void> {
  try {
    const desk = createDesk(await loadConfig(), sessionStorage);
    await desk.session.resume();
    render(<App desk={desk} />, root);
  } catch (error) {
    render(<CantStart reason={String(error)} />, root);
  }
}

function CantStart({ reason }: { reason: string }) {
  return (
    <main class="container">
      <h1>The order desk can’t start</h1>
      <p>Its servers could not be reached. Nothing is lost: please try again in a moment.</p>
      <button type="button" onClick={() => location.reload()}>
        Try again
      </button>
      <p>
        <small>{reason}</small>
      </p>
    </main>
  );
}

void start();
