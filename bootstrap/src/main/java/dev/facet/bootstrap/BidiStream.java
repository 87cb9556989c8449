package dev.facet.bootstrap;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A bidirectional stream whose requests are independent: each is answered on a virtual thread of
 * its own, answers go out in any order, and a bounded number is under way.
 *
 * <p>The client is asked for one more request whenever one has been answered, and an answer waits
 * while the client does not read, so that neither side fills the other's memory. What is wrong with
 * one request is that request's answer; an answering function that throws ends the whole stream.
 */
public final class BidiStream {
  private BidiStream() {}

  /**
   * Answers the requests of one stream as they come.
   *
   * @param answers where the answers go, as the generated method received it
   * @param inFlight most requests of this stream under way
   * @param answer from a request to its answer; runs with the call's Context
   * @return what the generated method returns
   */
  public static <Q, A> StreamObserver<Q> answerEach(
      StreamObserver<A> answers, int inFlight, Function<? super Q, ? extends A> answer) {
    return new Requests<>((ServerCallStreamObserver<A>) answers, inFlight, answer);
  }

  private static final class Requests<Q, A> implements StreamObserver<Q> {
    private final ServerCallStreamObserver<A> answers;
    private final Function<? super Q, ? extends A> answer;
    private final ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("stream-", 0).factory());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock, as is every use of answers but isCancelled and isReady.
    private int underWay;
    private boolean requestsEnded;
    private boolean over;

    Requests(
        ServerCallStreamObserver<A> answers,
        int inFlight,
        Function<? super Q, ? extends A> answer) {
      this.answers = answers;
      this.answer = answer;
      answers.disableAutoRequest();
      answers.setOnReadyHandler(this::wake);
      answers.setOnCancelHandler(this::end);
      answers.request(inFlight);
    }

    @Override
    public void onNext(Q request) {
      lock.lock();
      try {
        underWay++;
      } finally {
        lock.unlock();
      }
      RequestShare share = RequestShare.takeOver();
      try {
        threads.execute(Context.current().wrap(() -> answerOne(request, share)));
      } catch (RejectedExecutionException over) {
        close(share);
      }
    }

    private void answerOne(Q request, @Nullable RequestShare share) {
      try {
        answerOne(request);
      } finally {
        close(share);
      }
    }

    private static void close(@Nullable RequestShare share) {
      if (share != null) {
        share.close();
      }
    }

    @Override
    public void onError(Throwable thrown) {
      end();
    }

    @Override
    public void onCompleted() {
      lock.lock();
      try {
        requestsEnded = true;
        completeIfDone();
      } finally {
        lock.unlock();
      }
    }

    private void answerOne(Q request) {
      A message;
      try {
        message = answer.apply(request);
      } catch (Throwable thrown) {
        fail(thrown);
        return;
      }
      lock.lock();
      try {
        while (!over && !answers.isReady()) {
          changed.awaitUninterruptibly();
        }
        underWay--;
        if (!over) {
          answers.onNext(message);
          answers.request(1);
          completeIfDone();
        }
      } finally {
        lock.unlock();
      }
    }

    private void fail(Throwable thrown) {
      lock.lock();
      try {
        if (!over) {
          answers.onError(thrown);
        }
      } finally {
        lock.unlock();
      }
      end();
    }

    private void completeIfDone() {
      if (requestsEnded && underWay == 0 && !over) {
        over = true;
        answers.onCompleted();
        threads.shutdown();
      }
    }

    private void wake() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private void end() {
      lock.lock();
      try {
        over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
      threads.shutdownNow();
    }
  }
}
