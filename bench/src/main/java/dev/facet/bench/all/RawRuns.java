package dev.facet.bench.all;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import com.google.gson.Gson;
import com.sun.management.OperatingSystemMXBean;
import dev.facet.inference.onnx.CudaTuning;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime and nothing else, in a process of its own: a graph of bytes is run again and again
 * by sessions that share nothing, and what it takes is told. Whatever a service that runs the same
 * graph takes beyond that is its own.
 *
 * <p>Arguments: the graph's file, height and width of its pictures, and for CUDA the order of
 * numbers in convolutions, {@code nchw} or {@code nhwc}. Each line of input is a command, {@code
 * sessions threads callers items seconds}, answered by a {@link RawCost} as a line of JSON.
 * Sessions stay open from one command to the next.
 */
final class RawRuns {

  private static final double WARM_UP = 0.3; // of the measured time

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final Map<Integer, List<OrtSession>> open = new HashMap<>();
  private final String graph;
  private final int height;
  private final int width;
  private final @Nullable CudaTuning cuda;

  private RawRuns(String graph, int height, int width, @Nullable CudaTuning cuda) {
    this.graph = graph;
    this.height = height;
    this.width = width;
    this.cuda = cuda;
  }

  public static void main(String[] arguments) throws Exception {
    RawRuns runs =
        new RawRuns(
            arguments[0],
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            arguments.length > 3 ? tuning(arguments[3].equals("nhwc")) : null);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Gson gson = new Gson();
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      List<String> words = List.of(line.split(" ", -1));
      RawCost cost =
          runs.cost(
              Integer.parseInt(words.get(0)),
              Integer.parseInt(words.get(1)),
              Integer.parseInt(words.get(2)),
              Integer.parseInt(words.get(3)),
              Double.parseDouble(words.get(4)));
      System.out.println(gson.toJson(cost));
    }
  }

  private static CudaTuning tuning(boolean channelsLast) {
    CudaTuning standard = CudaTuning.standard();
    return new CudaTuning(channelsLast, standard.search(), standard.memoryBytes(), standard.tf32());
  }

  private RawCost cost(int sessions, int threads, int callers, int items, double seconds)
      throws Exception {
    List<OrtSession> each = sessions(sessions, threads);
    List<OrtSession> used = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      used.addAll(each);
    }
    for (OrtSession session : each) {
      var _ = new Loop(session, items, 0).call(); // a shape's first run plans its memory
    }
    run(used, items, WARM_UP * seconds);
    long cpu = processNanos();
    long start = System.nanoTime();
    List<Long> nanos = run(used, items, seconds);
    double elapsed = System.nanoTime() - start;
    double done = (double) nanos.size() * items;
    return new RawCost(
        sessions,
        threads,
        callers,
        items,
        done / (elapsed / 1e9),
        (processNanos() - cpu) / 1e6 / done,
        nanos.stream().sorted().toList().get(nanos.size() / 2) / 1e6);
  }

  private List<OrtSession> sessions(int number, int threads) throws OrtException {
    List<OrtSession> all = open.computeIfAbsent(threads, _ -> new ArrayList<>());
    while (all.size() < number) {
      SessionOptions options = new SessionOptions(); // must outlive the session
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      if (cuda != null) {
        onCuda(options, cuda);
      }
      all.add(environment.createSession(graph, options));
    }
    return all.subList(0, number);
  }

  private static void onCuda(SessionOptions options, CudaTuning tuning) throws OrtException {
    try (OrtCUDAProviderOptions provider = new OrtCUDAProviderOptions(0)) {
      for (Map.Entry<String, String> option : tuning.options().entrySet()) {
        provider.add(option.getKey(), option.getValue());
      }
      options.addCUDA(provider);
    }
    options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
  }

  /** Nanoseconds of each run. */
  private List<Long> run(List<OrtSession> sessions, int items, double seconds) throws Exception {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    List<Loop> loops = new ArrayList<>();
    for (OrtSession session : sessions) {
      loops.add(new Loop(session, items, end));
    }
    List<Long> nanos = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions.size())) {
      for (Future<List<Long>> loop : threads.invokeAll(loops)) {
        nanos.addAll(loop.get());
      }
    }
    return nanos;
  }

  /** One session's runs until then; one at least. Input and output lie where they lie. */
  private final class Loop implements java.util.concurrent.Callable<List<Long>> {
    private final OrtSession session;
    private final int items;
    private final long end;

    Loop(OrtSession session, int items, long end) {
      this.session = session;
      this.items = items;
      this.end = end;
    }

    @Override
    public List<Long> call() throws OrtException {
      byte[] noise = new byte[items * height * width * 3];
      new Random(items).nextBytes(noise);
      ByteBuffer pixels = ByteBuffer.allocateDirect(noise.length).put(noise).clear();
      long[] shape = {items, height, width, 3};
      List<Long> nanos = new ArrayList<>();
      try (OnnxTensor tensor =
          OnnxTensor.createTensor(environment, pixels, shape, OnnxJavaType.UINT8)) {
        Map<String, OnnxTensor> inputs = Map.of(session.getInputNames().iterator().next(), tensor);
        do {
          long start = System.nanoTime();
          session.run(inputs).close();
          nanos.add(System.nanoTime() - start);
        } while (System.nanoTime() < end);
      }
      return nanos;
    }
  }

  private static long processNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
