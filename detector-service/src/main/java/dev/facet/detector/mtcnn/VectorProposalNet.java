package dev.facet.detector.mtcnn;

import dev.facet.detector.mtcnn.pnet.ProposalKernel;
import java.util.ArrayList;
import java.util.List;

/** P-Net's own kernel as a batch model; what {@link ProposalNet} is with its graph. */
final class VectorProposalNet implements Stage.Network<Tile, Candidates> {
  private final ProposalKernel kernel;

  VectorProposalNet(ProposalKernel kernel) {
    this.kernel = kernel;
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

  @Override
  public void warm() {
    kernel.warm();
  }

  @Override
  public void close() {}
}
