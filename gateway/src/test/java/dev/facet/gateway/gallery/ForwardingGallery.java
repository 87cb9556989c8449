package dev.facet.gateway.gallery;

import dev.facet.gateway.ledger.FaceCollection;
import java.util.List;
import java.util.Optional;

/** A gallery that does what another does, for tests that change one thing of it. */
public abstract class ForwardingGallery implements Gallery {

  /** The other. */
  protected abstract Gallery gallery();

  @Override
  public void open(FaceCollection collection) {
    gallery().open(collection);
  }

  @Override
  public void upsert(FaceCollection collection, List<Entry> entries) {
    gallery().upsert(collection, entries);
  }

  @Override
  public void delete(FaceCollection collection, List<Long> keys) {
    gallery().delete(collection, keys);
  }

  @Override
  public void mend(FaceCollection collection, List<Entry> missing, List<Long> extra) {
    gallery().mend(collection, missing, extra);
  }

  @Override
  public List<Hit> search(FaceCollection collection, Query query) {
    return gallery().search(collection, query);
  }

  @Override
  public long count(FaceCollection collection) {
    return gallery().count(collection);
  }

  @Override
  public List<Long> keys(FaceCollection collection, long after, int limit) {
    return gallery().keys(collection, after, limit);
  }

  @Override
  public Draft draft(FaceCollection collection) {
    return gallery().draft(collection);
  }

  @Override
  public Optional<Draft> kept(FaceCollection collection) {
    return gallery().kept(collection);
  }

  @Override
  public void drop(long collection) {
    gallery().drop(collection);
  }

  @Override
  public long position() {
    return gallery().position();
  }

  @Override
  public void advance(long position) {
    gallery().advance(position);
  }

  @Override
  public void forget() {
    gallery().forget();
  }

  @Override
  public void close() {
    gallery().close();
  }
}
