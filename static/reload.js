// Development only: reloads the page when the server has come back.
let lost = false;
const events = new EventSource("/dev/reload");
events.onerror = () => lost = true;
events.onmessage = () => lost && location.reload();
