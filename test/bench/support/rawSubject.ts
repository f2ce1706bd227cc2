// A plain Node process that does nothing but read the raw socket.
import { RawEvents } from './rawEvents';
import { Subject, variables } from './subject';

async function main(): Promise<void> {
  const subject = new Subject();
  const raw = await RawEvents.open(process.env[variables.engine] ?? '', { filtered: true });
  // What stands for a health elsewhere is here the event's own action.
  raw.onEvent = ({ service, action }) => subject.tell(service, action);
  await subject.answer();
  raw.dispose();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
