package dev.facet.detector.mtcnn;

import dev.facet.detector.mtcnn.Pyramid.Level;
import dev.facet.detector.mtcnn.pnet.ProposalKernel;
import java.util.ArrayList;
import java.util.List;

/** P-Net's own kernel as a batch model; what {@link ProposalNet} is with its graph. */
final class VectorProposalNet implements Stage.Network<Tile, Candidates> {
  private static final int WARM_RUNS = 100;

  /**
   * Twenty times what compiled code takes for the tile, and a tenth of what it takes interpreted.
   */
  private static final long WARM_NANOS = 2_000_000;

  private static final long WARM_LIMIT_NANOS = 20_000_000_000L;

  private final ProposalKernel kernel;

  VectorProposalNet(ProposalKernel kernel) {
    this.kernel = kernel;
  }

  /** Each tile has a run of its own: together they would only keep it from the other runners. */
  @Override
  public Object shape(Tile tile) {
    return new Object();
  }

  @Override
  public List<Candidates> run(List<Tile> tiles) {
    List<Candidates> answers = new ArrayList<>(tiles.size());
    for (Tile tile : tiles) {
      Candidates candidates = new Candidates(Candidates.REGRESSION);
      kernel.run(
          tile.width(),
          tile.height(),
          tile.pixelRows(),
          tile.minScore(),
          (x, y, probability, left, top, right, bottom) ->
              tile.propose(candidates, x, y, probability, left, top, right, bottom));
      answers.add(candidates);
    }
    return answers;
  }

  /**
   * Searches a blank tile until C2 has compiled what is run for it: interpreted, the Vector API
   * makes an object of every vector. Half a second on an idle machine; gives up after 20.
   */
  @Override
  public void warm() {
    Level level = new Level(0.6, 106, 42);
    Pixels blank = new Pixels(175, 68, new byte[3 * 175 * 68]);
    List<Tile> tile = Tiling.exact().cut(blank, level, /* minScore= */ 1);
    long start = System.nanoTime();
    long end = start + WARM_LIMIT_NANOS;
    int quick = 0;
    while (quick < WARM_RUNS && start - end < 0) {
      run(tile);
      long now = System.nanoTime();
      quick = now - start < WARM_NANOS ? quick + 1 : 0;
      start = now;
    }
  }

  @Override
  public void close() {}
}
