package dev.facet.gateway.gallery.scan;

import static dev.facet.gateway.ledger.Samples.MODEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.facet.gateway.gallery.Entry;
import dev.facet.gateway.gallery.Gallery;
import dev.facet.gateway.gallery.Hit;
import dev.facet.gateway.gallery.Query;
import dev.facet.gateway.ledger.CollectionKey;
import dev.facet.gateway.ledger.FaceCollection;
import dev.facet.gateway.ledger.FaceKeys;
import dev.facet.gateway.ledger.Samples;
import dev.facet.gateway.ledger.UnitVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shelves large enough for codes give the answers that comparing every vector gives. */
class CodedScanTest {
  private static final int FACES = 12_000;

  private final Random random = new Random(seed());
  private final Gallery gallery = ScanGallery.inMemory();
  private final List<Entry> faces = new ArrayList<>();
  private final Set<Long> removed = new HashSet<>();

  private static long seed() {
    long seed = System.nanoTime();
    System.out.println("CodedScanTest: seed " + seed);
    return seed;
  }

  private static FaceCollection collection(int dimension) {
    CollectionKey key = new CollectionKey("default", "people");
    return new FaceCollection(
        1, key, MODEL, dimension, Samples.DETAILS, Instant.EPOCH, Instant.EPOCH);
  }

  /** A person's photo: about 1.0 from the others of the person, squared, as embeddings are. */
  private UnitVector photo(UnitVector person) {
    UnitVector noise = Samples.vector(random, person.dimension());
    float[] values = person.values();
    double square = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] += 0.9f * noise.value(i);
      square += (double) values[i] * values[i];
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= (float) Math.sqrt(square);
    }
    return UnitVector.of(values);
  }

  /** A common direction gives the faces a mean that is not zero, as embeddings have. */
  private FaceCollection fill(int dimension) {
    FaceCollection people = collection(dimension);
    gallery.open(people);
    UnitVector person = Samples.vector(random, dimension);
    for (int i = 0; i < FACES; i++) {
      person = i % 4 == 0 ? Samples.vector(random, dimension) : person;
      faces.add(new Entry(3L * i + 1, photo(person)));
      if (faces.size() % 3_000 == 0) {
        gallery.upsert(people, faces.subList(faces.size() - 3_000, faces.size()));
      }
    }
    for (int i = 0; i < 400; i++) {
      removed.add(faces.get(random.nextInt(FACES)).key());
    }
    gallery.delete(people, List.copyOf(removed));
    return people;
  }

  private List<Hit> expected(UnitVector query, int limit, float max, Set<Long> among) {
    return faces.stream()
        .filter(face -> !removed.contains(face.key()))
        .filter(face -> among.isEmpty() || among.contains(face.key()))
        .map(face -> new Hit(face.key(), (float) face.vector().squaredDistance(query)))
        .filter(hit -> hit.squaredDistance() <= max)
        .sorted(Comparator.comparingDouble(Hit::squaredDistance).thenComparingLong(Hit::key))
        .limit(limit)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 128, 512})
  void everyoneWithinADistanceIsFound(int dimension) {
    FaceCollection people = fill(dimension);
    for (int i = 0; i < 40; i++) {
      UnitVector query = photo(faces.get(random.nextInt(FACES)).vector());
      for (int limit : new int[] {1, 10, 200, FACES}) {
        for (float max : new float[] {1.25f, 1.9f}) {
          assertSame(
              gallery.search(people, new Query(query, MODEL, limit, max, Optional.empty())),
              expected(query, limit, max, Set.of()));
        }
      }
    }
  }

  /** The same distances; where two faces are as near as float32 tells, either may be the last. */
  private static void assertSame(List<Hit> hits, List<Hit> expected) {
    assertThat(hits).hasSameSizeAs(expected);
    for (int i = 0; i < hits.size(); i++) {
      assertThat(hits.get(i).squaredDistance())
          .isCloseTo(expected.get(i).squaredDistance(), within(1e-6f));
    }
  }

  /** Of the last ones, strangers all at nearly the same distance, a very few may be others. */
  @ParameterizedTest
  @ValueSource(ints = {128, 512})
  void nearestOfAllAreFound(int dimension) {
    FaceCollection people = fill(dimension);
    int expected = 0;
    int found = 0;
    for (int i = 0; i < 100; i++) {
      UnitVector query = photo(faces.get(random.nextInt(FACES)).vector());
      List<Hit> nearest = expected(query, 10, 4, Set.of());
      List<Hit> hits = gallery.search(people, new Query(query, MODEL, 10, 4, Optional.empty()));
      assertThat(hits).hasSize(10).startsWith(nearest.getFirst());
      expected += nearest.size();
      found += (int) nearest.stream().filter(hits::contains).count();
    }
    assertThat(found).isGreaterThanOrEqualTo(expected - 3);
  }

  @Test
  void filtersOfAnySizeAreKept() {
    FaceCollection people = fill(256);
    for (int size : new int[] {1, 50, 5_000}) {
      Set<Long> among = new HashSet<>();
      while (among.size() < size) {
        among.add(faces.get(random.nextInt(FACES)).key());
      }
      FaceKeys keys =
          FaceKeys.of(LongStream.concat(among.stream().mapToLong(k -> k), LongStream.of(2)));
      UnitVector query = photo(faces.get(random.nextInt(FACES)).vector());
      assertThat(gallery.search(people, new Query(query, MODEL, 10, 4, Optional.of(keys))))
          .isEqualTo(expected(query, 10, 4, among));
    }
  }

  @Test
  void bothKernelsSayTheSame() {
    FaceCollection people = fill(512);
    assertThat(Kernel.BEST).isInstanceOf(SimdKernel.class);
    Kernel plain = new PlainKernel();
    UnitVector query = photo(faces.getFirst().vector());
    float[] mean = new float[512];
    CodedQuery coded = new CodedQuery(query.values(), mean, true);
    Codes codes = Codes.empty(512);
    for (int face = 0; face < Block.FACES - 1; face++) {
      codes.write(face, faces.get(face).vector().values());
    }
    codes.erase(17);
    int[] sums = new int[Block.FACES];
    int[] plainSums = new int[Block.FACES];
    Kernel.BEST.sums(codes.high(), coded.planes(), sums);
    plain.sums(codes.high(), coded.planes(), plainSums);
    assertThat(sums).isEqualTo(plainSums);
    for (int dimension : new int[] {512, 128}) {
      long[][] planes = planes(dimension);
      long[] bits = planes[1];
      assertThat(Kernel.BEST.sum(bits, 0, planes)).isEqualTo(plain.sum(bits, 0, planes));
    }
    float[] bounds = new float[Block.FACES];
    float[] plainBounds = new float[Block.FACES];
    float least = Kernel.BEST.bounds(coded, codes, sums, bounds);
    assertThat(plain.bounds(coded, codes, sums, plainBounds)).isCloseTo(least, within(1e-4f));
    for (int face = 0; face < Block.FACES; face++) {
      assertThat(bounds[face]).isCloseTo(plainBounds[face], withinPercentage(0.01));
    }
    assertThat(bounds[17]).isGreaterThan(1e6f);
    assertThat(bounds[Block.FACES - 1]).isGreaterThan(1e6f);
    assertThat(gallery.count(people)).isPositive();
  }

  private long[][] planes(int dimension) {
    SplittableRandom bits = new SplittableRandom(dimension);
    return Stream.generate(() -> bits.longs(dimension / Long.SIZE).toArray())
        .limit(4)
        .toArray(long[][]::new);
  }
}
