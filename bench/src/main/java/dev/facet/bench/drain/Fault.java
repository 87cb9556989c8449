package dev.facet.bench.drain;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** What happens to a service while calls go on. */
enum Fault {
  /** One replica after the other is asked to end and started again, over and over. */
  RESTART {
    @Override
    int happen(List<Replica> replicas, long untilNanos) throws InterruptedException {
      int restarts = 0;
      do {
        for (Replica replica : replicas) {
          replica.end();
          replica.start();
          replica.awaitReady();
        }
        restarts++;
      } while (System.nanoTime() < untilNanos);
      return restarts;
    }
  },

  /** One replica is killed, and started again a moment later. */
  KILL {
    @Override
    int happen(List<Replica> replicas, long untilNanos) throws InterruptedException {
      int kills = 0;
      do {
        Replica replica = replicas.get(kills % replicas.size());
        replica.kill();
        TimeUnit.SECONDS.sleep(2);
        replica.start();
        replica.awaitReady();
        TimeUnit.SECONDS.sleep(2);
        kills++;
      } while (System.nanoTime() < untilNanos);
      return kills;
    }
  },

  /** One replica stands still, its connections open, and goes on. */
  STOP {
    @Override
    int happen(List<Replica> replicas, long untilNanos) throws InterruptedException {
      replicas.getFirst().freeze(LENGTH);
      return 1;
    }
  },

  /** Nothing that is sent to one replica arrives. */
  BLACKHOLE {
    @Override
    int happen(List<Replica> replicas, long untilNanos) throws InterruptedException {
      return packets(replicas.getFirst(), "-j", "DROP");
    }
  },

  /** One packet of twenty to one replica is lost. */
  LOSS {
    @Override
    int happen(List<Replica> replicas, long untilNanos) throws InterruptedException {
      return packets(
          replicas.getFirst(),
          "-m",
          "statistic",
          "--mode",
          "random",
          "--probability",
          "0.05",
          "-j",
          "DROP");
    }
  },

  /** Whatever is sent to one replica resets its connection. */
  RESET {
    @Override
    int happen(List<Replica> replicas, long untilNanos) throws InterruptedException {
      return packets(replicas.getFirst(), "-j", "REJECT", "--reject-with", "tcp-reset");
    }
  };

  private static final Duration LENGTH = Duration.ofSeconds(10);

  private static int packets(Replica replica, String... match) throws InterruptedException {
    try (PacketRule _ = new PacketRule(replica.address(), match)) {
      TimeUnit.NANOSECONDS.sleep(LENGTH.toNanos());
    }
    return 1;
  }

  /**
   * Makes it happen.
   *
   * @param untilNanos when it need not begin again
   * @return how many times it did
   */
  abstract int happen(List<Replica> replicas, long untilNanos) throws InterruptedException;

  /** Whether no call may fail by it: who is gone says so, and another replica is asked. */
  boolean mustNotShow() {
    return this == RESTART || this == KILL || this == RESET;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
