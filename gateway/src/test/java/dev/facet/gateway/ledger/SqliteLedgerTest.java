package dev.facet.gateway.ledger;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest implements LedgerContract, OperationsContract, AccessContract {
  @TempDir Path directory;

  @Override
  public Ledger open(SettableClock clock) {
    return Ledger.sqlite(directory.resolve("ledger.db"), clock);
  }
}
