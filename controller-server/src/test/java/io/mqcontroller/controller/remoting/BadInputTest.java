package io.mqcontroller.controller.remoting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every field of every request missing, null or absurd: a coded answer that names it, and the use case never hears of it. */
class BadInputTest {
    private static final String SET = "{\"syncStateSet\":[1,2],\"syncStateSetEpoch\":7}";

    private static final List<String> NO_NAMES =
            List.of("", "   ", "a\nb", "a\u0000", "x".repeat(256), "x".repeat(5000));
    private static final List<String> NO_ADDRESSES =
            List.of("", "x", ":1", "h:", "h:0", "h:65536", "h:1x", "h h:1", "http://h:1", "h:999999", "\u0007:1");
    private static final List<String> NO_NUMBERS = List.of("", "x", "1;x", "1.5", "99999999999999999999", "true");
    private static final List<String> NO_IDS = plus(NO_NUMBERS, "0", "-1", "-9223372036854775808");
    private static final List<String> NO_INTS_FROM_MINUS_ONE = plus(NO_NUMBERS, "-2", "2147483648");
    private static final List<String> NO_OFFSETS = plus(NO_NUMBERS, "-2");
    private static final List<String> NO_EPOCHS = plus(NO_NUMBERS, "-1", "2147483648");
    private static final List<String> NO_FLAGS = List.of("", "yes", "1", "TRUE ", "null");

    /**
     * @param required a request without it is refused
     * @param absurd values that are refused
     */
    private record Rule(String field, String good, boolean required, List<String> absurd) {}

    private record Shape(int code, int refusedWith, String body, List<Rule> rules) {}

    private static final List<Shape> SHAPES = List.of(
            new Shape(
                    904,
                    2005,
                    "",
                    List.of(
                            new Rule("clusterName", "C", true, NO_NAMES),
                            new Rule("brokerName", "b", true, NO_NAMES),
                            new Rule("brokerAddr", "127.0.0.1:10911", true, NO_ADDRESSES),
                            new Rule("brokerId", "1", true, NO_IDS),
                            new Rule("epoch", "3", false, NO_INTS_FROM_MINUS_ONE),
                            new Rule("maxOffset", "100", false, NO_OFFSETS),
                            new Rule("confirmOffset", "90", false, NO_OFFSETS),
                            new Rule("heartbeatTimeoutMills", "10000", false, plus(NO_NUMBERS, "0", "-1")),
                            new Rule(
                                    "electionPriority",
                                    "2147483647",
                                    false,
                                    plus(NO_NUMBERS, "2147483648", "-2147483649")))),
            new Shape(
                    1001,
                    2005,
                    SET,
                    List.of(
                            new Rule("brokerName", "b", true, NO_NAMES),
                            new Rule("clusterName", "C", false, NO_NAMES.subList(1, NO_NAMES.size())),
                            new Rule("masterBrokerId", "1", true, NO_IDS),
                            new Rule("masterEpoch", "3", true, NO_EPOCHS))),
            new Shape(
                    1002,
                    2005,
                    "",
                    List.of(
                            new Rule("brokerName", "b", true, NO_NAMES),
                            new Rule("clusterName", "C", false, NO_NAMES.subList(1, NO_NAMES.size())),
                            new Rule("brokerId", "1", false, plus(NO_NUMBERS, "0", "-2")),
                            new Rule("designateElect", "false", false, NO_FLAGS))),
            new Shape(
                    1003,
                    2005,
                    "",
                    List.of(
                            new Rule("clusterName", "C", true, NO_NAMES),
                            new Rule("brokerName", "b", true, NO_NAMES),
                            new Rule("brokerId", "1", true, NO_IDS),
                            new Rule("brokerAddress", "127.0.0.1:10911", true, NO_ADDRESSES))),
            new Shape(1004, 2005, "", List.of(new Rule("brokerName", "b", true, NO_NAMES))),
            new Shape(
                    1011,
                    2009,
                    "",
                    List.of(
                            new Rule("brokerName", "b", true, NO_NAMES),
                            new Rule("clusterName", "C", false, NO_NAMES.subList(1, NO_NAMES.size())),
                            new Rule(
                                    "brokerControllerIdsToClean",
                                    "1;2",
                                    false,
                                    List.of("", ";", "1;", ";1", "1;x", "1,2", "0", "-1", "1; 2", "9".repeat(19), "١")),
                            new Rule("isCleanLivingBroker", "false", false, NO_FLAGS))),
            new Shape(
                    1012,
                    2005,
                    "",
                    List.of(new Rule("clusterName", "C", true, NO_NAMES), new Rule("brokerName", "b", true, NO_NAMES))),
            new Shape(
                    1013,
                    2005,
                    "",
                    List.of(
                            new Rule("clusterName", "C", true, NO_NAMES),
                            new Rule("brokerName", "b", true, NO_NAMES),
                            new Rule("appliedBrokerId", "1", true, NO_IDS),
                            new Rule(
                                    "registerCheckCode",
                                    "127.0.0.1:10911;1700000000000",
                                    true,
                                    List.of("", "x", ";", "x;1", "127.0.0.1:10911", "x".repeat(5000))))));

    static Stream<Arguments> codesAndTypes() {
        return SHAPES.stream()
                .flatMap(shape -> Stream.of(HeaderType.values()).map(type -> Arguments.of(shape.code(), type)));
    }

    @ParameterizedTest
    @MethodSource("codesAndTypes")
    void aSoundRequestReachesItsUseCase(int code, HeaderType type) {
        Shape shape = shape(code);
        TestConnection connection = new TestConnection();

        ReceivedAnswer answer = connection.call(request(type, shape, good(shape)));

        assertEquals(0, answer.code(), answer.remark());
        assertEquals(type, answer.type());
        assertEquals(1, connection.service.calls.size());
    }

    @ParameterizedTest
    @MethodSource("codesAndTypes")
    void aMissingFieldIsNamedUnlessItIsOptional(int code, HeaderType type) {
        Shape shape = shape(code);
        for (Rule rule : shape.rules()) {
            TestConnection connection = new TestConnection();
            Map<String, String> fields = good(shape);
            fields.remove(rule.field());

            ReceivedAnswer answer = connection.call(request(type, shape, fields));

            if (rule.required()) {
                assertRefused(connection, answer, shape, rule.field(), "missing");
            } else {
                assertEquals(0, answer.code(), rule.field());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("codesAndTypes")
    void anAbsurdValueIsNamed(int code, HeaderType type) {
        Shape shape = shape(code);
        for (Rule rule : shape.rules()) {
            for (String absurd : rule.absurd()) {
                // An empty value is none at all in a binary header.
                boolean refused = type == HeaderType.JSON || !absurd.isEmpty() || rule.required();
                TestConnection connection = new TestConnection();
                Map<String, String> fields = good(shape);
                fields.put(rule.field(), absurd);

                ReceivedAnswer answer = connection.call(request(type, shape, fields));

                if (refused) {
                    assertRefused(connection, answer, shape, rule.field(), absurd);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[1]", "[[]]"})
    void aFieldThatIsNoTextInJsonIsRefusedOrMissing(String value) {
        for (Shape shape : SHAPES) {
            for (Rule rule : shape.rules()) {
                if (rule.required()) {
                    TestConnection connection = new TestConnection();
                    StringBuilder fields = new StringBuilder("\"" + rule.field() + "\":" + value);
                    good(shape).forEach((name, good) -> {
                        if (!name.equals(rule.field())) {
                            fields.append(",\"" + name + "\":\"" + good + "\"");
                        }
                    });

                    ReceivedAnswer answer = connection.call(Frames.json(
                            "{\"code\":" + shape.code() + ",\"opaque\":1,\"extFields\":{" + fields + "}}",
                            shape.body()));

                    assertRefused(connection, answer, shape, rule.field(), value);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "[1,2]",
                "{}",
                "{\"syncStateSet\":[1]}",
                "{\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":null,\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":{},\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":[null],\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":[1,\"2\"],\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":[1.5],\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":[0],\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":[-1],\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":[99999999999999999999],\"syncStateSetEpoch\":7}",
                "{\"syncStateSet\":[1],\"syncStateSetEpoch\":null}",
                "{\"syncStateSet\":[1],\"syncStateSetEpoch\":\"7\"}",
                "{\"syncStateSet\":[1],\"syncStateSetEpoch\":-1}",
                "{\"syncStateSet\":[1],\"syncStateSetEpoch\":2147483648}",
                "{\"syncStateSet\":[1],\"syncStateSetEpoch\":7}x",
                "{\"syncStateSet\":[1],\"syncStateSetEpoch\":7",
                "{\"syncStateSet\":[1],\"syncStateSetEpoch\":7}{}",
                "{\"x\":[[[[[[[[[[[[1]]]]]]]]]]]]}",
            })
    void aBodyOf1001ThatIsNoSyncStateSetIsRefused(String body) {
        TestConnection connection = new TestConnection();
        Shape shape = shape(1001);

        ReceivedAnswer answer = connection.call(Frames.request(HeaderType.JSON, 1001, 9, body, flat(good(shape))));

        assertEquals(2005, answer.code());
        assertFalse(answer.remark().isEmpty());
        assertEquals(List.of(), connection.service.calls);
        assertTrue(connection.channel.isOpen());
    }

    @Test
    void aSetOfAbsurdSizeIsRefused() {
        StringBuilder ids = new StringBuilder("1");
        for (int id = 2; id <= 1001; id++) {
            ids.append(',').append(id);
        }
        TestConnection connection = new TestConnection();
        String body = "{\"syncStateSet\":[" + ids + "],\"syncStateSetEpoch\":7}";
        assertEquals(
                2005,
                connection
                        .call(Frames.request(HeaderType.JSON, 1001, 9, body, flat(good(shape(1001)))))
                        .code());
        assertEquals(List.of(), connection.service.calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{}", "[]", "null", "[1]", "[null]", "[\"a\"", "[\"a\"]x", "[[\"a\"]]"})
    void aBodyOf1006ThatIsNoListOfNamesIsRefused(String body) {
        TestConnection connection = new TestConnection();
        assertEquals(
                1,
                connection.call(Frames.request(HeaderType.JSON, 1006, 9, body)).code());
        assertEquals(List.of(), connection.service.calls);
    }

    @Test
    void aDesignatedElectionNeedsAnId() {
        for (String id : List.of("-1", "0")) {
            TestConnection connection = new TestConnection();
            ReceivedAnswer answer = connection.call(Frames.request(
                    HeaderType.JSON, 1002, 9, "", "brokerName", "b", "brokerId", id, "designateElect", "true"));
            assertRefused(connection, answer, shape(1002), "brokerId", id);
        }
    }

    @Test
    void aRefusedHeartbeatIsNotAnsweredWhenOneway() {
        TestConnection connection = new TestConnection();
        assertNull(connection.call(Frames.message(HeaderType.JSON, 904, 1, 2, "", "brokerName", "b")));
        assertEquals(List.of(), connection.service.calls);
        assertEquals(List.of(2005), connection.responseCodes);
        assertTrue(connection.channel.isOpen());
    }

    @Test
    void damagedRequestsAreAnsweredByCodeOrCutAndNeverReachAUseCaseAsNonsense() {
        int answered = 0;
        int cut = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            Shape shape = SHAPES.get(random.nextInt(SHAPES.size()));
            ByteBuf bytes = request(HeaderType.values()[random.nextInt(2)], shape, good(shape));
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes.setByte(4 + random.nextInt(bytes.writerIndex() - 4), random.nextInt(256));
            }
            TestConnection connection = new TestConnection();
            boolean open = connection.send(bytes);
            connection.channel.checkException();
            answered += connection.receive() == null ? 0 : 1;
            cut += open ? 0 : 1;
            assertTrue(connection.cuts.size() <= 1, "seed " + seed);
            connection.channel.close();
        }
        assertTrue(answered > 5_000, "answered " + answered);
        assertTrue(cut > 2_000, "cut " + cut);
    }

    private static void assertRefused(
            TestConnection connection, ReceivedAnswer answer, Shape shape, String field, String value) {
        String what = shape.code() + " " + field + "=" + value;
        assertNotNull(answer, what);
        assertEquals(shape.refusedWith(), answer.code(), what);
        assertTrue(answer.remark().contains(field), what + ": " + answer.remark());
        assertEquals(List.of(), connection.service.calls, what);
        assertTrue(connection.channel.isOpen(), what);
    }

    private static Shape shape(int code) {
        return SHAPES.stream().filter(shape -> shape.code() == code).findFirst().orElseThrow();
    }

    private static Map<String, String> good(Shape shape) {
        Map<String, String> fields = new LinkedHashMap<>();
        shape.rules().forEach(rule -> fields.put(rule.field(), rule.good()));
        return fields;
    }

    private static ByteBuf request(HeaderType type, Shape shape, Map<String, String> fields) {
        return Frames.request(type, shape.code(), 9, shape.body(), flat(fields));
    }

    private static String[] flat(Map<String, String> fields) {
        List<String> flat = new ArrayList<>();
        fields.forEach((name, value) -> {
            flat.add(name);
            flat.add(value);
        });
        return flat.toArray(String[]::new);
    }

    private static List<String> plus(List<String> values, String... more) {
        return Stream.concat(values.stream(), Stream.of(more)).toList();
    }
}
