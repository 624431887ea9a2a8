/** The engineer's view of the local run: only where config.engineer is true. */
export default function EngineerPage() {
    return <h1>Engineer’s view</h1>;
}
