package dev.facet.bench;

import dev.facet.gateway.ledger.UnitVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.Version;
import org.jspecify.annotations.Nullable;

/**
 * The peer: Lucene's HNSW graph over float32 vectors, with its defaults, merged into one segment,
 * as that searches best. One thread adds the rows, because every thread more is a segment more to
 * merge, which costs time and recall. The effort is how many neighbours the graph is asked for; the
 * nearest of those are the answer.
 */
final class LuceneUnderTest implements GalleryUnderTest {

  private static final int MAX_CONNECTIONS = Lucene99HnswVectorsFormat.DEFAULT_MAX_CONN;
  private static final int BEAM = Lucene99HnswVectorsFormat.DEFAULT_BEAM_WIDTH;

  /** What a segment may take in the heap while it is built: 500,000 rows. */
  private static final double BUFFER_MIB = 1024;

  private static final String VECTOR = "vector";
  private static final String ROW = "row";

  private final Path folder;
  private final int threads;
  private final List<Integer> efforts;
  private final Directory directory;
  private @Nullable DirectoryReader reader;

  LuceneUnderTest(Path folder, int threads, List<Integer> efforts) {
    this.folder = folder;
    this.threads = threads;
    this.efforts = efforts;
    try {
      directory = new MMapDirectory(folder);
    } catch (IOException e) {
      throw BenchFailure.file(folder, e);
    }
  }

  @Override
  public String name() {
    return "lucene";
  }

  @Override
  public String description() {
    return "Lucene %s HNSW float32, M %d, beam %d, one segment, mapped files"
        .formatted(Version.LATEST, MAX_CONNECTIONS, BEAM);
  }

  @Override
  public List<Integer> efforts() {
    return efforts;
  }

  @Override
  public String setting(int effort) {
    return "k' " + effort;
  }

  @Override
  public void build(VectorFile vectors) {
    try (ExecutorService mergers = Executors.newFixedThreadPool(threads);
        IndexWriter writer = new IndexWriter(directory, building(mergers))) {
      for (int row = 0; row < vectors.rows(); row++) {
        add(writer, row, vectors.row(row));
      }
      writer.forceMerge(1);
    } catch (IOException e) {
      throw BenchFailure.file(folder, e);
    }
    reopen();
  }

  private IndexWriterConfig building(ExecutorService mergers) {
    Codec codec =
        new Lucene104Codec() {
          @Override
          public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return new Lucene99HnswVectorsFormat(
                MAX_CONNECTIONS, BEAM, threads, threads == 1 ? null : mergers);
          }
        };
    return new IndexWriterConfig().setCodec(codec).setRAMBufferSizeMB(BUFFER_MIB);
  }

  private static void add(IndexWriter writer, int row, float[] vector) throws IOException {
    Document document = new Document();
    document.add(new IntPoint(ROW, row));
    document.add(new NumericDocValuesField(ROW, row));
    document.add(new KnnFloatVectorField(VECTOR, vector, VectorSimilarityFunction.EUCLIDEAN));
    writer.addDocument(document);
  }

  @Override
  public void delete(BitSet rows) {
    // Marks alone: a merge would build the graph anew.
    IndexWriterConfig marking = new IndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE);
    try (IndexWriter writer = new IndexWriter(directory, marking)) {
      writer.deleteDocuments(IntPoint.newSetQuery(ROW, rows.stream().toArray()));
    } catch (IOException e) {
      throw BenchFailure.file(folder, e);
    }
    reopen();
  }

  @Override
  public void reopen() {
    try {
      closeReader();
      reader = DirectoryReader.open(directory);
    } catch (IOException e) {
      throw BenchFailure.file(folder, e);
    }
  }

  @Override
  public Search search(int effort) {
    if (reader == null) {
      throw new IllegalStateException("nothing was built");
    }
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    return (query, limit) -> {
      try {
        return nearest(searcher, query, limit, Math.max(limit, effort));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static int[] nearest(IndexSearcher searcher, UnitVector query, int limit, int effort)
      throws IOException {
    ScoreDoc[] hits =
        searcher.search(new KnnFloatVectorQuery(VECTOR, query.values(), effort), limit).scoreDocs;
    int[] rows = new int[hits.length];
    for (int i = 0; i < hits.length; i++) {
      rows[i] = row(searcher, hits[i].doc);
    }
    return rows;
  }

  private static int row(IndexSearcher searcher, int document) throws IOException {
    var leaves = searcher.getIndexReader().leaves();
    var leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
    NumericDocValues rows = DocValues.getNumeric(leaf.reader(), ROW);
    if (!rows.advanceExact(document - leaf.docBase)) {
      throw new IllegalStateException("a document without a row");
    }
    return (int) rows.longValue();
  }

  @Override
  public long disk() {
    return Scratch.bytes(folder);
  }

  @Override
  public long memoryElsewhere() {
    return 0;
  }

  private void closeReader() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }

  @Override
  public void close() {
    try {
      closeReader();
      directory.close();
    } catch (IOException e) {
      throw BenchFailure.file(folder, e);
    }
  }
}
