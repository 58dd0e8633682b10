import { FakeClock } from '@tocsin/common/testing/fake-clock';
import { type AlertBookHarness, describeAlertBook } from '@tocsin/notifier/alerts/alert-book.contract';
import { ReplicatedBook } from './replicated-book';
import { SharedState } from './shared-state';

describeAlertBook('replicated, in memory', async (): Promise<AlertBookHarness> => {
  const clock = new FakeClock();
  const shared = new SharedState(clock);
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  let isClosed = false;
  const listen = async (_: string, hasNews: () => boolean): Promise<void> => {
    do await turn();
    while (!hasNews() && !isClosed);
    if (isClosed) await new Promise(() => {});
  };
  let opened = 0;
  const open = async (): Promise<ReplicatedBook> => {
    const book = new ReplicatedBook(shared, `notifier ${++opened}`, clock, {
      call: turn,
      answer: turn,
      read: turn,
      listen,
    });
    await book.readAll();
    return book;
  };
  return {
    a: await open(),
    b: await open(),
    clock,
    position: async () => shared.position,
    dueTimes: (lane, ids) => shared.groups.dueTimes(lane, ids),
    reopen: open,
    close: async () => {
      isClosed = true;
    },
  };
});
