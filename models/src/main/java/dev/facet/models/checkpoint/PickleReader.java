package dev.facet.models.checkpoint;

import dev.facet.models.checkpoint.Pickled.Function;
import dev.facet.models.checkpoint.Pickled.None;
import dev.facet.models.checkpoint.Pickled.Tuple;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads pickles of protocols 2 to 4 and runs nothing that they name.
 *
 * <p>A pickle is a program for a stack machine. Two of its instructions make it dangerous: GLOBAL
 * (and its twin STACK_GLOBAL) fetches any function of any module, REDUCE calls it. Here GLOBAL asks
 * {@link Names}, a closed list, and what comes back is a value or one of our own functions over
 * plain values; REDUCE can call nothing else. BUILD, which in Python may run a class's own code, is
 * taken for dictionaries only, its argument dropped. INST, OBJ, NEWOBJ and EXT, which make objects
 * of classes, and all that weights do not need, are refused by name.
 *
 * <p>Memory is bounded by charging each new object, slot and string to a budget of the pickle's
 * own, not of the file's size: a state dict of ten thousand tensors takes a twentieth of it. A
 * pickle can name one object many times, so that a few hundred bytes describe a structure of 2^100
 * leaves, or one that contains itself. Nothing here or after walks such a structure: keys of
 * dictionaries are numbers and strings, whose hash does not descend; values are never compared or
 * printed; and {@link StateDict} looks at fixed depths only.
 */
final class PickleReader {

  static final int MOST_INSTRUCTIONS = 2_000_000;
  static final long MOST_BYTES = 64 << 20;

  private static final int OBJECT_BYTES = 64;
  private static final int DICTIONARY_BYTES = 128;
  private static final int SLOT_BYTES = 8;
  private static final int OLDEST_PROTOCOL = 2;
  private static final int NEWEST_PROTOCOL = 4;

  /** The classes, functions and outside objects that a pickle may name. */
  interface Names {

    /**
     * What a name of Python stands for.
     *
     * @throws CheckpointException if it is not on the list
     */
    Object find(String module, String name);

    /** The object outside the pickle that an id stands for. */
    Object outside(Object id);
  }

  private final PickleInput in;
  private final Budget budget;
  private final Names names;
  private final PickleStack stack = new PickleStack();
  private final Map<Long, Object> memo = new HashMap<>();

  private PickleReader(PickleInput in, Budget budget, Names names) {
    this.in = in;
    this.budget = budget;
    this.names = names;
  }

  /**
   * Reads one pickle and leaves the input behind its end.
   *
   * @param budget pays for the objects
   * @throws CheckpointException if the pickle is malformed, too large, or wants more than this
   *     reader gives
   */
  static Object read(PickleInput in, Budget budget, Names names) throws IOException {
    return new PickleReader(in, budget, names).run();
  }

  private Object run() throws IOException {
    for (int instructions = 0; instructions < MOST_INSTRUCTIONS; instructions++) {
      long at = in.position();
      int code = in.unsignedByte();
      Opcode opcode =
          Opcode.of(code)
              .orElseThrow(
                  () ->
                      new CheckpointException(
                          "byte %d of the pickle, 0x%02x, is no instruction".formatted(at, code)));
      if (opcode == Opcode.STOP) {
        return stack.pop(Object.class);
      }
      execute(opcode, at);
    }
    throw new CheckpointException(
        "a pickle of more than %,d instructions".formatted(MOST_INSTRUCTIONS));
  }

  private void execute(Opcode opcode, long at) throws IOException {
    switch (opcode) {
      case PROTO -> protocol(in.unsignedByte());
      case FRAME -> in.signedLong();
      case MARK -> stack.mark();
      case NONE -> stack.push(None.NONE);
      case NEWTRUE -> stack.push(true);
      case NEWFALSE -> stack.push(false);
      case BININT -> push((long) in.signedInt(), OBJECT_BYTES);
      case BININT1 -> push((long) in.unsignedByte(), OBJECT_BYTES);
      case BININT2 -> push((long) in.unsignedShort(), OBJECT_BYTES);
      case LONG1 -> push(narrowed(in.integer(in.unsignedByte())), OBJECT_BYTES);
      case BINFLOAT -> push(in.bigEndianDouble(), OBJECT_BYTES);
      case SHORT_BINSTRING, SHORT_BINUNICODE -> push(in.text(in.unsignedByte()), OBJECT_BYTES);
      case BINSTRING, BINUNICODE -> push(in.text(in.unsignedInt()), OBJECT_BYTES);
      case BINUNICODE8 -> push(in.text(in.signedLong()), OBJECT_BYTES);
      case EMPTY_TUPLE -> push(new Tuple(List.of()), OBJECT_BYTES);
      case TUPLE1 -> tuple(stack.size() - 1);
      case TUPLE2 -> tuple(stack.size() - 2);
      case TUPLE3 -> tuple(stack.size() - 3);
      case TUPLE -> tuple(stack.unmark());
      case EMPTY_LIST -> push(new ArrayList<>(0), OBJECT_BYTES);
      case APPEND -> append(stack.size() - 1);
      case APPENDS -> append(stack.unmark());
      case EMPTY_DICT -> push(new LinkedHashMap<>(0), DICTIONARY_BYTES);
      case SETITEM -> put(stack.size() - 2);
      case SETITEMS -> put(stack.unmark());
      case BINGET -> stack.push(remembered(in.unsignedByte()));
      case LONG_BINGET -> stack.push(remembered(in.unsignedInt()));
      case BINPUT -> remember(in.unsignedByte());
      case LONG_BINPUT -> remember(in.unsignedInt());
      case MEMOIZE -> remember(memo.size());
      case GLOBAL -> push(names.find(in.line(), in.line()), OBJECT_BYTES);
      case STACK_GLOBAL -> {
        String name = stack.pop(String.class);
        push(names.find(stack.pop(String.class), name), OBJECT_BYTES);
      }
      case BINPERSID -> push(names.outside(stack.pop(Object.class)), OBJECT_BYTES);
      case REDUCE -> {
        Tuple arguments = stack.pop(Tuple.class);
        push(stack.pop(Function.class).call(arguments), DICTIONARY_BYTES);
      }
      case BUILD -> {
        stack.pop(Object.class);
        // Attributes of an ordered dictionary: torch keeps the versions of its modules there.
        stack.at(stack.size() - 1, Map.class);
      }
      default ->
          throw new CheckpointException(
              "the pickle's instruction %s at byte %d is none that weights need"
                  .formatted(opcode, at));
    }
  }

  private static void protocol(int version) {
    if (version < OLDEST_PROTOCOL || version > NEWEST_PROTOCOL) {
      throw new CheckpointException(
          "pickle protocol %d; known are %d to %d"
              .formatted(version, OLDEST_PROTOCOL, NEWEST_PROTOCOL));
    }
  }

  private static Object narrowed(BigInteger integer) {
    return integer.bitLength() < Long.SIZE ? (Object) integer.longValue() : integer;
  }

  private void tuple(int from) {
    List<Object> items = List.copyOf(stack.above(from));
    stack.drop(from);
    push(new Tuple(items), OBJECT_BYTES + SLOT_BYTES * (long) items.size());
  }

  private void append(int from) {
    List<Object> items = stack.above(from);
    @SuppressWarnings("unchecked")
    List<Object> list = (List<Object>) stack.at(from - 1, List.class);
    budget.take(2L * SLOT_BYTES * items.size(), "a list");
    list.addAll(items);
    stack.drop(from);
  }

  private void put(int from) {
    List<Object> items = stack.above(from);
    @SuppressWarnings("unchecked")
    Map<Object, Object> dictionary = (Map<Object, Object>) stack.at(from - 1, Map.class);
    if (items.size() % 2 != 0) {
      throw new CheckpointException("a key without a value in the pickle");
    }
    budget.take((long) OBJECT_BYTES * items.size(), "a dictionary");
    for (int i = 0; i < items.size(); i += 2) {
      dictionary.put(key(items.get(i)), items.get(i + 1));
    }
    stack.drop(from);
  }

  private static Object key(Object key) {
    return switch (key) {
      case String _, Long _, BigInteger _, Boolean _, Double _, None _ -> key;
      default -> throw new CheckpointException("a key that is neither text nor number");
    };
  }

  private void remember(long index) {
    if (memo.put(index, stack.at(stack.size() - 1, Object.class)) == null) {
      budget.take(OBJECT_BYTES, "the memo");
    }
  }

  private Object remembered(long index) {
    @Nullable Object value = memo.get(index);
    if (value == null) {
      throw new CheckpointException("the pickle has no memo %d".formatted(index));
    }
    return value;
  }

  private void push(Object value, long bytes) {
    budget.take(bytes, "the pickle");
    stack.push(value);
  }
}
