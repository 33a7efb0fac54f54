export default function Supervisor() { return null; }
